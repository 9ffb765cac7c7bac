// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A million allocations at one site: what test/bench/static_branch counts the
// instructions of.
#include <stdlib.h>
int main(void) {
  for (int i = 0; i != 1000000; ++i) {
    void *volatile p = malloc(10);
    free(p);
  }
}
