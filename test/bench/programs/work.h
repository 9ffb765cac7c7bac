// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the programs share: their scale, random numbers, and memory that is
// filled so that it can be verified.
#ifndef WORK_H
#define WORK_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static inline void require(int is_so, const char *what) {
  if (is_so)
    return;
  fprintf(stderr, "failed: %s\n", what);
  exit(1);
}

/// The argument number `i`; `otherwise` if there is none.
static inline long argument(int count, char **arguments, int i,
                            long otherwise) {
  return i < count ? atol(arguments[i]) : otherwise;
}

/// The next of a row of random numbers.
static inline uint64_t draw(uint64_t *state) {
  uint64_t x = *state += 0x9e3779b97f4a7c15;
  x = (x ^ x >> 32) * 0xd6e8feb86659fd93;
  x = (x ^ x >> 32) * 0xd6e8feb86659fd93;
  return x ^ x >> 32;
}

/// A size from `least` to `most`.
static inline size_t draw_size(uint64_t *state, size_t least, size_t most) {
  return least + draw(state) % (most - least + 1);
}

/// Writes the first and the last bytes of an object of at least eight.
static inline void stamp(void *object, size_t size, uint64_t value) {
  memcpy((char *)object + size - sizeof(value), &value, sizeof(value));
  memcpy(object, &value, sizeof(value));
}

/// Returns what stamp wrote at the beginning. Ends the program unless it wrote
/// the same at the end (where both overlap there is nothing to compare).
static inline uint64_t stamp_of(const void *object, size_t size) {
  uint64_t first, last;
  memcpy(&first, object, sizeof(first));
  memcpy(&last, (const char *)object + size - sizeof(last), sizeof(last));
  require(size < 2 * sizeof(first) || first == last, "an object was changed");
  return first;
}

static inline void print_checksum(uint64_t sum) {
  printf("checksum %016llx\n", (unsigned long long)sum);
}

#endif
