// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Two modules that allocate, with an inline function that both have. The main
// one is compiled with -DMAIN.
#include <cstdio>
#include <cstdlib>

extern "C" __attribute__((weak)) int heapfence_is_guarded(const void *P);

inline __attribute__((noinline)) void *common(size_t Size) {
  return std::malloc(Size);
}
inline void *inlined(size_t Size) { return std::calloc(Size, 2); }
void *there(size_t Size);
void *inlinedThere(size_t Size);
void *commonThere(size_t Size);

#ifdef MAIN
static int drop(void *volatile P) {
  int Is = heapfence_is_guarded(P);
  std::free(P);
  return Is;
}

__attribute__((noinline)) static void *here(size_t Size) {
  return std::malloc(Size);
}

int main() {
  int Found[] = {drop(here(1)),    drop(there(2)),       drop(common(3)),
                 drop(inlined(4)), drop(inlinedThere(5)), drop(commonThere(6))};
  std::printf("guarded:");
  for (int Is : Found)
    std::printf(" %d", Is);
  std::printf("\n");
}
#else
void *there(size_t Size) { return std::malloc(Size); }
void *inlinedThere(size_t Size) { return inlined(Size); }
void *commonThere(size_t Size) { return common(Size); }
#endif
