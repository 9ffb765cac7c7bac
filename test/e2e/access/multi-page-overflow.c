// If this fails, objects of several pages are not guarded at their end, or not
// usable to their last byte.
// RUN: %clang -O0 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
// RUN: %clang -O2 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv) {
  size_t Sizes[] = {5008, 8192, 20000, 65536, 70016, 1 << 20, 3 << 20, 16 << 20};
  for (int I = 0; I != 8; ++I) {
    char *volatile P = malloc(Sizes[I]);
    memset(P, 1, Sizes[I] + (argc == 1));
    printf("last %d\n", P[Sizes[I] - 1]);
    free(P);
  }
}
// CHECK: heap-buffer-overflow
// CHECK: {{^}}WRITE at [[P:0x[0-9a-f]+]] thread T0
// CHECK: {{^}}[[P]] is located 0 bytes after 5008-byte region [
// CHECK-NEXT: {{^}}allocated by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}overflow.c:[[#@LINE-10]]:24 (
// CHECK: is located 0 bytes after 8192-byte region [
// CHECK: is located 0 bytes after 20000-byte region [
// CHECK: is located 0 bytes after 65536-byte region [
// CHECK: is located 0 bytes after 70016-byte region [
// CHECK: is located 0 bytes after 1048576-byte region [
// CHECK: is located 0 bytes after 3145728-byte region [
// CHECK: is located 0 bytes after 16777216-byte region [
// CHECK: {{^}}last 1
// CHECK-NEXT: {{^}}last 1
// CHECK-NEXT: {{^}}last 1
// CHECK-NEXT: {{^}}last 1
// CHECK-NEXT: {{^}}last 1
// CHECK-NEXT: {{^}}last 1
// CHECK-NEXT: {{^}}last 1
// CHECK-NEXT: {{^}}last 1

// FIXED-NOT: HeapFence
// FIXED: {{^}}last 1
