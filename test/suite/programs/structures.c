// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Data structures with the mistakes that are usual in them.

#include "suite.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

//=== write-past.structure.ring-buffer
// EXPECT WRITE heap-buffer-overflow or heap-corruption
PROGRAM(write_past_structure_ring_buffer) {
  long *ring = malloc(8 * sizeof(long)); // ALLOC
  unsigned next = 0;
  for (int i = 0; i != 20; ++i) {
    ring[next] = i; // BUG
    if (++next > (bug ? 8u : 7u))
      next = 0;
  }
  keep(ring);
  free(ring); // FREE
}

//=== write-past.structure.rows-and-columns
// EXPECT WRITE heap-buffer-overflow or heap-corruption
PROGRAM(write_past_structure_rows_and_columns) {
  int rows = 2, columns = 8;
  double *m = calloc(rows * columns, sizeof *m); // ALLOC
  int stride = bug ? rows + columns : columns;
  for (int r = 0; r != rows; ++r)
    for (int c = 0; c != columns; ++c)
      m[r * stride + c] = 1.5; // BUG
  keep(m);
  free(m); // FREE
}

//=== write-past.structure.elements-or-bytes
// EXPECT WRITE heap-buffer-overflow or heap-corruption
PROGRAM(write_past_structure_elements_or_bytes) {
  int *numbers = malloc(bug ? 16 : 16 * sizeof(int)); // ALLOC
  for (int i = 0; i != 16; ++i)
    numbers[i] = i; // BUG
  keep(numbers);
  free(numbers); // FREE
}

struct packet {
  int length;
  char data[];
};

//=== write-slack.structure.flexible-array
// EXPECT heap-corruption or heap-buffer-overflow
PROGRAM(write_slack_structure_flexible_array) {
  struct packet *p = malloc(sizeof *p + 17); // ALLOC
  p->length = 17 + bug;
  keep(p);
  p->data[p->length - 1] ^= 1; // BUG
  keep(p);
  free(p); // FREE
}

//=== write-slack-kept.structure.global-cache
// EXPECT heap-corruption or heap-buffer-overflow
static short *cache;
PROGRAM(write_slack_kept_structure_global_cache) {
  cache = calloc(5, sizeof *cache); // ALLOC
  cache[bug ? 5 : 4] ^= 1;          // BUG
  keep(cache);
}

struct entry {
  struct entry *next;
  int key;
};

//=== read-freed.structure.list-being-freed
// EXPECT READ heap-use-after-free
PROGRAM(read_freed_structure_list_being_freed) {
  // One element: each would have its report.
  struct entry *head = malloc(sizeof *head); // ALLOC
  head->next = 0;
  head->key = 1;
  keep(head);
  for (struct entry *e = head; e;) {
    struct entry *next = e->next;
    free(e);                // FREE
    e = bug ? e->next : next; // BUG
  }
}

//=== write-freed.structure.unlinked-entry
// EXPECT WRITE heap-use-after-free
PROGRAM(write_freed_structure_unlinked_entry) {
  struct entry *a = malloc(sizeof *a);
  struct entry *b = malloc(sizeof *b); // ALLOC
  a->next = b;
  b->next = 0;
  keep(a);
  free(b); // FREE
  if (!bug)
    a->next = 0;
  if (a->next)
    a->next->key = 7; // BUG
  keep(a);
  free(a);
}

//=== read-freed.structure.references-counted-wrongly
// EXPECT READ heap-use-after-free
struct shared {
  int references;
  int value;
};
static NOINLINE void release(struct shared *s) {
  if (--s->references == 0)
    free(s); // FREE
}
PROGRAM(read_freed_structure_references_counted_wrongly) {
  struct shared *s = malloc(sizeof *s); // ALLOC
  s->references = bug ? 1 : 2;          // Two of them have it.
  s->value = 5;
  release(s);
  sink = s->value; // BUG
  if (!bug)
    release(s);
}

//=== write-freed.structure.pointer-into-a-grown-table
// EXPECT WRITE heap-use-after-free
PROGRAM(write_freed_structure_pointer_into_a_grown_table) {
  int *table = malloc(4 * sizeof *table); // ALLOC
  memset(table, 0, 4 * sizeof *table);
  int *first = &table[0];
  table = realloc(table, 4000 * sizeof *table); // FREE
  if (!bug)
    first = &table[0];
  *first = 1; // BUG
  keep(table);
  free(table);
}

