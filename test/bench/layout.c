// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Linked into the programs of test/bench/time: allocates a little before main, and
// frees some of it, as a random number in the environment (LAYOUT) says, so that the
// heap is not the same each time.
#include <stdlib.h>

enum { MOST = 64 };

__attribute__((constructor)) static void disturb_heap(void) {
  const char *seed = getenv("LAYOUT");
  unsigned short state[3] = {0};
  void *objects[MOST];
  if (!seed)
    return;
  state[0] = (unsigned short)atoi(seed);
  int count = (int)(nrand48(state) % MOST);
  for (int i = 0; i < count; ++i)
    objects[i] = malloc(16 + (size_t)nrand48(state) % 2000);
  for (int i = 0; i < count; ++i)
    if (nrand48(state) % 2)
      free(objects[i]);
}
