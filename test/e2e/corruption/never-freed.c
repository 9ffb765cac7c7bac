// If this fails, a write beside an object that nobody frees goes unseen at the
// end of the process, before a fork, or when the program crashes; or it is
// reported twice.
// RUN: %clang -O0 %s -o %t
// RUN: %run %t exit 2>&1 | %check %s --check-prefixes=EACH,EXIT
// RUN: %run %t fork 2>&1 | %check %s --check-prefixes=EACH,FORK
// RUN: sh -c '"$0" "$1" abort 2>&1; echo status $?' %run %t | %check %s --check-prefixes=EACH,CRASH
// RUN: sh -c '"$0" "$1" null 2>&1; echo status $?' %run %t | %check %s --check-prefixes=EACH,CRASH
// RUN: sh -c '"$0" "$1" trap 2>&1; echo status $?' %run %t | %check %s --check-prefixes=EACH,CRASH
// RUN: sh -c '"$0" "$1" divide 2>&1; echo status $?' %run %t | %check %s --check-prefixes=EACH,CRASH
// RUN: %run %t handled 2>&1 | %check %s --check-prefixes=EACH,EXIT
// RUN: env HF=only_light=1 %run %t exit 2>&1 | %check %s --check-prefixes=EACH,EXIT
// RUN: env HF=only_light=1 %run %t fork 2>&1 | %check %s --check-prefixes=EACH,FORK
// RUN: %run %t exit fixed 2>&1 | %check %s --check-prefix=FIXED
// RUN: %run %t fork fixed 2>&1 | %check %s --check-prefix=FIXED
// RUN: sh -c '"$0" "$1" abort fixed 2>&1; echo status $?' %run %t | %check %s --check-prefix=FIXED
// RUN: sh -c '"$0" "$1" divide fixed 2>&1; echo status $?' %run %t | %check %s --check-prefix=FIXED
// RUN: %clang -O2 %s -o %t
// RUN: %run %t exit 2>&1 | %check %s --check-prefixes=EACH,EXIT
// RUN: sh -c '"$0" "$1" abort 2>&1; echo status $?' %run %t | %check %s --check-prefixes=EACH,CRASH
// RUN: %run %t exit fixed 2>&1 | %check %s --check-prefix=FIXED
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char *volatile kept[3];
static sigjmp_buf back;

static void handler(int number) { siglongjmp(back, number); }

int main(int argc, char **argv) {
  int is_fixed = argc > 2;
  for (int i = 0; i != 3; ++i)
    kept[i] = malloc(21);
  kept[1][is_fixed ? 20 : 21] ^= 1;
  printf("written\n");
  fflush(stdout);
  if (!strcmp(argv[1], "fork")) {
    pid_t child = fork();
    if (!child)
      _exit(0);
    waitpid(child, 0, 0);
    printf("forked\n");
  }
  if (!strcmp(argv[1], "abort"))
    abort();
  volatile int zero = 0;
  if (!strcmp(argv[1], "null"))
    zero = *(volatile int *)0;
  if (!strcmp(argv[1], "trap"))
    __builtin_trap();
  if (!strcmp(argv[1], "divide"))
    zero = raise(SIGFPE);
  if (!strcmp(argv[1], "handled")) {
    signal(SIGFPE, handler);
    if (!sigsetjmp(back, 1))
      raise(SIGFPE);
  }
  printf("done\n");
  return zero;
}
// FIXED-NOT: HeapFence
// FIXED: written
// FIXED-NOT: HeapFence

// EACH: written
// EACH-NEXT: ERROR: HeapFence: heap-corruption on address [[A:0x[0-9a-f]+]] at pc
// EACH-NEXT: corruption at [[A]] found by thread T0 here:
// EACH: [[A]] is located 0 bytes after 21-byte region [
// EACH-NEXT: 1 byte changed:
// EACH-NEXT: {{^}}    0x{{[0-9a-f]+}}:{{( --)*}}{{( \.\.)*}} **{{( \.\.)*$}}
// EACH: allocated by thread T0 here:
// EACH-NEXT: #0 {{.*}} in main {{.*}}never-freed.c:38:15 (
// EACH: SUMMARY: HeapFence: heap-corruption
// EACH-NOT: HeapFence
// FORK: forked
// EXIT-NOT: HeapFence
// The signal is what ends it, as without us.
// CRASH: status {{13[2469]}}
