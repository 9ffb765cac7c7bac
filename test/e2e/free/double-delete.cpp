// If this fails, a second delete of an object or an array goes unseen.
// RUN: %clangxx -O0 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
// RUN: %clangxx -O2 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
#include <stdio.h>

int main(int argc, char **argv) {
  volatile int HasBug = argc == 1;
  int *volatile P = new int(7);
  int *volatile Q = new int[7];
  int *OldP = P, *OldQ = Q;
  delete P;
  delete[] Q;
  if (HasBug) {
    delete OldP;
    delete[] OldQ;
  }
  puts("done");
}
// CHECK:      ERROR: HeapFence: double-free on address [[P:0x[0-9a-f]+]] at pc
// CHECK-NEXT: {{^}}double free of [[P]] by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}double-delete.cpp:[[#@LINE-7]]:5 (
// CHECK:      {{^}}[[P]] is located 0 bytes inside of 4-byte region [
// CHECK-NEXT: {{^}}freed by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}double-delete.cpp:[[#@LINE-13]]:3 (
// CHECK:      {{^}}previously allocated by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}double-delete.cpp:[[#@LINE-18]]:21 (
// CHECK:      ERROR: HeapFence: double-free on address [[Q:0x[0-9a-f]+]] at pc
// CHECK-NEXT: {{^}}double free of [[Q]] by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}double-delete.cpp:[[#@LINE-14]]:5 (
// CHECK:      {{^}}[[Q]] is located 0 bytes inside of 28-byte region [
// CHECK:      {{^}}freed by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}double-delete.cpp:[[#@LINE-20]]:3 (
// CHECK:      {{^}}previously allocated by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}double-delete.cpp:[[#@LINE-25]]:21 (
// CHECK:      {{^}}done

// FIXED-NOT: HeapFence
// FIXED: {{^}}done
