// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Groups of senders and receivers over socket pairs; each message lies in a
// heap object of the sender's, and in one of the receiver's.
//   messages SCALE [GROUPS]   GROUPS of threads (default 2); 0: one thread is
//   both
#include "work.h"

#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MEMBERS = 4, MESSAGES = 250, SIZE = 100, MOST_GROUPS = 32 };

/// Each sender of the group sends to each receiver.
struct group {
  int in[MEMBERS], out[MEMBERS]; // a socket pair for each receiver
  long messages;                 // by each sender to each receiver
  uint64_t sums[MEMBERS];
};

struct member {
  pthread_t thread;
  struct group *group;
  int number;
};

static void send_one(int socket, uint64_t value) {
  char *message = malloc(SIZE);
  memset(message, (int)(value & 0xff), SIZE);
  stamp(message, SIZE, value);
  require(write(socket, message, SIZE) == SIZE, "write a message");
  free(message);
}

static uint64_t receive_one(int socket) {
  char *message = malloc(SIZE);
  require(read(socket, message, SIZE) == SIZE, "read a message");
  uint64_t value = stamp_of(message, SIZE);
  require(message[SIZE / 2] == (char)value, "a message comes as it was sent");
  free(message);
  return value;
}

static void *send_all(void *member) {
  struct member *m = member;
  uint64_t random = (uint64_t)m->number;
  for (long i = 0; i < m->group->messages; ++i)
    for (int to = 0; to < MEMBERS; ++to)
      send_one(m->group->in[to], draw(&random));
  return NULL;
}

static void *receive_all(void *member) {
  struct member *m = member;
  // In which order those of several senders come is chance.
  for (long i = 0; i < m->group->messages * MEMBERS; ++i)
    m->group->sums[m->number] += receive_one(m->group->out[m->number]);
  return NULL;
}

static void open_group(struct group *g, long messages) {
  g->messages = messages;
  for (int i = 0; i < MEMBERS; ++i) {
    int sockets[2];
    require(!socketpair(AF_UNIX, SOCK_SEQPACKET, 0, sockets),
            "open a socket pair");
    g->in[i] = sockets[0];
    g->out[i] = sockets[1];
  }
}

static void start(struct member *m, struct group *g, int number,
                  void *(*body)(void *)) {
  m->group = g;
  m->number = number;
  require(!pthread_create(&m->thread, NULL, body, m), "create a thread");
}

/// Of all that the members received.
static uint64_t sum_of(const struct group *g) {
  uint64_t sum = 0;
  for (int i = 0; i < MEMBERS; ++i)
    sum = sum * 31 + g->sums[i];
  return sum;
}

static uint64_t by_one_thread(long messages) {
  struct group g = {0};
  uint64_t random = 0;
  open_group(&g, messages);
  for (long i = 0; i < messages * MEMBERS; ++i)
    for (int to = 0; to < MEMBERS; ++to) {
      send_one(g.in[to], draw(&random));
      g.sums[to] += receive_one(g.out[to]);
    }
  return sum_of(&g);
}

int main(int count, char **arguments) {
  static struct group groups[MOST_GROUPS];
  static struct member members[MOST_GROUPS][2 * MEMBERS];
  long messages = MESSAGES * argument(count, arguments, 1, 1);
  long group_count = argument(count, arguments, 2, 2);
  uint64_t sum = 0;
  require(group_count <= MOST_GROUPS, "so many groups");
  if (group_count == 0)
    sum = by_one_thread(messages);
  for (long g = 0; g < group_count; ++g) {
    open_group(&groups[g], messages / group_count);
    for (int i = 0; i < MEMBERS; ++i) {
      start(&members[g][i], &groups[g], i, receive_all);
      start(&members[g][MEMBERS + i], &groups[g], i, send_all);
    }
  }
  for (long g = 0; g < group_count; ++g) {
    for (int i = 0; i < 2 * MEMBERS; ++i)
      pthread_join(members[g][i].thread, NULL);
    sum += sum_of(&groups[g]);
  }
  print_checksum(sum);
  return 0;
}
