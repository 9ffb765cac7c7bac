// If this fails, reports and core files tell the wrong size of an access, or that
// it began elsewhere than it did.
// REQUIRES: core-files
// RUN: %clang -O1 -g %s -o %t
// RUN: %run %t 1 2>&1 | %hf symbolize | %check %s --check-prefixes=ONE,ANY
// RUN: %run %t 2 2>&1 | %hf symbolize | %check %s --check-prefixes=TWO,ANY
// RUN: %run %t 4 2>&1 | %hf symbolize | %check %s --check-prefixes=FOUR,ANY
// RUN: %run %t 8 2>&1 | %hf symbolize | %check %s --check-prefixes=EIGHT,ANY
// RUN: %run %t 16 2>&1 | %hf symbolize | %check %s --check-prefixes=SIXTEEN,ANY
// What the CPU tells of an access that begins in the object is the next page.
// RUN: %run %t across 2>&1 | %hf symbolize | %check %s --check-prefixes=EIGHT,ANY
// RUN: %S/../core/Inputs/dump %t.core %t across core > %t.out 2>&1
// RUN: %hf core %t.core %t | %check %s --check-prefix=FROM
// Not of a call that was told what to read.
// RUN: %run %t write 2>&1 | %hf symbolize | %check %s --check-prefix=CALL
// Symbolized again, nothing changes.
// RUN: %run %t 4 2>&1 | %hf symbolize | %hf symbolize | %check %s --check-prefixes=FOUR,ANY
// RUN: rm %t.core
#include "../core/Inputs/die.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef char vector __attribute__((vector_size(16), aligned(1)));
typedef uint64_t unaligned __attribute__((aligned(1)));

static char *volatile kept;
static volatile vector from;
static volatile uint64_t to;

int main(int argc, char **argv) {
  const char *what = argv[1];
  char *p = kept = malloc(48);
  if (argc > 2)
    die_of(SIGSEGV);
  if (!strcmp(what, "across"))
    to = *(volatile unaligned *)(p + 44);
  free(p);
  p = kept;
  if (!strcmp(what, "1"))
    *(volatile char *)p = 1;
  if (!strcmp(what, "2"))
    to = *(volatile uint16_t *)p;
  if (!strcmp(what, "4"))
    ++*(volatile uint32_t *)p;
  if (!strcmp(what, "8"))
    to = *(volatile uint64_t *)p;
  if (!strcmp(what, "16"))
    *(volatile vector *)p = from;
  if (!strcmp(what, "write"))
    to = (uint64_t)write(1, p, 1);
}
// ONE:     {{^}}WRITE at 0x{{[0-9a-f]+}} thread T0, 1 byte{{$}}
// TWO:     {{^}}READ at 0x{{[0-9a-f]+}} thread T0, 2 bytes{{$}}
// FOUR:    {{^}}{{READ|WRITE}} at 0x{{[0-9a-f]+}} thread T0, 4 bytes{{$}}
// EIGHT:   {{^}}READ at 0x{{[0-9a-f]+}} thread T0, 8 bytes{{$}}
// SIXTEEN: {{^}}WRITE at 0x{{[0-9a-f]+}} thread T0, 16 bytes{{$}}
// ANY-NEXT:  #0 {{.*}} in main {{.*}}access-size.c:
// FROM:    {{^}}READ at 0x[[A:[0-9a-f]+]]000 thread T0, 8 bytes from 0x{{[0-9a-f]+}}ffc{{$}}
// FROM:    is located 0 bytes after 48-byte region
// CALL:    {{^}}READ at 0x{{[0-9a-f]+}} thread T0 in argument 2 of write(){{$}}
