// If this fails, a read right behind a string or a buffer of bytes goes unseen: its
// end is not that of its pages. Or an object that others take for more than bytes
// is misaligned.
// RUN: %clangxx -O0 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
// RUN: %clangxx -O2 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
// A std::string, where its functions are not in pieces.
// RUN: %run %t string 2>&1 | %check %s --check-prefix=STRING
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

static void *volatile Arena;
static volatile int Index;
static int Sum;

__attribute__((noinline)) static char *copyOf(const char *Text) {
  return strdup(Text);
}

__attribute__((noinline)) static std::string longText(int Length) {
  return std::string(Length, 'x');
}

/// Of the allocator's words, not of bytes.
__attribute__((noinline)) static void *carve(size_t Size) {
  char *Block = static_cast<char *>(malloc(Size));
  Block[0] = 1;
  Arena = Block;
  return Block;
}

int main(int argc, char **argv) {
  bool IsBug = argc == 1;
  if (argc == 2 && !strcmp(argv[1], "string")) {
    std::string Text = longText(60);
    Index = 61;
    Sum += static_cast<const volatile char *>(Text.data())[Index];
  }
  char *Copy = copyOf("eleven characters");
  Index = 18 - !IsBug;
  Sum += Copy[Index];
  free(Copy);

  auto *Buffer = static_cast<volatile char *>(malloc(21));
  Buffer[3] = 1;
  Index = 21 - !IsBug;
  Sum += Buffer[Index];
  free(const_cast<char *>(Buffer));

  for (size_t Size = 1; Size != 200; ++Size) {
    void *P = carve(Size);
    size_t Alignment = Size < 2 ? 1 : Size < 4 ? 2 : Size < 8 ? 4 : Size < 16 ? 8 : 16;
    if (reinterpret_cast<uintptr_t>(P) % Alignment)
      puts("misaligned");
    free(P);
  }
  printf("done %d\n", Sum & 0);
}
// CHECK: ERROR: HeapFence: heap-buffer-overflow
// CHECK: is located 0 bytes after 18-byte region
// CHECK: ERROR: HeapFence: heap-buffer-overflow
// CHECK: is located 0 bytes after 21-byte region
// CHECK-NOT: {{ERROR|misaligned}}
// CHECK: done

// STRING: ERROR: HeapFence: heap-buffer-overflow
// STRING: is located 0 bytes after 61-byte region
// STRING-NOT: {{ERROR|misaligned}}
// STRING: done

// FIXED-NOT: {{HeapFence|misaligned}}
// FIXED: done
