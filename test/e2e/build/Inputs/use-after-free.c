// The program that several builds must guard alike.
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
  volatile char *P = (char *)malloc(20);
  P[3] = 1;
  putchar(P[3] ? 'a' : 'b');
  free((void *)P);
  if (argc == 1)
    P[3] = 2;
  puts("\ndone");
}
