// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One error after the other, of many kinds; none with an argument. Tests of the
// styles of reports name these lines.

#include <cstdio>
#include <cstdlib>
#include <unistd.h>
[[gnu::always_inline]] static inline void store(volatile char *P) { *P = 1; }
#define APART [[gnu::noinline]] static
APART char *make(size_t Size) {
  return static_cast<char *>(malloc(Size));
}
APART void drop(char *P) {
  free(P);
}
APART int look(const volatile char *P) {
  return *P;
}
APART void put(volatile char *P) {
  store(P);
}
struct Base {
  long X;
};
struct Derived : Base {
  long Y[3];
};
APART void remove(Base *B) {
  ::operator delete(B, sizeof(Base));
}
APART void unlike(char *P) {
  ::operator delete[](P);
}
APART void send(const char *P, size_t Size) {
  if (write(-1, P, Size) > 0)
    std::puts("sent");
}
APART int parse(const char *P) {
  volatile int Value = int(std::strtol(P, nullptr, 10));
  return Value;
}
int main(int argc, char **) {
  bool HasBug = argc == 1;
  char *volatile P = make(48);
  drop(P);
  if (HasBug)
    look(P + 3);
  P = make(64);
  if (HasBug)
    put(P + 64);
  drop(P);
  P = make(32);
  drop(P);
  if (HasBug)
    drop(P);
  P = make(40);
  if (HasBug)
    drop(P + 16);
  drop(P);
  P = make(33);
  if (HasBug)
    P[34] ^= 1;
  drop(P);
  P = make(20);
  if (HasBug)
    unlike(P);
  else
    drop(P);
  Base *volatile B = new Derived();
  if (HasBug)
    remove(B);
  else
    delete static_cast<Derived *>(B);
  P = make(80);
  send(P, HasBug ? 81 : 80);
  drop(P);
  P = make(24);
  drop(P);
  if (HasBug)
    parse(P);
  std::puts("done");
}
