// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Values in what assemblers write.

#include "core.h"

#include <stdlib.h>
#include <string>

namespace heapfence {
namespace arch {

std::optional<uint64_t> valueOf(std::string_view Text, const ThreadStatus *At) {
  for (unsigned I = 0; At && I != At->Count; ++I)
    if (Text == At->General[I].Name)
      return At->General[I].Value;
  if (Text.starts_with('#'))
    Text.remove_prefix(1);
  const std::string Number(Text);
  char *End;
  const uint64_t Value = strtoull(Number.c_str(), &End, /*base=*/0);
  if (Number.empty() || *End)
    return std::nullopt;
  return Value;
}

} // namespace arch
} // namespace heapfence
