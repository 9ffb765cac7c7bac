#include "used.h"

int main() {
  auto *P = static_cast<volatile char *>(obtain(10));
  auto *Q = static_cast<volatile char *>(obtainInline(20, one()));
  *P = *Q = 1;
  std::printf("used: %d\n", *P == *Q && P != Q);
  release(const_cast<char *>(P));
  release(const_cast<char *>(Q));
  return 0;
}
