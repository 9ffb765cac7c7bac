// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Reading and writing descriptors.

#include "file_io.h"

#include <algorithm>
#include <cerrno>
#include <unistd.h>

namespace heapfence {

bool writeAll(int Fd, std::string_view Text) {
  while (!Text.empty()) {
    ssize_t Written = write(Fd, Text.data(), Text.size());
    if (Written < 0 && errno != EINTR)
      return false;
    if (Written > 0)
      Text.remove_prefix(static_cast<size_t>(Written));
  }
  return true;
}

ssize_t readSome(int Fd, std::string &Text, size_t Limit) {
  size_t Before = Text.size();
  Text.resize(Before + Limit);
  ssize_t Read;
  do
    Read = read(Fd, Text.data() + Before, Limit);
  while (Read < 0 && errno == EINTR);
  Text.resize(Before + std::max<ssize_t>(Read, 0));
  return Read;
}

} // namespace heapfence
