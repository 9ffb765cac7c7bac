#include "used.h"

#ifndef ONE_ELSEWHERE
int one() { return 1; }
#endif
void *obtain(size_t Size) { return std::malloc(Size); }
void release(void *P) { std::free(P); }
void look(int Line) { std::printf("line: %d\n", Line); }
void *unused(size_t Size) { return std::malloc(Size); }
void *another(size_t Size) { return obtainInline(Size, one() + 1); }
