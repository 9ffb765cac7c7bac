// Prints the raw report of a read in touch(), which is inlined into
// Widget::draw(int), which main calls.

#include "raw_frame.h"

__attribute__((noinline)) static void report(const void *Caller) {
  printf("a log line before\n");
  printf("==123==ERROR: HeapFence: heap-use-after-free on address 0x7f00\n");
  printf("READ at 0x7f00 thread T0\n");
  printRawFrame(0, __builtin_return_address(0), "");
  printRawFrame(1, Caller, "");
  printf("0x7f00 is located 3 bytes inside of 10-byte region\n");
  printf("freed by thread T1 here:\n");
  // As the site table has it: the first two frames are one call.
  printRawFrame(0, Caller, " in _ZN4site5innerEv site.cpp:1:1");
  printRawFrame(1, Caller, " in _ZN4site5outerEi site.cpp:2:2");
  printRawFrame(2, Caller, "");
#ifndef NO_SUMMARY
  printf("SUMMARY: HeapFence: heap-use-after-free (app+0x1)\n");
  printf("a log line after\n");
#endif
}

struct Widget {
  __attribute__((noinline)) void draw(int Times);
};

__attribute__((always_inline)) static inline void touch(const void *Caller) {
  report(Caller); // touch
  __asm__ volatile("");
}

void Widget::draw(int) {
  touch(__builtin_return_address(0)); // draw
  __asm__ volatile("");
}

int main() {
  Widget().draw(3); // main
  __asm__ volatile("");
}
