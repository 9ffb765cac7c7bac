// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One thread allocates, another frees: batches of small objects over a queue.
//   handoff SCALE [PAIRS]   PAIRS of threads (default 4); 0: one thread is both
#include "work.h"

#include <pthread.h>

enum { OBJECTS = 100, QUEUE = 32, BATCHES = 400, MOST_PAIRS = 64 };

struct object {
  uint64_t stamp;
  uint32_t size;
};

struct batch {
  struct object *objects[OBJECTS];
};

struct pair {
  pthread_mutex_t lock;
  pthread_cond_t has_room, has_batch;
  struct batch *queue[QUEUE];
  long taken, put;
  long batches;
  uint64_t random, sum;
};

static struct batch *produce(struct pair *p) {
  struct batch *b = malloc(sizeof(*b));
  for (int i = 0; i < OBJECTS; ++i) {
    size_t size = draw_size(&p->random, sizeof(struct object) + 8, 320);
    struct object *o = malloc(size);
    stamp(o, size, draw(&p->random));
    o->size = (uint32_t)size;
    b->objects[i] = o;
  }
  return b;
}

static void consume(struct pair *p, struct batch *b) {
  for (int i = 0; i < OBJECTS; ++i) {
    struct object *o = b->objects[i];
    p->sum = p->sum * 31 + (stamp_of(o, o->size) ^ o->size);
    free(o);
  }
  free(b);
}

static void *produce_all(void *pair) {
  struct pair *p = pair;
  for (long i = 0; i < p->batches; ++i) {
    struct batch *b = produce(p);
    pthread_mutex_lock(&p->lock);
    while (p->put - p->taken == QUEUE)
      pthread_cond_wait(&p->has_room, &p->lock);
    p->queue[p->put++ % QUEUE] = b;
    pthread_cond_signal(&p->has_batch);
    pthread_mutex_unlock(&p->lock);
  }
  return NULL;
}

static void *consume_all(void *pair) {
  struct pair *p = pair;
  for (long i = 0; i < p->batches; ++i) {
    pthread_mutex_lock(&p->lock);
    while (p->put == p->taken)
      pthread_cond_wait(&p->has_batch, &p->lock);
    struct batch *b = p->queue[p->taken++ % QUEUE];
    pthread_cond_signal(&p->has_room);
    pthread_mutex_unlock(&p->lock);
    consume(p, b);
  }
  return NULL;
}

static void initialize(struct pair *p, long batches, uint64_t seed) {
  pthread_mutex_init(&p->lock, NULL);
  pthread_cond_init(&p->has_room, NULL);
  pthread_cond_init(&p->has_batch, NULL);
  p->batches = batches;
  p->random = seed;
}

int main(int count, char **arguments) {
  static struct pair pairs[MOST_PAIRS];
  static pthread_t producers[MOST_PAIRS], consumers[MOST_PAIRS];
  long batches = BATCHES * argument(count, arguments, 1, 1), sum = 0;
  long pair_count = argument(count, arguments, 2, 4);
  require(pair_count <= MOST_PAIRS, "so many pairs");
  if (pair_count == 0) {
    initialize(&pairs[0], batches, 1);
    for (long i = 0; i < batches; ++i)
      consume(&pairs[0], produce(&pairs[0]));
    sum = (long)pairs[0].sum;
  }
  for (long i = 0; i < pair_count; ++i) {
    initialize(&pairs[i], batches / pair_count, (uint64_t)i + 1);
    require(!pthread_create(&producers[i], NULL, produce_all, &pairs[i]) &&
                !pthread_create(&consumers[i], NULL, consume_all, &pairs[i]),
            "create a thread");
  }
  for (long i = 0; i < pair_count; ++i) {
    pthread_join(producers[i], NULL);
    pthread_join(consumers[i], NULL);
    sum += (long)pairs[i].sum;
  }
  print_checksum((uint64_t)sum);
  return 0;
}
