// If this fails, the C library cannot grow a guarded buffer that the program
// hands it, or the old buffer is not guarded afterwards.
// RUN: sh -c 'yes longer-than-eight | head -n 3 | tr -d "\n" > %t.txt; echo >> %t.txt'
// RUN: %clang -O0 %s -o %t
// RUN: %run %t %t.txt bug 2>&1 | %check %s
// RUN: %run %t %t.txt 2>&1 | %check %s --check-prefix=FIXED
// RUN: %clang -O2 %s -o %t
// RUN: %run %t %t.txt bug 2>&1 | %check %s
// RUN: %run %t %t.txt 2>&1 | %check %s --check-prefix=FIXED
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
  FILE *File = fopen(argv[1], "r");
  size_t Size = 8;
  char *Line = malloc(Size), *volatile Old = Line;
  ssize_t Length = getline(&Line, &Size, File);
  printf("%zd %s", Length, Line);
  free(Line);
  fclose(File);
  if (argc > 2)
    Old[7] = 1;
}
// CHECK:      ERROR: HeapFence: heap-use-after-free
// CHECK:      is located 7 bytes inside of 8-byte region [
// CHECK-NEXT: {{^}}freed by thread T0 here:
// CHECK-NEXT: {{^}}    #0 0x{{[0-9a-f]+}} ({{.*}}libc.so.6+0x
// CHECK:      {{^}}    #{{[0-9]+}} 0x{{[0-9a-f]+}} ({{.*}}getline.c.tmp+0x
// CHECK:      {{^}}previously allocated by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}getline.c:[[#@LINE-14]]:16 (
// CHECK:      {{^}}52 longer-than-eightlonger-than-eightlonger-than-eight{{$}}

// FIXED-NOT: HeapFence
// FIXED: {{^}}52 longer-than-eightlonger-than-eightlonger-than-eight{{$}}
