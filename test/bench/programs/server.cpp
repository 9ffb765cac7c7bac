// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Threads with slots of objects that they replace at random; each hands its
// slots over to a new thread after a while, as the requests of a server do.
//   server SCALE [THREADS]   THREADS at a time (default 8); 0: no further
//   thread
#include "work.h"

#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

namespace {

constexpr long Slots = 1000, Replacements = 100 * Slots;

struct Object {
  char *Bytes = nullptr;
  size_t Size = 0;
};

/// Threads that have no successor.
class Finish {
public:
  void add() {
    std::lock_guard<std::mutex> Guard(Lock);
    ++Count;
    Changed.notify_all();
  }
  void wait(long Wanted) {
    std::unique_lock<std::mutex> Guard(Lock);
    Changed.wait(Guard, [&] { return Count == Wanted; });
  }

private:
  std::mutex Lock;
  std::condition_variable Changed;
  long Count = 0;
};

/// What one thread hands over to the next.
class Desk {
public:
  Desk(uint64_t Seed, long Generations)
      : Objects(Slots), Random(Seed), GenerationsLeft(Generations) {}

  bool serve() {
    for (long I = 0; I < Replacements; ++I) {
      Object &O = Objects[draw(&Random) % Slots];
      drop(O);
      O.Size = draw_size(&Random, 8, 1000);
      O.Bytes = new char[O.Size];
      stamp(O.Bytes, O.Size, draw(&Random));
    }
    return --GenerationsLeft > 0;
  }

  uint64_t close() {
    for (Object &O : Objects)
      drop(O);
    return Sum;
  }

private:
  void drop(Object &O) {
    if (O.Bytes)
      Sum = Sum * 31 + (stamp_of(O.Bytes, O.Size) ^ O.Size);
    delete[] O.Bytes;
    O.Bytes = nullptr;
  }

  std::vector<Object> Objects;
  uint64_t Random, Sum = 0;
  long GenerationsLeft;
};

void serveAndHandOver(Desk *D, Finish *End) {
  if (D->serve())
    std::thread(serveAndHandOver, D, End).detach();
  else
    End->add();
}

} // namespace

int main(int Count, char **Arguments) {
  long Generations = argument(Count, Arguments, 1, 1);
  long Threads = argument(Count, Arguments, 2, 8);
  long DeskCount = Threads ? Threads : 1;
  Finish End;
  std::vector<Desk> Desks;
  for (long I = 0; I < DeskCount; ++I)
    Desks.emplace_back(I + 1, (Generations + DeskCount - 1) / DeskCount);
  if (Threads == 0)
    while (Desks[0].serve())
      ;
  for (long I = 0; I < Threads; ++I)
    std::thread(serveAndHandOver, &Desks[I], &End).detach();
  End.wait(Threads);
  uint64_t Sum = 0;
  for (Desk &D : Desks)
    Sum += D.close();
  print_checksum(Sum);
  return 0;
}
