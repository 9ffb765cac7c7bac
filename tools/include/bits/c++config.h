// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Goes before libstdc++'s header of this name, for the sake of strings: up to
// C++17 a program takes their functions from libstdc++.so, whose allocations
// have no site. With -1, as with _GLIBCXX_ASSERTIONS and in C++20, the program
// has instances of its own. The variable tells the pass, which removes it.

#include_next <bits/c++config.h>

#if defined(_GLIBCXX_EXTERN_TEMPLATE) && _GLIBCXX_EXTERN_TEMPLATE > 0 &&       \
    __cplusplus <= 201703L
#undef _GLIBCXX_EXTERN_TEMPLATE
#define _GLIBCXX_EXTERN_TEMPLATE -1
static const char __heapfence_own_strings __attribute__((used)) = 1;
#endif