//=== write-past.structure.shrunk-table
// EXPECT WRITE heap-buffer-overflow or heap-corruption
PROGRAM(write_past_structure_shrunk_table) {
  long *table = malloc(40 * sizeof *table);
  memset(table, 0, 40 * sizeof *table);
  table = realloc(table, 10 * sizeof *table); // ALLOC
  int used = bug ? 12 : 10;
  for (int i = 0; i != used; ++i)
    table[i] = i; // BUG
  keep(table);
  free(table); // FREE
}

//=== double-free.structure.two-owners
// EXPECT double-free
PROGRAM(double_free_structure_two_owners) {
  char *name = strdup("a name"); // ALLOC
  struct {
    char *name;
  } a = {name}, b = {bug ? name : 0};
  keep(&b);
  free(a.name); // FREE
  free(b.name); // BUG
}

//=== double-free.structure.error-path
// EXPECT double-free
static NOINLINE int parse(char *text) {
  keep(text);
  if (bug)
    free(text); // FREE
  return -1;
}
PROGRAM(double_free_structure_error_path) {
  char *text = malloc(100); // ALLOC
  if (parse(text) < 0)
    free(text); // BUG
}

//=== double-free.structure.by-realloc
// EXPECT double-free
PROGRAM(double_free_structure_by_realloc) {
  char *p = malloc(100); // ALLOC
  char *other = malloc(10);
  keep(p);
  free(p);                             // FREE
  other = realloc(bug ? p : other, 50); // BUG
  keep(other);
}

//=== free-inside.structure.advanced-pointer
// EXPECT invalid-free
PROGRAM(free_inside_structure_advanced_pointer) {
  char *text = strdup("  text"); // ALLOC
  char *p = text;
  keep(p);
  while (*p == ' ')
    ++p;
  free(bug ? p : text); // BUG
}

//=== free-inside.structure.member
// EXPECT invalid-free
PROGRAM(free_inside_structure_member) {
  struct {
    int tag;
    char name[60];
  } *r = malloc(sizeof *r); // ALLOC
  keep(r);
  free(bug ? (void *)r->name : r); // BUG
}

//=== read-freed.structure.after-longjmp
// EXPECT READ heap-use-after-free
static jmp_buf back;
static NOINLINE void fail(char *p) {
  if (bug)
    free(p); // FREE
  longjmp(back, 1);
}
PROGRAM(read_freed_structure_after_longjmp) {
  char *volatile p = malloc(50); // ALLOC
  use(p, 50);
  if (!setjmp(back))
    fail(p);
  sink = p[10]; // BUG
  if (!bug)
    free(p);
}

//=== read-past.structure.page-sized
// EXPECT READ heap-buffer-overflow
PROGRAM(read_past_structure_page_sized) {
  // It fills its pages: both placements are the same.
  char *block = malloc(8192); // ALLOC
  use(block, 8192);
  sink = block[bug ? 8192 : 8191]; // BUG
  free(block);
}

//=== write-before.structure.heap-of-16-pages
// EXPECT WRITE heap-buffer-underflow or heap-corruption
PROGRAM(write_before_structure_heap_of_16_pages) {
  long *heap = malloc(65000); // ALLOC
  use((char *)heap, 65000);
  for (long i = 4; i >= (bug ? -1 : 0); --i)
    heap[i] = i; // BUG
  keep(heap);
  free(heap); // FREE
}

//=== read-past.structure.far-index
// EXPECT READ heap-buffer-overflow
PROGRAM(read_past_structure_far_index) {
  // On the closed page after it, wherever the object is on its own.
  int *numbers = malloc(4096); // ALLOC
  keep(numbers);
  sink = numbers[bug ? 1024 + 500 : 1000]; // BUG
  free(numbers);
}

//=== wild-access.structure.garbage-index
// EXPECT WRITE wild-access
PROGRAM(wild_access_structure_garbage_index) {
  char *p = malloc(32);
  use(p, 32);
  p[bug ? 300 << 20 : 0] = 1; // BUG
  keep(p);
  free(p);
}
