// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Takes, releases and reuses slots.

#include "pool.h"

#include <string.h>
#include <unistd.h>

namespace heapfence {

namespace {

/// How often a request tries the lock: it is held for tens of nanoseconds.
/// Whose holder was suspended is not worth waiting for.
constexpr unsigned LockSpins = 20;
/// By who has laid out a chunk.
constexpr unsigned LayingSpins = 1000;
/// fork is rare and must find the pool consistent.
constexpr unsigned ForkSpins = 100'000'000;

bool isPowerOfTwo(size_t N) { return N && !(N & (N - 1)); }

} // namespace

const char *Pool::init(const PoolConfig &Config, uint64_t Random) {
  Pattern = Canary(Random * 0xd1342543de82ef95 ^ Random >> 32);
  Side = Config.Side;
  MaxLive = Config.MaxLive;
  MaxLiveBytes = Config.MaxLiveBytes;
  size_t PageSize = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  Map.init(0, PageSize); // What its sizes are, before its place is known.
  uint32_t SlotsOfOnePage = Map.slotsThatFit(Config.Slots, Config.LightSlots);
  for (unsigned C = 0; C != MaxClassCount; ++C) {
    Classes[C].Quota = Map.quotaOf(C, SlotsOfOnePage);
    Classes[C].OldestFree = Classes[C].NewestFree = NoSlot;
    MaxSlots += Classes[C].Quota;
  }
  SizeClass &Light = Classes[LightClass];
  Light.Quota = MaxLightLive = Config.LightSlots;
  Light.OldestFree = Light.NewestFree = NoSlot;
  MaxSlots += Light.Quota;
  // In front of the window, which begins with a closed page: the slot table,
  // and the page of the control block. One reservation, so that the kernel
  // keeps few mappings. Who overruns something else meets nothing mapped before
  // it.
  size_t Table = (MaxSlots * sizeof(Slot) + PageSize - 1) & ~(PageSize - 1);
  size_t Before = Table + PageSize;
  uintptr_t Base = Memory.reserve(WindowSize, Random, Before);
  if (!Base)
    return "no address space for the pool";
  Map.init(Base, PageSize);
  Slots = reinterpret_cast<Slot *>(Base - Before);
  return Memory.choose(Config.Guard, Base) ? nullptr
                                           : "guard markers do not work here";
}

unsigned Pool::classFor(const Request &R) const {
  if (R.IsLight)
    return LightClass;
  // Room to align it, where that is by more than a page.
  size_t Page = Map.pageSize();
  if (R.Alignment <= Page)
    return Map.classOf(R.Size);
  return Map.classOf((R.Size ? R.Size : 1) + R.Alignment - Page);
}

/// Counts an object of `Class` among the live ones, if it may be one of them.
bool Pool::enter(unsigned Class) {
  const bool IsLight = Class == LightClass;
  if (liveOf(Class).addRelaxed(1) < (IsLight ? MaxLightLive : MaxLive)) {
    if (IsLight)
      return true;
    const uint64_t Bytes = Map.slotBytes(Class);
    if (LiveBytes.addRelaxed(Bytes) + Bytes <= MaxLiveBytes)
      return true;
    LiveBytes.addRelaxed(-Bytes);
  }
  liveOf(Class).addRelaxed(-1);
  return false;
}

void Pool::leave(unsigned Class) {
  liveOf(Class).addRelaxed(-1);
  if (Class != LightClass)
    LiveBytes.addRelaxed(-Map.slotBytes(Class));
}

TakenSlot Pool::take(const Request &R) {
  auto Refuse = [](Counter Reason) {
    count(Reason);
    return TakenSlot{nullptr};
  };
  if (R.Size > (R.IsLight ? MaxLightSize : MaxObjectSize))
    return Refuse(Counter::RefusedSize);
  size_t MostAligned = R.IsLight ? LightMargin : MaxAlignment;
  if (!isPowerOfTwo(R.Alignment) || R.Alignment > MostAligned)
    return Refuse(Counter::RefusedAlignment);
  unsigned Class = classFor(R);
  if (Class == NoClass)
    return Refuse(Counter::RefusedAlignment);
  if (!enter(Class))
    return Refuse(Counter::RefusedLive);
  Taking Taken;
  Counter Refused = takeSlot(Class, Taken);
  // Who comes meanwhile takes a slot that was used before.
  if (Taken.WantsChunk) {
    layOutChunk(Class);
    Refused = takeSlot(Class, Taken);
  }
  uint32_t Index = Taken.Slot;
  if (Index == NoSlot) {
    leave(Class);
    return Refuse(Refused);
  }
  Slot &S = Slots[Index];
  if (Taken.IsFresh) {
    // Not before: the slots of a whole chunk fill many pages.
    S.SizeClass = static_cast<uint8_t>(Class);
    S.Begin = Map.slotBegin(Taken.Chunk, Taken.InChunk);
    S.State.storeRelease(SlotState::Filling);
  }
  if (uintptr_t Changed = R.IsLight ? slack().firstChangeInFreed(S) : 0) {
    leave(Class);
    // Not queued again: its object is still to be seen by the report.
    S.State.storeRelease(SlotState::Retired);
    return {nullptr, Index, Changed};
  }
  place(S, R);
  if (!closeAfterReport(S) || !openObject(S)) {
    leave(Class);
    // Nothing was there: to a stray access it is a freed slot.
    S.Size = 0;
    pushFreed(S);
    return Refuse(Counter::RefusedSystem);
  }
  fillSlack(S);
  return {&S};
}

/// A slot never used before as long as there is one, so that a freed object
/// stays guarded for as long as possible. A new light slot costs as much as all
/// the rest of its use, in page faults: only until enough are waiting.
/// Returns: why there is none, if so. Called again with the same `T`, if that
/// wants a chunk.
Counter Pool::takeSlot(unsigned Class, Taking &T) {
  constexpr uint32_t LightQuarantine = 128;
  if (!Mutex.tryLock(LockSpins))
    return Counter::RefusedBusy;
  collectFreed();
  SizeClass &C = Classes[Class];
  bool IsEnough = Class == LightClass && C.FreeCount > LightQuarantine;
  bool IsAgain = T.WantsChunk;
  if (!IsEnough)
    takeFresh(Class, T);
  if (T.Slot == NoSlot && (IsAgain || !T.WantsChunk))
    T.Slot = oldestFreeSlot(C);
  Mutex.unlock();
  return Counter::RefusedSlots;
}

/// Only its number: a page fault on the table, with the lock held, would let
/// others wait for it.
void Pool::takeFresh(unsigned Class, Taking &T) {
  SizeClass &C = Classes[Class];
  T.WantsChunk = !C.ChunkLeft && C.Laid != C.Quota;
  if (!C.ChunkLeft || C.Laid == C.Quota)
    return;
  unsigned InChunk = C.ChunkSlots - C.ChunkLeft;
  uintptr_t Begin = Map.slotBegin(C.Chunk, InChunk);
  if (Class == LightClass && Begin % Map.pageSize() == 0 &&
      !Memory.open(Begin, Map.pageSize()))
    return;
  T.IsFresh = true;
  T.Chunk = C.Chunk;
  T.InChunk = InChunk;
  T.Slot = C.NextFresh++;
  ++C.Laid;
  --C.ChunkLeft;
}

/// Lays out a chunk for fresh slots of `Class`, unless somebody does. Its
/// system calls wait for those of other threads, and so are made without the
/// lock.
void Pool::layOutChunk(unsigned Class) {
  if (!Laying.tryLock())
    return;
  unsigned Chunk = Map.chunkCount(), Span = Map.chunksFor(Class);
  if (wantsChunk(Class) && Span <= Map.chunkLimit() - Chunk &&
      Memory.prepare(Map.chunkBegin(Chunk), Span * Map.chunkSize()) &&
      Mutex.tryLock(LayingSpins)) {
    addChunk(Class, Chunk);
    Mutex.unlock();
  }
  Laying.unlock();
}

/// False if somebody has laid one out meanwhile.
bool Pool::wantsChunk(unsigned Class) {
  if (!Mutex.tryLock(LayingSpins))
    return false;
  bool Result = !Classes[Class].ChunkLeft;
  Mutex.unlock();
  return Result;
}

/// Gives `Class` the prepared chunk number `Chunk`.
void Pool::addChunk(unsigned Class, unsigned Chunk) {
  SizeClass &C = Classes[Class];
  uint32_t Wanted = C.Quota - C.Laid, InChunk = Map.slotsPerChunk(Class);
  uint32_t Count = Wanted < InChunk ? Wanted : InChunk;
  if (!Map.addChunk(Class, SlotCount.loadRelaxed(), Count))
    return;
  C.Chunk = Chunk;
  C.ChunkSlots = C.ChunkLeft = Count;
  C.NextFresh = SlotCount.loadRelaxed();
  SlotCount.storeRelease(SlotCount.loadRelaxed() + Count);
}

uint32_t Pool::oldestFreeSlot(SizeClass &C) {
  while (C.OldestFree != NoSlot) {
    uint32_t Index = C.OldestFree;
    C.OldestFree = Slots[Index].Next;
    --C.FreeCount;
    if (C.OldestFree == NoSlot)
      C.NewestFree = NoSlot;
    SlotState Expected = SlotState::Freed;
    if (Slots[Index].State.compareExchangeAcqRel(Expected, SlotState::Filling))
      return Index;
    // Retired since: drops out of the queue.
  }
  return NoSlot;
}

void Pool::pushFreed(Slot &S) {
  S.State.storeRelease(SlotState::Freed);
  uint32_t Head = Freed.loadRelaxed();
  do
    S.Next = Head;
  while (!Freed.compareExchangeAcqRel(Head, indexOf(S) + 1));
}

/// Moves what was freed to the queues, oldest first.
void Pool::collectFreed() {
  uint32_t Head = Freed.exchangeAcqRel(0);
  uint32_t Oldest = NoSlot;
  while (Head) {
    Slot &S = Slots[Head - 1];
    uint32_t Rest = S.Next;
    S.Next = Oldest;
    Oldest = indexOf(S);
    Head = Rest;
  }
  while (Oldest != NoSlot) {
    Slot &S = Slots[Oldest];
    SizeClass &C = Classes[S.SizeClass];
    uint32_t Rest = S.Next;
    S.Next = NoSlot;
    if (C.NewestFree == NoSlot)
      C.OldestFree = Oldest;
    else
      Slots[C.NewestFree].Next = Oldest;
    C.NewestFree = Oldest;
    ++C.FreeCount;
    Oldest = Rest;
  }
}

/// Puts the object at one end of the slot's pages.
void Pool::place(Slot &S, const Request &R) {
  size_t Bytes = Map.slotBytes(S.SizeClass);
  bool IsRight =
      Side == Placement::Right || (Side == Placement::Random && (R.Random & 1));
  S.Size = R.Size;
  S.Callee = R.Callee;
  S.Serial = LastSerial.addRelaxed(1) + 1;
  S.IsReported.storeRelaxed(false);
  if (isLight(S)) {
    S.Address = S.Begin + LightMargin;
    return;
  }
  uintptr_t Mask = R.Alignment - 1;
  uintptr_t First = (S.Begin + Mask) & ~Mask;
  // An empty object may be anywhere: its pages stay closed.
  bool IsAmid = R.Size == 0 && R.Alignment < Bytes;
  uintptr_t Wish = IsAmid              ? S.Begin + Bytes / 2
                   : IsRight && R.Size ? S.Begin + Bytes - R.Size
                                       : First;
  S.Address = Wish & ~Mask;
}

bool Pool::openObject(Slot &S) {
  PageRange P = openRange(S, Map.pageSize());
  return isLight(S) || !P.Size || Memory.open(P.Begin, P.Size);
}

void Pool::fillSlack(const Slot &S) {
  PageRange P = openRange(S, Map.pageSize());
  if (!P.Size)
    return;
  Pattern.fill(P.Begin, S.Address);
  Pattern.fill(S.Address + S.Size, P.Begin + P.Size);
  if (isLight(S)) // Others are on new pages.
    memset(reinterpret_cast<void *>(S.Address), 0, S.Size);
}

Slack Pool::slack() const { return {Pattern, Map.pageSize()}; }

uintptr_t Pool::findCorruption(const Slot &S) const {
  return slack().firstChange(S);
}

uintptr_t Pool::findFreedCorruption(uint32_t Index) const {
  const Slot &S = Slots[Index];
  if (!isLight(S) || S.State.loadAcquire() != SlotState::Freed)
    return 0;
  uint64_t Serial = S.Serial;
  uintptr_t Changed = slack().firstChangeInFreed(S);
  // Acquire: what was read is not of a later state.
  __atomic_thread_fence(__ATOMIC_ACQUIRE);
  bool IsSame = S.State.loadAcquire() == SlotState::Freed && S.Serial == Serial;
  return IsSame ? Changed : 0;
}

uintptr_t Pool::whereLeft(uint64_t Value) const {
  constexpr uintptr_t WordSize = sizeof(Value);
  uintptr_t Address = Pattern.addressOf(Value);
  uint32_t Index = Map.locate(Address).Slot;
  if (Address % WordSize || Index == NoSlot || Index >= slotCount())
    return 0;
  const Slot &S = Slots[Index];
  SlotState State = S.State.loadAcquire();
  if (isAllPattern(S, State))
    return Address;
  PageRange P = openRange(S, Map.pageSize());
  bool IsBeside = Address - P.Begin < P.Size && !S.contains(Address) &&
                  !S.contains(Address + WordSize - 1);
  return isLive(State) && IsBeside ? Address : 0;
}

Changes Pool::changesFrom(uintptr_t Address, const Slot &S) const {
  return slack().changesFrom(Address, S);
}

/// Closes what reports opened in and around the slot.
bool Pool::closeAfterReport(Slot &S) {
  if (!S.HasOpenedPages.exchangeAcqRel(false))
    return true;
  size_t Page = Map.pageSize();
  if (Memory.close(S.Begin - Page, Map.slotBytes(S.SizeClass) + 2 * Page))
    return true;
  S.HasOpenedPages.storeRelease(true); // To be tried again.
  return false;
}

ReleaseResult Pool::claim(uintptr_t Address) {
  Place At = Map.locate(Address);
  uint32_t Index = At.Slot;
  if (Index == NoSlot || Index >= slotCount())
    return {ReleaseError::InvalidFree, NoSlot};
  Slot &S = Slots[Index];
  SlotState State = S.State.loadAcquire();
  // A stale pointer may meet a slot that is being filled anew: such a free is
  // an error whichever address it reads.
  if (State == SlotState::Unused || S.Address != Address)
    return {ReleaseError::InvalidFree, Index};
  while (isLive(State)) {
    SlotState Claimed =
        State == SlotState::Live ? SlotState::Freeing : SlotState::FreeingHeld;
    if (S.State.compareExchangeAcqRel(State, Claimed))
      return {ReleaseError::None, Index};
  }
  return {ReleaseError::DoubleFree, Index};
}

bool Pool::hold(uint32_t Index) {
  SlotState Live = SlotState::Live;
  return Slots[Index].State.compareExchangeAcqRel(Live, SlotState::LiveHeld);
}

void Pool::letGo(uint32_t Index) {
  Slot &S = Slots[Index];
  SlotState State = SlotState::LiveHeld;
  if (S.State.compareExchangeAcqRel(State, SlotState::Live))
    return;
  // Freed meanwhile. Either the free has yet to end, or it left that to us.
  if (State == SlotState::FreeingHeld &&
      S.State.compareExchangeAcqRel(State, SlotState::Freeing))
    return;
  finishRelease(S);
}

void Pool::release(uint32_t Index) {
  Slot &S = Slots[Index];
  SlotState State = SlotState::FreeingHeld;
  if (!S.State.compareExchangeAcqRel(State, SlotState::ReleasedHeld))
    finishRelease(S);
}

void Pool::finishRelease(Slot &S) {
  PageRange P = openRange(S, Map.pageSize());
  bool IsClosed = true;
  if (isLight(S))
    Pattern.fill(P.Begin, P.Begin + P.Size);
  else
    IsClosed =
        (!P.Size || Memory.close(P.Begin, P.Size)) && closeAfterReport(S);
  leave(S.SizeClass);
  count(Counter::Freed);
  if (IsClosed)
    return pushFreed(S);
  // Left open: later accesses go unseen, and nobody else gets the slot.
  count(Counter::ProtectFailed);
  S.State.storeRelease(SlotState::Retired);
}

bool Pool::openAfterReport(uintptr_t Address, uint32_t Index) {
  uintptr_t Page = Address & ~(Map.pageSize() - 1);
  Place At = Map.locate(Address);
  if (!At.IsInChunk && !Memory.prepare(Page, Map.pageSize()))
    return false;
  if (!Memory.open(Page, Map.pageSize()))
    return false;
  // It is closed when a slot that it is in, or beside, next changes hands.
  const uint32_t Touched[] = {At.Slot, At.Left, At.Right};
  for (uint32_t T : Touched)
    if (T != NoSlot && !isLight(Slots[T])) // Its neighbours are in use.
      Slots[T].HasOpenedPages.storeRelease(true);
  SlotState Freed = SlotState::Freed;
  if (Index != NoSlot)
    Slots[Index].State.compareExchangeAcqRel(Freed, SlotState::Retired);
  return true;
}

void Pool::forgetSites(const Site *Begin, const Site *End) {
  auto Forget = [&](Trace &T) {
    if (T.Where >= Begin && T.Where < End)
      T.Where = nullptr;
  };
  for (uint32_t I = 0, Count = slotCount(); I != Count; ++I) {
    Forget(Slots[I].Allocation);
    Forget(Slots[I].Release);
  }
}

bool Pool::lockForFork() { return Mutex.tryLock(ForkSpins); }

void Pool::unlockAfterFork() { Mutex.unlock(); }

void Pool::forgetLaying() { Laying.unlock(); }

} // namespace heapfence
