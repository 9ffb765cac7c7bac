// If this fails, guarded objects may take more memory than max_live_mib says, as they
// would with large pages if only their number were limited; or less.
// RUN: %clang -O2 -I%S/../../../runtime/include %s -o %t
// RUN: env HF=max_live=60000:max_live_mib=2 %run %t 1 | %check %s
// RUN: env HF=max_live=60000:max_live_mib=2 %run %t 300000 | %check %s --check-prefix=LARGE
// RUN: env HF=max_live=60000:max_live_mib=1 %run %t 1048577 | %check %s --check-prefix=NONE
#include <heapfence/heapfence.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv) {
  enum { Count = 600 };
  static char *Live[Count];
  size_t Size = strtoul(argv[1], NULL, 10), Pages = 0;
  size_t Page = (size_t)sysconf(_SC_PAGESIZE);
  // What a slot has: a power of two.
  size_t InSlot = 1;
  while (InSlot * Page < Size)
    InSlot *= 2;
  for (int I = 0; I != Count; ++I) {
    Live[I] = malloc(Size);
    Pages += heapfence_is_guarded(Live[I]) * InSlot;
  }
  printf("%zu KiB\n", Pages * Page >> 10);
  for (int I = 0; I != Count; ++I)
    free(Live[I]);
}
// CHECK: {{^}}2048 KiB
// LARGE: {{^}}2048 KiB
// NONE: {{^}}0 KiB
