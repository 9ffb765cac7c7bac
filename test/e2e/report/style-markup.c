// If this fails, a report in symbolizer markup cannot be read by llvm-symbolizer, or
// gets the wrong names.
// RUN: rm -rf %t.dir && mkdir -p %t.dir/x:y} %t.dir/.build-id/ab %t.dir/.build-id/cd
// RUN: %clang -O1 -g -shared -fPIC -Wl,--build-id=0xcdef0123 %S/Inputs/marked.c -o %t.dir/libmarked.so
// RUN: %clang -O1 -g -Wl,--build-id=0xabcdef01 %s %t.dir/libmarked.so -Wl,-rpath,%t.dir -o %t.dir/x:y}/app
// RUN: env HF=report_style=markup %run %t.dir/x:y}/app 2> %t.raw
// FileCheck takes braces for its own.
// RUN: tr '{}' '<>' < %t.raw | %check %s --check-prefix=RAW
// No symbolizer is run: the same with symbolize=1.
// RUN: sh -c 'printf "#!/bin/sh\ntouch %%s/was-run\n" "$0" > "$0"/spy; chmod +x "$0"/spy' %t.dir
// RUN: env HF=report_style=markup:symbolize=1:symbolizer_path=%t.dir/spy %run %t.dir/x:y}/app 2>&1 | tr '{}' '<>' | %check %s --check-prefix=RAW
// RUN: not ls %t.dir/was-run
// RUN: env HF=symbolize=1:symbolizer_path=%t.dir/spy %run %t.dir/x:y}/app 2> %t.spied
// RUN: ls %t.dir/was-run
// What has no build id cannot be marked.
// RUN: mkdir %t.dir/none
// RUN: %clang -O1 -g -shared -fPIC -Wl,--build-id=none %S/Inputs/marked.c -o %t.dir/none/libmarked.so
// RUN: env HF=report_style=markup LD_PRELOAD=%t.dir/none/libmarked.so %run %t.dir/x:y}/app 2>&1 | tr '{}' '<>' | %check %s --check-prefix=NONE
// RUN: %hf symbolize < %t.raw | diff %t.raw -
// RUN: env HF=report_style=markup %run %t.dir/x:y}/app fixed 2>&1 | %check %s --check-prefix=FIXED --allow-empty
// Offline, from where files lie by their build ids.
// RUN: mv %t.dir/x:y}/app %t.dir/.build-id/ab/cdef01.debug
// RUN: mv %t.dir/libmarked.so %t.dir/.build-id/cd/ef0123.debug
// RUN: sh -c 'llvm-symbolizer-22 --filter-markup --debug-file-directory="$0" < "$1" 2> "$1".errors' %t.dir %t.raw | %check %s --check-prefix=NAMED
// RUN: not grep -e "no mmap" -e overlapping -e duplicate -e expected %t.raw.errors
#include <stdlib.h>

int markedRead(const volatile char *P);

__attribute__((noinline)) static char *make(size_t Size) {
  return malloc(Size);
}
__attribute__((noinline)) static void drop(char *P) {
  free(P);
}

