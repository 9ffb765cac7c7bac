// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Linked into a program, prints its site records at exit: one line each, then
// their number; and the sites of its return records.

#include "heapfence/abi.h"
#include <cstdio>

using namespace heapfence;

__attribute__((weak, visibility("hidden"))) extern "C" const Site
    __start_heapfence_sites[],
    __stop_heapfence_sites[];
__attribute__((weak, visibility("hidden"))) extern "C" const ReturnRecord
    __start_heapfence_returns[],
    __stop_heapfence_returns[];

static const char *const Names[] = {
#define HEAP_FUNCTION(Id, Symbol, Shape, Family) Symbol,
#include "heapfence/heap_functions.def"
};

static const char *text(const char *S) { return S ? S : "?"; }

/// True if a direct call ends at `Address`.
static bool isAfterCall(const char *Address) {
#if defined(__x86_64__)
  return static_cast<unsigned char>(Address[-5]) == 0xe8;
#else
  return (reinterpret_cast<const unsigned *>(Address)[-1] >> 26) == 0x25;
#endif
}

static void printReturns() {
  for (const ReturnRecord *R = __start_heapfence_returns;
       R != __stop_heapfence_returns; ++R) {
    const Site *S = R->Where.get();
    std::printf("return: %s in %s%s\n", Names[static_cast<unsigned>(S->Callee)],
                text(S->Where.Function.get()),
                isAfterCall(R->Address.get()) ? "" : " NOT AFTER A CALL");
  }
}

__attribute__((destructor)) static void printSites() {
  unsigned Count = 0;
  for (const Site *S = __start_heapfence_sites; S != __stop_heapfence_sites;
       ++S, ++Count) {
    std::printf("site: %s", Names[static_cast<unsigned>(S->Callee)]);
    for (const SourceFrame *F = &S->Where; F; F = F->InlinedAt.get())
      std::printf(" in %s:%u", text(F->Function.get()), F->line());
    std::printf(" weight %s\n",
                S->Weight.get() ? *S->Weight.get() ? "on" : "off" : "none");
  }
  std::printf("sites: %u\n", Count);
  printReturns();
}
