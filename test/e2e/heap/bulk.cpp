// If this fails, guarded objects among others of the heap are disturbed when many
// are made and freed together, or their constructors do not run, or at a low rate
// none of them is ever guarded.
// RUN: %clangxx -O0 -I%S/../../../runtime/include %s -o %t
// RUN: env HF=sample_every=20:placement=random %run %t 2>&1 | %check %s
// RUN: env HF=sample_every=1:placement=left %run %t 2>&1 | %check %s
// RUN: %clangxx -O2 -I%S/../../../runtime/include %s -o %t
// RUN: env HF=sample_every=20:placement=random %run %t 2>&1 | %check %s
// RUN: env HF=sample_every=20:guard=mprotect %run %t 2>&1 | %check %s
#include <heapfence/heapfence.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int Guarded, Disturbed;

struct Constructed {
  char Bytes[77];
  Constructed() { memset(Bytes, 'c', sizeof(Bytes)); }
};

static void check(const char *P, char Byte, size_t Size) {
  for (size_t I = 0; I != Size; ++I)
    Disturbed += P[I] != Byte;
}

static void bulk(size_t Size) {
  constexpr int Count = 100;
  char *Plain[Count];
  Constructed *Made[Count];
  for (int I = 0; I != Count; ++I) {
    Plain[I] = static_cast<char *>(malloc(Size));
    memset(Plain[I], I, Size);
    Made[I] = new Constructed;
    Guarded += heapfence_is_guarded(Plain[I]) + heapfence_is_guarded(Made[I]);
  }
  // As a bulk free has it: all that were allocated together, one kind after the
  // other, the last first.
  for (int I = Count; I-- != 0;) {
    check(Plain[I], char(I), Size);
    free(Plain[I]);
  }
  for (int I = 0; I != Count; ++I) {
    check(Made[I]->Bytes, 'c', sizeof(Made[I]->Bytes));
    delete Made[I];
  }
}

int main() {
  srand(1);
  for (int Round = 0; Round != 5; ++Round)
    bulk(8 + size_t(rand()) % 300);
  printf("some guarded %d, disturbed %d\n", Guarded > 0, Disturbed);
}
// CHECK-NOT: HeapFence
// CHECK: {{^}}some guarded 1, disturbed 0
