// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Static branches in code: which ones a site has, and writing them.
// Called from: module constructors, slow path, ticker.

#ifndef HEAPFENCE_BRANCH_H
#define HEAPFENCE_BRANCH_H

#include "heapfence/abi.h"
#include "modules.h"
#include "sync.h"

namespace heapfence {

/// A linked module's branches, ordered by site.
class BranchTable {
public:
  /// Makes the table of `Module`; none if it has no branches.
  /// Returns: false if there is no memory.
  bool init(const ModuleDescriptor &Module);
  /// Gives the memory back.
  void clear();

  bool isEmpty() const { return !Ordered; }
  /// Whether those of the site numbered `Nth` in the module are open. Requires:
  /// not empty.
  Atomic<bool> &isOpen(uint32_t Nth) const { return Opened[Nth]; }
  /// Where the branches of site `Nth` begin; those of the next one follow.
  const BranchRecord *const *branches(uint32_t Nth) const {
    return Ordered + First[Nth];
  }
  /// The code that the branches lie in.
  const LoadedSegment &text() const { return Text; }

private:
  LoadedSegment Text = {};
  const BranchRecord **Ordered = nullptr;
  uint32_t *First = nullptr; ///< One more than there are sites.
  Atomic<bool> *Opened = nullptr;
  size_t Bytes = 0; ///< Of all three, in one mapping.
};

/// Writes branches, many at a time: what costs is not the branch, but to make
/// its page writable, and to tell all CPUs.
///
/// A page of code stays executable all the time; it is writable as well while
/// its branches are written, each by one store of an aligned word, so that a
/// thread that executes it sees the old or the new instruction.
/// Thread-safety: one thread at a time.
class BranchWriter {
public:
  /// Tries, without changing anything, what writing needs, and registers for
  /// it. Also in a forked child, once.
  /// Returns: null, or what the system refuses.
  [[nodiscard]] static const char *probe();

  /// Adds a branch to the batch; flushes it if it is full. What is not a branch
  /// (any more), or lies outside of `Text`, stays as it is.
  void add(const BranchRecord &B, const LoadedSegment &Text, bool IsOpen);
  /// Writes the batch.
  void flush();
  /// What the system refused to `flush`, ever; null if nothing.
  const char *refusal() const { return Refusal; }

private:
  struct Change {
    uintptr_t At, Slow;
    bool IsOpen;
  };

  void sort();
  unsigned writeRange(unsigned First);

  static constexpr unsigned Capacity = 256;
  Change Changes[Capacity] = {};
  unsigned Count = 0;
  LoadedSegment Text = {}; ///< Of all in the batch.
  const char *Refusal = nullptr;
};

} // namespace heapfence

#endif // HEAPFENCE_BRANCH_H
