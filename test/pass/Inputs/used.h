// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Two files of one program: functions of one that the other calls, one that
// nobody calls, and one that both define.

#include <cstdio>
#include <cstdlib>

int one();
void *obtain(size_t Size);
void release(void *P);
void look(int Line);
void *unused(size_t Size);

/// Inlined only where it is known what `one` returns: at link time.
inline void *obtainInline(size_t Size, int K) {
  void *P = std::malloc(Size);
  if (K != 1) {
    look(1), look(2), look(3), look(4), look(5), look(6), look(7), look(8);
    look(11), look(12), look(13), look(14), look(15), look(16), look(17);
    look(21), look(22), look(23), look(24), look(25), look(26), look(27);
    look(31), look(32), look(33), look(34), look(35), look(36), look(37);
  }
  return P;
}