int main(int argc, char **argv) {
  char *volatile P = make(48), *volatile Q = make(32);
  (void)argv;
  if (argc > 1)
    return 0;
  drop(P);
  markedRead(P + 3);
  drop(Q);
  drop(Q);
  return 0;
}
// RAW:      {{^}}<<<reset>>>{{$}}
// RAW-NEXT: {{^}}<<<module:0:/{{.*}}/libmarked.so:elf:cdef0123>>>{{$}}
// RAW-NEXT: {{^}}<<<mmap:0x{{[0-9a-f]*}}000:0x{{[0-9a-f]*}}000:load:0:rx:0x{{[0-9a-f]*}}000>>>{{$}}
// RAW-NEXT: {{^}}<<<module:1:/{{.*}}/x_y_/app:elf:abcdef01>>>{{$}}
// RAW-NEXT: {{^}}<<<mmap:0x{{[0-9a-f]*}}000:0x{{[0-9a-f]*}}000:load:1:rx:0x{{[0-9a-f]*}}000>>>{{$}}
// RAW:      {{^}}==[[#]]==ERROR: HeapFence: heap-use-after-free on address [[A:0x[0-9a-f]+]] at pc 0x[[PC:[0-9a-f]+]] bp
// RAW-NEXT: {{^}}READ at [[A]] thread T0{{$}}
// RAW-NEXT: {{^}}    <<<bt:0:0x{{0*}}[[PC]]:pc>>>{{$}}
// RAW-NEXT: {{^}}    <<<bt:1:0x{{[0-9a-f]+}}:ra>>>{{$}}
// RAW:      {{^}}freed by thread T0 here:
// RAW-NEXT: {{^}}    <<<bt:0:0x{{[0-9a-f]+}}:ra>>>{{$}}
// RAW:      {{^}}SUMMARY: HeapFence: heap-use-after-free <<<pc:0x{{0*}}[[PC]]:pc>>>{{$}}
// RAW-NEXT: {{^}}<<<reset>>>{{$}}
// RAW-NEXT: {{^}}<<<module:0:/{{.*}}/x_y_/app:elf:abcdef01>>>{{$}}
// RAW:      ERROR: HeapFence: double-free
// RAW:      {{^}}SUMMARY: HeapFence: double-free <<<pc:0x{{[0-9a-f]+}}:ra>>>{{$}}

// NONE:      {{^}}<<<reset>>>{{$}}
// NONE-NEXT: {{^}}<<<module:0:/{{.*}}/x_y_/app:elf:abcdef01>>>{{$}}
// NONE-NOT:  libmarked
// NONE:      {{^}}READ at
// NONE-NEXT: {{^}}    #0 0x{{[0-9a-f]+}} (/{{.*}}/none/libmarked.so+0x{{[0-9a-f]+}}){{$}}
// NONE-NEXT: {{^}}    <<<bt:1:0x{{[0-9a-f]+}}:ra>>>{{$}}

// NAMED:      {{^\[\[\[ELF module #0x0 ".*/libmarked.so"; BuildID=cdef0123}}
// NAMED:      {{^}}==[[#]]==ERROR: HeapFence: heap-use-after-free on address
// NAMED-NEXT: {{^}}READ at
// NAMED-NEXT: {{^ *#0\.1 +0x[0-9a-f]+ inner .*/marked\.c:4:10 \(.*/libmarked.so\+0x}}
// NAMED-NEXT: {{^ *#0 +0x[0-9a-f]+ markedRead .*/marked\.c:7:10 \(.*/libmarked.so\+0x}}
// NAMED-NEXT: {{^ *#1 +0x[0-9a-f]+ main .*/style-markup\.c:}}[[#@LINE-34]]:3 (
// NAMED:      {{^}}freed by thread T0 here:
// NAMED-NEXT: {{^ *#0 +0x[0-9a-f]+ drop .*/style-markup\.c:}}[[#@LINE-45]]:3 (
// NAMED-NEXT: {{^ *#1 +0x[0-9a-f]+ main .*/style-markup\.c:}}[[#@LINE-38]]:3 (
// NAMED:      {{^}}previously allocated by thread T0 here:
// NAMED-NEXT: {{^ *#0 +0x[0-9a-f]+ make .*/style-markup\.c:}}[[#@LINE-51]]:10 (
// NAMED-NEXT: {{^ *#1 +0x[0-9a-f]+ main .*/style-markup\.c:}}[[#@LINE-45]]:22 (
// NAMED:      {{^SUMMARY: HeapFence: heap-use-after-free (inner|markedRead)\[.*/marked\.c:4\]$}}
// NAMED:      {{^SUMMARY: HeapFence: double-free drop\[.*/style-markup\.c:}}[[#@LINE-51]]]{{$}}

// FIXED-NOT: {{.}}
