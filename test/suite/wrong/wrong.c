// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Programs that declare what is not so: the harness must notice each.

#include "suite.h"

#include <stdlib.h>

// WRONG ^heap-use-after-free \(placement=right\); heap-use-after-free \(placement=left\) \| $ wrong.self.kind
//=== wrong.self.kind
// EXPECT READ heap-buffer-overflow
PROGRAM(wrong_self_kind) {
  char *p = malloc(32); // ALLOC
  use(p, 32);
  if (bug)
    free(p); // FREE
  sink = p[3]; // BUG
  if (!bug)
    free(p);
}

// WRONG ^heap-use-after-free, READ .*left\) \| $ wrong.self.access
//=== wrong.self.access
// EXPECT WRITE heap-use-after-free
PROGRAM(wrong_self_access) {
  char *p = malloc(32); // ALLOC
  use(p, 32);
  if (bug)
    free(p); // FREE
  sink = p[3]; // BUG
  if (!bug)
    free(p);
}

// WRONG ^heap-use-after-free, error at wrong.c:42, not wrong.c:43 .*left\) \| $ wrong.self.line
//=== wrong.self.line
// EXPECT READ heap-use-after-free
PROGRAM(wrong_self_line) {
  char *p = malloc(32); // ALLOC
  use(p, 32);
  if (bug)
    free(p); // FREE
  sink = p[3];
  sink = 3; // BUG
  if (!bug)
    free(p);
}

// WRONG ^heap-use-after-free, alloc at wrong.c:52, not wrong.c:53 .*left\) \| $ wrong.self.alloc-line
//=== wrong.self.alloc-line
// EXPECT READ heap-use-after-free
PROGRAM(wrong_self_alloc_line) {
  char *p = malloc(32);
  use(p, 32); // ALLOC
  if (bug)
    free(p); // FREE
  sink = p[3]; // BUG
  if (!bug)
    free(p);
}

// WRONG ^heap-use-after-free, free at wrong.c:68, not wrong.c:67 .*left\) \| $ wrong.self.free-line
//=== wrong.self.free-line
// EXPECT READ heap-use-after-free
PROGRAM(wrong_self_free_line) {
  char *p = malloc(32); // ALLOC
  use(p, 32);
  if (bug) // FREE
    free(p);
  sink = p[3]; // BUG
  if (!bug)
    free(p);
}

// WRONG ^heap-corruption, error at wrong.c:82, not wrong.c:81 .*left\) \| $ wrong.self.corruption-line
//=== wrong.self.corruption-line
// EXPECT heap-corruption
PROGRAM(wrong_self_corruption_line) {
  char *p = malloc(21); // ALLOC
  use(p, 21);
  p[bug ? 21 : 20] ^= 1; // BUG
  keep(p); // FREE
  free(p);
}

// WRONG ^silent \(placement=right\); silent \(placement=left\) \| $ wrong.self.missing
//=== wrong.self.missing
// EXPECT READ heap-use-after-free
PROGRAM(wrong_self_missing) {
  char *p = malloc(32); // ALLOC
  use(p, 32);
  sink = p[3]; // BUG
  free(p);     // FREE
}

// WRONG ^silent \(placement=right\) \| $ wrong.self.missing-in-its-placement
//=== wrong.self.missing-in-its-placement
// EXPECT READ heap-buffer-overflow with placement=right
PROGRAM(wrong_self_missing_in_its_placement) {
  char *p = malloc(32); // ALLOC
  use(p, 32);
  sink = p[31]; // BUG
  free(p);
}

// WRONG ^silent \(placement=left\) \| $ wrong.self.write-in-one-placement
//=== wrong.self.write-in-one-placement
// EXPECT heap-buffer-overflow
PROGRAM(wrong_self_write_in_one_placement) {
  char *p = malloc(32); // ALLOC
  use(p, 32);
  sink = p[bug ? 32 : 31]; // BUG
  free(p);
}

// WRONG ^2 reports: heap-use-after-free, heap-use-after-free .*left\) \| $ wrong.self.second-report
//=== wrong.self.second-report
// EXPECT READ heap-use-after-free
PROGRAM(wrong_self_second_report) {
  for (int i = 0; i != 2; ++i) {
    char *p = malloc(32); // ALLOC
    use(p, 32);
    if (bug)
      free(p); // FREE
    sink = p[3]; // BUG
    if (!bug)
      free(p);
  }
}

// WRONG ^ \| twin: HeapFence: heap-use-after-free .*; twin: HeapFence: heap-use-after-free wrong.self.noisy-twin
//=== wrong.self.noisy-twin
// EXPECT READ heap-use-after-free
PROGRAM(wrong_self_noisy_twin) {
  char *p = malloc(32); // ALLOC
  use(p, 32);
  free(p);     // FREE
  sink = p[3]; // BUG
}

// WRONG ^reported, then status 3 .*left\) \| twin: status 3; twin: status 3 wrong.self.dies
//=== wrong.self.dies
// EXPECT READ heap-use-after-free
PROGRAM(wrong_self_dies) {
  char *p = malloc(32); // ALLOC
  use(p, 32);
  if (bug)
    free(p); // FREE
  sink = p[3]; // BUG
  if (!bug)
    free(p);
  _Exit(3);
}

// WRONG ^heap-buffer-overflow, not in argument 1 of read\(\) .*left\) \| $ wrong.self.function
//=== wrong.self.function
// EXPECT heap-buffer-overflow in argument 1 of read()
PROGRAM(wrong_self_function) {
  char *p = malloc(0); // ALLOC
  keep(p);
  if (bug)
    sink = *p; // BUG
  free(p);
}
