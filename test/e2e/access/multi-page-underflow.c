// If this fails, objects of several pages are not guarded at their start.
// RUN: %clang -O0 %s -o %t
// RUN: env HF=placement=left %run %t 2>&1 | %check %s
// RUN: env HF=placement=left %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
// RUN: %clang -O2 %s -o %t
// RUN: env HF=placement=left %run %t 2>&1 | %check %s
// RUN: env HF=placement=left %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
  size_t Sizes[] = {5000, 20000, 65536, 70000, 2 << 20, 16 << 20};
  for (int I = 0; I != 6; ++I) {
    volatile char *P = malloc(Sizes[I]);
    P[argc == 1 ? -1 : 0] = 1;
    P[Sizes[I] - 1] = 1;
    free((void *)P);
  }
  puts("done");
}
// CHECK: heap-buffer-underflow
// CHECK: {{^}}WRITE at [[P:0x[0-9a-f]+]] thread T0
// CHECK: {{^}}[[P]] is located 1 byte before 5000-byte region [
// CHECK-NEXT: {{^}}allocated by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}underflow.c:[[#@LINE-11]]:24 (
// CHECK: is located 1 byte before 20000-byte region [
// CHECK: is located 1 byte before 65536-byte region [
// CHECK: is located 1 byte before 70000-byte region [
// CHECK: is located 1 byte before 2097152-byte region [
// CHECK: is located 1 byte before 16777216-byte region [
// CHECK: {{^}}done

// FIXED-NOT: HeapFence
// FIXED: {{^}}done
