// If this fails, one of the ways to start another program no longer works, or
// changes the parent's state.
// RUN: %clang -O0 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %clang -O2 %s -o %t
// RUN: %run %t 2>&1 | %check %s
#define _GNU_SOURCE
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static int statusOf(pid_t Child) {
  int Status = -1;
  waitpid(Child, &Status, 0);
  return WEXITSTATUS(Status);
}

int main(void) {
  char *volatile Held = strdup("held");
  char *Arguments[] = {strdup("sh"), strdup("-c"), strdup("exit 7"), NULL};
  pid_t Child = vfork();
  if (Child == 0) {
    // The child shares our memory: what it does to the heap stays done.
    free(malloc(100));
    execv("/bin/sh", Arguments);
    _exit(1);
  }
  printf("vfork %d, ", statusOf(Child));
  posix_spawn(&Child, "/bin/sh", NULL, NULL, Arguments, environ);
  printf("spawn %d, ", statusOf(Child));
  printf("system %d, ", WEXITSTATUS(system("exit 5")));
  FILE *Pipe = popen("echo text", "r");
  char Text[10] = "";
  fgets(Text, sizeof(Text), Pipe);
  printf("popen %.4s %d, ", Text, pclose(Pipe));
  for (int I = 0; I != 3; ++I)
    free(Arguments[I]);
  printf("%s\n", Held);
  free(Held);
}
// CHECK-NOT: HeapFence
// CHECK: {{^}}vfork 7, spawn 7, system 5, popen text 0, held
