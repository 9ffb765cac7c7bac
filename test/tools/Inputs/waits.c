// Has the tool ($HF_TOOL) look at itself and turn its knobs.
#include <heapfence/heapfence.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { Rounds = 20000 };

static int guarded(void) {
  int count = 0;
  for (int i = 0; i != Rounds; ++i) {
    char *volatile p = malloc(10);
    p[0] = 1;
    count += heapfence_is_guarded(p);
    free(p);
  }
  return count;
}

static void tool(const char *command, const char *changes) {
  char line[500];
  snprintf(line, sizeof(line), "%s %s %d %s 2>&1", getenv("HF_TOOL"), command,
           (int)getpid(), changes);
  fflush(stdout);
  if (system(line) == -1)
    perror("system");
}

static void settle(void) { // What the thread may do before it looks.
  for (int i = 0; i != 5; ++i)
    guarded();
}

int main(void) {
  printf("before: %d\n", guarded());
  tool("stat", "");
  tool("set", "budget_percent=50");
  settle();
  printf("budget: %s\n", guarded() ? "some" : "none");
  tool("stat", "");
  tool("set", "sample_every=1");
  settle();
  printf("every: %s\n", guarded() == Rounds ? "all" : "some");
  tool("stat", "");
  tool("set", "enabled=0");
  settle();
  printf("paused: %d\n", guarded());
  tool("stat", "");
  tool("set", "enabled=1 sample_every=1");
  settle();
  printf("again: %s\n", guarded() == Rounds ? "all" : "some");
  tool("set", "sample_every=1000 budget_percent=101");
  tool("set", "sample_every=1000 placement=left");
  settle();
  printf("still: %s\n", guarded() == Rounds ? "all" : "some");
}
