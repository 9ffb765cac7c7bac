// If this fails, a thread that executes a branch while it is written sees neither
// the old nor the new instruction: 2,000 times opened and closed under threads.
// RUN: %clang %static -O2 -pthread -I%S/../../../runtime/include %s -o %t
// RUN: env HF=sample_every=0:verbosity=2 %run %t 2>&1 | %check %s
#include <heapfence/heapfence.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

static atomic_int stop;
static atomic_long done;

static void *work(void *unused) {
  while (!stop) {
    // Different numbers of bytes before each.
    char *volatile a = malloc(10);
    char *volatile b = calloc(1, 20 + (a == NULL));
    char *volatile c = realloc(NULL, 30);
    a[9] = b[19] = c[29] = 1;
    if (a == b || b == c || b[0] != 0)
      abort();
    free(a), free(b), free(c);
    ++done;
  }
  return unused;
}

int main(void) {
  pthread_t threads[2];
  for (int i = 0; i != 2; ++i)
    pthread_create(&threads[i], NULL, work, NULL);
  // Each time it opens what the threads' trips have closed since.
  int guarded = 0;
  for (int i = 0; i != 2000; ++i) {
    heapfence_guard_next();
    void *volatile p = malloc(1);
    guarded += heapfence_is_guarded(p);
    free(p);
    for (long now = done; done < now + 1000;)
      sched_yield();
  }
  stop = 1;
  for (int i = 0; i != 2; ++i)
    pthread_join(threads[i], NULL);
  printf("guarded: %s (%d)\n", guarded > 1000 ? "most" : "few", guarded);
}
// CHECK-NOT: ERROR
// CHECK: {{ ([2-9][0-9]{3}|[0-9]{5,})}} sites' branches opened, 0 static branches given up
// CHECK: guarded: most
