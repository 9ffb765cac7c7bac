// If this fails, accesses before an object at the left end of its pages go
// unseen, or with a wrong distance.
// RUN: %clang -O0 %s -o %t
// RUN: env HF=placement=left %run %t 1 2>&1 | %check %s
// RUN: env HF=placement=left %run %t 0 2>&1 | %check %s --check-prefix=FIXED
// RUN: %clang -O2 %s -o %t
// RUN: env HF=placement=left %run %t 1 2>&1 | %check %s
// RUN: env HF=placement=left %run %t 4000 2>&1 | %check %s --check-prefix=FAR
// RUN: env HF=placement=left %run %t 0 2>&1 | %check %s --check-prefix=FIXED
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
  volatile char *P = malloc(20);
  volatile char *Q = malloc(30);
  Q[0] = 1;
  P[-atoi(argv[1])] = 'w';
  putchar(Q[-atoi(argv[1])] ? 'x' : 'y');
  free((void *)P);
  free((void *)Q);
}
// CHECK:      ERROR: HeapFence: heap-buffer-underflow on address [[P:0x[0-9a-f]+]] at pc
// CHECK-NEXT: {{^}}WRITE at [[P]] thread T0{{$}}
// CHECK:      {{^}}[[P]] is located 1 byte before 20-byte region [
// CHECK-NEXT: {{^}}allocated by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}underflow.c:[[#@LINE-12]]:22 (
// CHECK:      {{^}}SUMMARY: HeapFence: heap-buffer-underflow
// CHECK:      ERROR: HeapFence: heap-buffer-underflow
// CHECK-NEXT: {{^}}READ at [[Q:0x[0-9a-f]+]] thread T0{{$}}
// CHECK:      {{^}}[[Q]] is located 1 byte before 30-byte region [
// CHECK-NEXT: {{^}}allocated by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}underflow.c:[[#@LINE-17]]:22 (
// CHECK:      {{^}}y

// FAR: heap-buffer-underflow
// FAR: is located 4000 bytes before 20-byte region [

// FIXED-NOT: HeapFence
// FIXED: {{^}}x
