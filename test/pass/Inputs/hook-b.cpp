// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// With hook-a.cpp.

#include <cstdlib>

void *(*HookB)(size_t) = malloc;
