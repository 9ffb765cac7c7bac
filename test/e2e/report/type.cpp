// If this fails, a report does not tell the type of an object that the compiler
// knows, or the index of the element.
// REQUIRES: llvm-22
// RUN: %clangxx -O0 %s -o %t
// RUN: env HF=placement=left %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
// RUN: %clangxx -O2 %s -o %t
// RUN: env HF=placement=left %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
// The user's own sanitizer is left alone, and gets no types.
// RUN: %clangxx -O2 -fsanitize=undefined -fsanitize-trap=all %s -o %t
// RUN: env HF=placement=left %run %t 2>&1 | %check %s --check-prefix=UNTYPED
// With debug information, new tells by itself.
// RUN: %clangxx -O2 -g -fsanitize=undefined -fsanitize-trap=all %s -o %t
// RUN: env HF=placement=left %run %t 2>&1 | %check %s --check-prefix=NEW
#include <cstdio>
#include <cstdlib>

struct Node {
  long Value;
  Node *Next;
};
struct Conn {
  int Fields[12];
};
namespace space {
template <typename T> struct Box {
  T Values[3];
};
} // namespace space

static int Bug;
static volatile int Zero;

template <typename T> static void late(T *P, int At) {
  volatile char *Bytes = reinterpret_cast<volatile char *>(P);
  delete[] P;
  if (Bug)
    Bytes[At] = 1;
}

int main(int argc, char **) {
  Bug = argc == 1;
  auto *N = new Node;
  volatile char *Bytes = reinterpret_cast<volatile char *>(N);
  delete N;
  if (Bug)
    Bytes[8] = 1;
  auto *C = static_cast<Conn *>(malloc((16 + Zero) * sizeof(Conn)));
  free(C);
  if (Bug)
    reinterpret_cast<volatile char *>(C)[5 * 48 + 3] = 1;
  C = static_cast<Conn *>(calloc(4 + Zero, sizeof(Conn)));
  volatile char *End = reinterpret_cast<volatile char *>(C) + 4096;
  if (Bug)
    *End = 1;
  free(C);
  late(new space::Box<double>[3 + Zero], 24);
  auto *Numbers = static_cast<int *>(malloc(40));
  free(Numbers);
  if (Bug)
    *static_cast<volatile int *>(Numbers + 9) = 1;
  void *Nothing = malloc(24);
  free(Nothing);
  if (Bug)
    static_cast<volatile char *>(Nothing)[0] = 1;
  puts("done");
}
// CHECK: is located 8 bytes inside of 16-byte region [{{.*}}) (heapfence-#1, Node, site
// CHECK: is located 243 bytes inside of 768-byte region [{{.*}}) (heapfence-#2, 16 x Conn, index 5, site
// CHECK: is located 3904 bytes after 192-byte region [{{.*}}) (heapfence-#3, 4 x Conn, index 85, site
// CHECK: is located 24 bytes inside of 72-byte region [{{.*}}) (heapfence-#4, 3 x space::Box<double>, index 1, site
// CHECK: is located 36 bytes inside of 40-byte region [{{.*}}) (heapfence-#5, 10 x int, index 9, site
// CHECK: is located 0 bytes inside of 24-byte region [{{.*}}) (heapfence-#6, site
// CHECK: done

// UNTYPED: 16-byte region [{{.*}}) (heapfence-#1, site
// UNTYPED: 768-byte region [{{.*}}) (heapfence-#2, site
// UNTYPED: done

// NEW: 16-byte region [{{.*}}) (heapfence-#1, Node, site
// NEW: 768-byte region [{{.*}}) (heapfence-#2, site
// NEW: 72-byte region [{{.*}}) (heapfence-#4, 3 x Box<double>, index 1, site
// NEW: done

// FIXED-NOT: HeapFence
// FIXED: done
