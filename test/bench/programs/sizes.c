// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Objects of random sizes, 8 bytes to 32 KiB, by malloc, calloc, realloc and
// free.
//   sizes SCALE
#include "work.h"

enum { SLOTS = 2000, STEPS = 50000 };

struct slot {
  unsigned char *object;
  size_t size;
};

static struct slot slots[SLOTS];
static uint64_t random_state = 1, sum;

/// Half as likely when twice as large, or so.
static size_t some_size(void) {
  uint64_t r = draw(&random_state);
  unsigned bits = 3 + (unsigned)__builtin_ctzll(r | 1ull << 11);
  return ((size_t)1 << bits) + (size_t)(r >> 32) % ((size_t)1 << bits);
}

static void verify(const struct slot *s) {
  sum = sum * 31 + (stamp_of(s->object, s->size) ^ s->size);
}

static void allocate(struct slot *s) {
  s->size = some_size();
  if (draw(&random_state) % 4) {
    s->object = malloc(s->size);
  } else {
    s->object = calloc(1, s->size);
    require(s->object[0] == 0 && s->object[s->size - 1] == 0,
            "calloc gives zeros");
  }
  stamp(s->object, s->size, draw(&random_state));
}

static void reallocate(struct slot *s) {
  size_t size = some_size();
  uint64_t before = stamp_of(s->object, s->size);
  s->object = realloc(s->object, size);
  require(!memcmp(s->object, &before, sizeof(before)),
          "realloc keeps what was there");
  s->size = size;
  stamp(s->object, size, draw(&random_state));
}

static void release(struct slot *s) {
  verify(s);
  free(s->object);
  s->object = NULL;
}

int main(int count, char **arguments) {
  long steps = STEPS * argument(count, arguments, 1, 1);
  for (long i = 0; i < steps; ++i) {
    struct slot *s = &slots[draw(&random_state) % SLOTS];
    if (!s->object)
      allocate(s);
    else if (draw(&random_state) % 3 == 0)
      reallocate(s);
    else
      release(s);
  }
  for (int i = 0; i < SLOTS; ++i)
    if (slots[i].object)
      release(&slots[i]);
  print_checksum(sum);
  return 0;
}
