/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
   What the optimizer may not see when it compiles a program. */

#include "suite.h"

#include <pthread.h>

int bug;
volatile int sink;

void use(char *p, int size) {
  for (int i = 0; i != size; ++i)
    p[i] = (char)('a' + i % 26);
  if (size)
    sink = p[size - 1];
}

void keep(const void *p) { __asm__ volatile("" : : "r"(p) : "memory"); }

void call_with(void (*act)(char *), char *p) { act(p); }

struct call {
  void (*act)(char *);
  char *p;
};

static void *run(void *argument) {
  struct call *c = argument;
  c->act(c->p);
  return 0;
}

void call_in_thread(void (*act)(char *), char *p) {
  struct call c = {act, p};
  pthread_t thread;
  if (!pthread_create(&thread, 0, run, &c))
    pthread_join(thread, 0);
}
