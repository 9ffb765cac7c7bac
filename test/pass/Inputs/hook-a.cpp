// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// With hook-b.cpp: both take the address of malloc.

#include <cstdio>
#include <cstdlib>

void *(*HookA)(size_t) = malloc;
extern void *(*HookB)(size_t);

int main() {
  std::free(HookA(8));
  std::printf("same: %d\n", HookA == HookB);
}
