// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The pass's options on the command line and in a pipeline text.

#include "PassOptions.h"
#include "llvm/Support/CommandLine.h"

using namespace llvm;

namespace heapfence {

// Pointers, not static objects: constructing a cl::opt in an LLVM of another
// version crashes it before any version check could run.
#define PASS_OPTION(Type, Member, Name, Default, Prose)                        \
  static cl::opt<Type> *Member##Option;
#include "PassOptions.def"

void registerCommandLineOptions() {
#define PASS_OPTION(Type, Member, Name, Default, Prose)                        \
  Member##Option = new cl::opt<Type>("heapfence-" Name, cl::desc(Prose),       \
                                     cl::init(Default));
#include "PassOptions.def"
}

PassOptions commandLineOptions() {
  PassOptions Options;
#define PASS_OPTION(Type, Member, Name, Default, Prose)                        \
  if (Member##Option)                                                          \
    Options.Member = *Member##Option;
#include "PassOptions.def"
  return Options;
}

static bool parseValue(StringRef Text, std::string &Value) {
  Value = Text.str();
  return !Text.empty();
}

static bool parseValue(StringRef Text, bool &Value) {
  Value = Text.empty() || Text == "1" || Text == "true";
  return Value || Text == "0" || Text == "false";
}

bool parsePipelineParameters(StringRef Text, PassOptions &Options,
                             std::string &Error) {
  while (!Text.empty()) {
    auto [Item, Rest] = Text.split(';');
    Text = Rest;
    auto [Name, Value] = Item.split('=');
    bool IsKnown = false, IsValid = false;
#define PASS_OPTION(Type, Member, OptionName, Default, Prose)                  \
  if (Name == OptionName) {                                                    \
    IsKnown = true;                                                            \
    IsValid = parseValue(Value, Options.Member);                               \
  }
#include "PassOptions.def"
    if (!IsKnown)
      Error = ("unknown option '" + Name + "'").str();
    else if (!IsValid)
      Error = ("invalid value '" + Value + "' for option '" + Name + "'").str();
    if (!Error.empty())
      return false;
  }
  return true;
}

} // namespace heapfence
