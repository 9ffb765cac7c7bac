// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A library that errs: see style-markup.c.
static __attribute__((always_inline)) inline int inner(const volatile char *P) {
  return *P;
}
int markedRead(const volatile char *P) {
  return inner(P) + 1;
}
