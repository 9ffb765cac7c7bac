// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a user may choose about the instrumentation.

#ifndef HEAPFENCE_PASS_PASSOPTIONS_H
#define HEAPFENCE_PASS_PASSOPTIONS_H

#include "llvm/ADT/StringRef.h"
#include <string>

namespace heapfence {

struct PassOptions {
#define PASS_OPTION(Type, Member, Name, Default, Prose) Type Member = Default;
#include "PassOptions.def"
};

/// Makes the command line options of this process's LLVM known to it. Call it
/// once, and only in the LLVM version that this plugin was built for.
void registerCommandLineOptions();

/// The options as the command line gave them.
PassOptions commandLineOptions();

/// Applies the parameters of `heapfence<name=value;name>` to `Options`.
/// Returns: false, with a message in `Error`, for an unknown name or value.
bool parsePipelineParameters(llvm::StringRef Text, PassOptions &Options,
                             std::string &Error);

} // namespace heapfence

#endif // HEAPFENCE_PASS_PASSOPTIONS_H
