// If this fails, an allocation wrapper that calls itself, or allocates more than
// once, is guarded more often than it should be, or crashes.
// RUN: %clang -O0 -I%S/../../../runtime/include %s -o %t
// RUN: env HF=sample_every=0 %run %t | %check %s
// RUN: %clang -O2 -I%S/../../../runtime/include %s -o %t
// RUN: env HF=sample_every=0 %run %t | %check %s
#include <heapfence/heapfence.h>
#include <stdio.h>
#include <stdlib.h>

struct list {
  struct list *next;
  char *text;
};

__attribute__((noinline)) struct list *list_alloc(int length) {
  if (!length)
    return NULL;
  struct list *l = malloc(sizeof(struct list));
  l->text = malloc(length);
  l->next = list_alloc(length - 1);
  return l;
}

static int count(struct list *l) {
  int guarded = 0;
  while (l) {
    struct list *next = l->next;
    guarded += heapfence_is_guarded(l) + heapfence_is_guarded(l->text);
    free(l->text);
    free(l);
    l = next;
  }
  return guarded;
}

int main(void) {
  int first = count(list_alloc(50)), rest = 0;
  for (int i = 0; i != 5000; ++i)
    rest += count(list_alloc(50));
  printf("first: %s, rest: %s\n", first ? "some" : "none",
         rest < 3000 ? "few" : "many");
}
// CHECK: first: some, rest: few
