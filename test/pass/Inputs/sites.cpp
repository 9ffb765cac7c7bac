// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Linked into a program, prints its site records at exit: one line each, then
// their number.

#include "heapfence/abi.h"
#include <cstdio>

using namespace heapfence;

__attribute__((weak, visibility("hidden"))) extern "C" const Site
    __start_heapfence_sites[],
    __stop_heapfence_sites[];

static const char *const Names[] = {
#define HEAP_FUNCTION(Id, Symbol, Shape, Family) Symbol,
#include "heapfence/heap_functions.def"
};

static const char *text(const char *S) { return S ? S : "?"; }

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
}
