// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Which static branches are open: the policy. A site whose branch is open
// counts down on the slow path, as the code of other sites does by itself; one
// whose branch is closed is not executed as far as the sampler knows. Called
// from: module constructors, slow path, ticker.

#ifndef HEAPFENCE_GATES_H
#define HEAPFENCE_GATES_H

#include "branch.h"
#include "governor.h"
#include "sites.h"

namespace heapfence {

class Gates {
public:
  /// Opens the branches of a new module: all, or those that there is time for.
  /// Before the first, tries whether the system lets code be written; if not,
  /// says so once, and all branches stay closed for ever.
  /// Returns: true if the module has branches that may be opened: the ticker is
  /// needed.
  bool openNew(const ModuleDescriptor &Module);

  /// True once there are branches that may be opened and closed.
  bool areUsed() const { return AreUsed.loadRelaxed(); }
  /// True while the mode of sampling asks for none to be open.
  static bool isIdle() { return wish() == Wish::None; }

  /// Open branches were taken `Count` times, last that of `S`, for a site that
  /// was not sampled. When that has cost as much as closing branches does,
  /// closes those that it was told of since. Thread-safety: safe.
  /// Signal-safety: safe.
  void countVain(const Site &S, uint32_t Count);

  /// Opens what the governor would give time now, of what is closed.
  /// Called from: ticker.
  void openNext();
  /// Opens or closes all branches if the mode of sampling asks for that.
  /// Called from: ticker.
  void followMode();

  /// A context was armed: opens the allocation sites that served one before.
  void openServing();
  /// Allocation site `S` served a context.
  void setServing(const Site &S);
  /// Opens all allocation sites.
  void openAllocations();

  /// Forgets what belongs to a module that goes away.
  void forget(const ModuleDescriptor &Module);

  /// Keep branches consistent across fork, as the pool's do.
  [[nodiscard]] bool lockForFork() HF_NO_ANALYSIS;
  void unlockAfterFork() HF_NO_ANALYSIS;
  /// Before a fork of a child that there is no time for: lets it find all
  /// branches closed. They stay so here too, until there is time.
  void closeAll();
  /// In the child, where no ticker opens anything yet: opens some sites that
  /// are executed often.
  void openInChild();

private:
  /// What the mode of sampling asks for.
  enum class Wish : uint8_t { None, Governed, All };

  static Wish wish();
  static bool isOpenable(const ModuleSites &M, uint32_t Nth);
  void start() HF_REQUIRES(Mutex);
  void finish() HF_REQUIRES(Mutex);
  void set(const ModuleSites &M, uint32_t Nth, bool IsOpen) HF_REQUIRES(Mutex);
  void open(const ModuleSites &M, uint32_t Nth) HF_REQUIRES(Mutex);
  void openModule(const ModuleSites &M) HF_REQUIRES(Mutex);
  bool openSome(const ModuleSites &M, Supply &Has) HF_REQUIRES(Mutex);
  void openIn(const ModuleSites &M, bool Contexts) HF_REQUIRES(Mutex);
  void closeIn(const ModuleSites &M) HF_REQUIRES(Mutex);
  void closeHot() HF_REQUIRES(Mutex);
  void standDown(const char *What, const char *Reason);

  static constexpr unsigned MaxServing = 32, RecentCount = 4, MaxHot = 64;

  Atomic<bool> AreUsed;
  Atomic<bool> WasTried; ///< Whether the system lets code be written.
  TryLock Mutex;
  BranchWriter Code HF_GUARDED_BY(Mutex);
  uint64_t StartNs HF_GUARDED_BY(Mutex) = 0; ///< CPU time of the thread.
  Wish Followed HF_GUARDED_BY(Mutex) = Wish::None;
  bool IsAnyOpen HF_GUARDED_BY(Mutex) = false;
  /// Where `openNext` goes on.
  uint32_t NextModule HF_GUARDED_BY(Mutex) = 0;
  uint32_t NextSite HF_GUARDED_BY(Mutex) = 0;
  /// Closed last: executed often.
  const Site *Recent[RecentCount] HF_GUARDED_BY(Mutex) = {};
  unsigned RecentNext HF_GUARDED_BY(Mutex) = 0;
  /// What `countVain` was told since it last closed.
  Atomic<uint32_t> VainTrips, HotCount;
  Atomic<const Site *> Hot[MaxHot];
  Atomic<const Site *> Serving[MaxServing];
  Atomic<uint32_t> ServingCount;
};

} // namespace heapfence

#endif // HEAPFENCE_GATES_H
