// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the user may choose at run time: HEAPFENCE_OPTIONS.
// Called from: start-up.

#ifndef HEAPFENCE_OPTIONS_H
#define HEAPFENCE_OPTIONS_H

#include "site_choice.h"
#include "writer.h"

namespace heapfence {

enum class Placement : uint8_t { Left, Right, Random };
enum class GuardMode : uint8_t { Auto, Markers, Mprotect };
enum class UnwindMode : uint8_t { Auto, Cfi, FramePointer, None };
enum class ReportStyle : uint8_t { Default, Asan, Kfence, Markup };
enum class OnError : uint8_t { Continue, Abort, Exit };

inline constexpr size_t MaxOptionPath = 512; ///< Bytes, terminator included.

struct Options {
#define HF_FLAG(Name, Default, Prose) bool Name = Default;
#define HF_NUMBER(Name, Default, Min, Max, Unit, Prose) uint64_t Name = Default;
#define HF_PERCENT(Name, Default, Prose) uint32_t Name = Default;
#define HF_CHOICE(Name, Type, Default, Values, Prose) Type Name = Type::Default;
#define HF_PATH(Name, Prose) char Name[MaxOptionPath] = "";
#define HF_SITE(Name, Prose) SiteChoice Name;
#include "options.def"
};

/// Applies `Text`, items `name=value` separated by ':', ',' or white space; a
/// value in single or double quotes may contain those, and that of a HF_SITE
/// has ':' before its numbers. A bad item leaves its
/// option as it was and adds one line to `Errors`, led by `LinePrefix`.
/// `IsSecure`: the process runs with somebody else's rights; paths are ignored.
void parseOptions(const char *Text, bool IsSecure, const char *LinePrefix,
                  Options &Result, Writer &Errors);

/// Appends the list of options: name, unit, default, prose, one line each.
void describeOptions(Writer &Out);

} // namespace heapfence

#endif // HEAPFENCE_OPTIONS_H
