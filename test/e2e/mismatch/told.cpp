// If this fails, a delete with the wrong size or alignment goes unseen, or a
// right one is reported.
// RUN: %clangxx -std=c++17 -fsized-deallocation -O0 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
// RUN: env HF=check_mismatch=0 %run %t 2>&1 | %check %s --check-prefix=FIXED
// RUN: %clangxx -std=c++17 -fsized-deallocation -O2 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
#include <new>
#include <stdio.h>
#include <stdlib.h>

extern "C" void free_sized(void *, size_t);
extern "C" void free_aligned_sized(void *, size_t, size_t);

struct Base {
  long X;
};
struct Derived : Base {
  long Y[3];
};
struct alignas(64) Line {
  char Bytes[64];
};

template <typename T> static T *hide(T *P) {
  T *volatile Hidden = P;
  return Hidden;
}

int main(int argc, char **argv) {
  bool HasBug = argc == 1;
  Base *B = hide<Base>(new Derived());
  Line *L = hide(new Line);
  Line *M = hide(new Line);
  long *N = hide(new long[2]);
  void *P = hide(malloc(20)), *Q = hide(aligned_alloc(64, 128));
  if (!HasBug) {
    delete static_cast<Derived *>(B);
    delete L;
    ::operator delete(M, sizeof(Line), std::align_val_t(64));
    delete[] N;
    free_sized(P, 20);
    free_aligned_sized(Q, 64, 128);
    free(hide(aligned_alloc(32, 32)));
    delete hide(new (std::nothrow) Line);
    free_sized(hide(calloc(3, 7)), 21);
    puts("done");
    return 0;
  }
  // CHECK:      ERROR: HeapFence: sized-delete-mismatch on address [[B:0x[0-9a-f]+]] at pc
  // CHECK-NEXT: {{^}}operator delete with a size of 8 bytes, of [[B]] by thread T0 here:
  // CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}told.cpp:[[#@LINE+3]]:3 (
  // CHECK:      {{^}}[[B]] is located 0 bytes inside of 32-byte region [
  // CHECK:      {{^}}SUMMARY: HeapFence: sized-delete-mismatch {{.*}}told.cpp:[[#@LINE+1]]:3 in main
  delete B;
  // CHECK:      ERROR: HeapFence: aligned-delete-mismatch on address
  // CHECK-NEXT: {{^}}operator delete without an alignment, allocated with an alignment of 64 bytes, of 0x
  // CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}told.cpp:[[#@LINE+1]]:3 (
  ::operator delete(L);
  // CHECK:      {{^}}operator delete with an alignment of 32 bytes, allocated with an alignment of 64 bytes, of 0x
  ::operator delete(M, std::align_val_t(32));
  // CHECK:      {{^}}operator delete[] with an alignment of 64 bytes, allocated without an alignment, of 0x
  ::operator delete[](N, std::align_val_t(64));
  // CHECK:      ERROR: HeapFence: sized-delete-mismatch
  // CHECK-NEXT: {{^}}free_sized with a size of 1 byte, of 0x
  free_sized(P, 1);
  // CHECK:      ERROR: HeapFence: aligned-delete-mismatch
  // CHECK-NEXT: {{^}}free_aligned_sized with an alignment of 16 bytes, allocated with an alignment of 64 bytes, of 0x
  free_aligned_sized(Q, 16, 128);
  puts("done");
}
// CHECK: {{^}}SUMMARY: HeapFence: aligned-delete-mismatch
// CHECK-NOT: HeapFence
// CHECK: {{^}}done
// FIXED-NOT: HeapFence
// FIXED: {{^}}done
