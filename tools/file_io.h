// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Reading and writing descriptors, through interruptions.

#ifndef HEAPFENCE_TOOLS_FILE_IO_H
#define HEAPFENCE_TOOLS_FILE_IO_H

#include <string>
#include <string_view>
#include <sys/types.h>

namespace heapfence {

/// Returns: false if the file refused part of `Text`.
bool writeAll(int Fd, std::string_view Text);

/// Appends what one read() gives, up to `Limit` bytes.
/// Returns: the number of bytes; 0: end of file; negative: error.
ssize_t readSome(int Fd, std::string &Text, size_t Limit);

} // namespace heapfence

#endif // HEAPFENCE_TOOLS_FILE_IO_H
