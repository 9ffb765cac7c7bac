// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The policy of the default mode: which sites get the time that there is. Pure.
// Called from: slow path, tests.

#ifndef HEAPFENCE_GOVERNOR_H
#define HEAPFENCE_GOVERNOR_H

#include "heapfence/abi.h"

namespace heapfence {

/// A site of weight W is sampled with probability W / MeanRefill at each
/// execution: countdowns are refilled with this on average.
inline constexpr uint32_t MeanRefill = 1 << 24;

/// Sampled at every execution, whatever the countdown: `UncoveredWeight`.
inline constexpr uint32_t AlwaysWeight = UncoveredWeight;

/// What a site that was guarded often sinks to: 1 in 5000, which is GWP-ASan's
/// rate.
inline constexpr uint32_t FloorWeight = MeanRefill / 5000;

/// What a site sinks to while there is no time. At a hundred million executions
/// a second it asks 1500 times.
inline constexpr uint32_t WaitingWeight = MeanRefill / 65536;

/// Guarded so often, a site is covered: from here on its weight decays.
inline constexpr uint32_t CoveredCount = 64;

/// How an object is guarded.
enum class Guarding : uint8_t {
  None,
  /// Between canaries: finds bad frees and writes, for about a microsecond.
  Light,
  /// Between closed pages: finds reads too, at the access.
  Full,
};

/// What is known of a site when it asks.
struct SiteState {
  uint32_t Weight;
  uint32_t Guarded; ///< Objects guarded on its behalf.
  uint32_t Full;    ///< Of those, fully.
  /// The user wants it looked at first: it counts as guarded an eighth as
  /// often.
  bool IsFocused = false;
};

/// How much there is of what guarding takes.
struct Supply {
  int64_t Level, Capacity, DebtLimit; ///< Of CPU time: see `Budget`.
  bool IsLiveTight;  ///< More than 3/4 of the objects that may live do.
  bool IsLightTight; ///< The same of the light ones.
};

enum class Refusal : uint8_t { None, NoTime, NoRoom };

struct Judgement {
  Guarding How;
  Refusal Why;     ///< If it is not guarded.
  uint32_t Weight; ///< What the site's weight becomes.
};

/// Judges an execution of a site. The less a site was guarded, the lower the
/// level at which it still gets time: for full guarding if there is so much,
/// else for light guarding. One that was hardly ever guarded may take time on
/// credit. A refused site asks half as often, an accepted one twice
/// as often, until it is covered; then its weight decays by 1/32 each time, so
/// that of N executions about 64 (1 + ln(N / 64) / 2) are guarded, if there is
/// time.
Judgement judge(const SiteState &Site, const Supply &Has);

/// True if there is so much time that refused sites should ask again.
bool hasPlenty(const Supply &Has);

/// The weight of a site whose static branch is opened: a covered one is
/// executed some hundred times before it is closed again, and sampled a few
/// times.
uint32_t whenOpened(const SiteState &Site);

/// What the weight of a site that nobody heard of for a while becomes when
/// there is plenty: eight times as much, until it is always sampled; of a
/// covered site, the floor. 0 (switched off) stays.
uint32_t rearmed(const SiteState &Site);

} // namespace heapfence

#endif // HEAPFENCE_GOVERNOR_H
