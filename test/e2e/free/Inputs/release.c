#include <stdlib.h>

int Released;

void release(void *P) {
  free(P);
  ++Released; // Not a jump to free: a frame of its own.
}

void *resize(void *P, size_t Size) { return realloc(P, Size); }

void *obtain(size_t Size) { return malloc(Size); }
