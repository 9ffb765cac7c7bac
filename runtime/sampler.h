// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Who is sampled: judges each trip down the slow path, and refills the
// thread's countdown.
// Called from: slow path.

#ifndef HEAPFENCE_SAMPLER_H
#define HEAPFENCE_SAMPLER_H

#include "governor.h"
#include "sites.h"

namespace heapfence {

enum class SamplingMode : uint8_t {
  Governed, ///< Each site by its weight, as far as there is time.
  Plain,    ///< One in N allocations of all sites alike.
  Interval, ///< Every so often, the next few allocations.
};

/// The weight of all allocation sites where they are sampled alike. Not 1, so
/// that a countdown of governed sampling is soon used up after a change.
inline constexpr uint32_t PlainWeight = 1 << 12;

struct SamplerConfig {
  uint32_t Every = 0;      ///< Plain: N. 0: not plain.
  uint32_t IntervalMs = 0; ///< Interval; 0: no interval.
  uint32_t Burst = 1;      ///< Interval: so many allocations each time.
  /// Each execution of the sites that there are weights for, contexts too,
  /// whatever the other members say: plain sampling of every one.
  bool IsRestricted = false;
};

class Sampler {
public:
  void init(const SamplerConfig &Config);
  SamplingMode mode() const { return Mode; }
  bool isGoverned() const { return Mode == SamplingMode::Governed; }

  /// The weights that the sites of a new module get.
  InitialWeights initialWeights() const;

  /// Samples nothing until called with false.
  void pause(bool IsPaused) { Paused.storeRelaxed(IsPaused); }
  bool isPaused() const { return Paused.loadRelaxed(); }

  /// In governed mode, refuses `S` if there is no time, or if the thread's
  /// countdown is below zero only because it is new (it starts at 0).
  /// A site refused for lack of time asks half as often, or, where `IsBrief`,
  /// far less: a forked child may live for less than what its trips cost.
  /// Returns: false if the site is to be judged.
  bool refuseAtOnce(const Site &S, bool HasTime, bool IsBrief);

  /// Judges an execution of `S` whose guard took the calling thread's
  /// countdown below zero. `Counts` are those of `S`, or null. In governed
  /// mode a refusal is counted, and the weight of `S` adapted.
  /// Returns: how it is guarded; fully where it is sampled otherwise.
  /// Thread-safety: safe. Cost: a few tens of nanoseconds.
  Guarding judgeTrip(const Site &S, SiteCounts *Counts, const Supply &Has);

  /// A context was sampled, but allocated nothing; or what could not be
  /// guarded.
  void sampledInVain(const Site &S);

private:
  /// How many allocations until the next sample, itself included: uniform in
  /// [1, 2N-1], so one in N on average, and exactly every one for N = 1.
  uint32_t draw() const;
  /// The same for a thread's first: so that each of its allocations is sampled
  /// with probability 1/N, however few they are.
  uint32_t drawFirst() const;
  bool isSampledPlain();
  bool isSampledNow();
  Guarding judgeGoverned(const Site &S, SiteCounts *Counts, const Supply &Has);

  SamplingMode Mode = SamplingMode::Governed;
  uint32_t Every = 0; ///< The mean of `draw`.
  uint64_t IntervalNs = 0;
  uint32_t Burst = 0;
  bool IsRestricted = false;
  Atomic<uint64_t> NextOpenNs; ///< Interval: when sampling starts again.
  Atomic<int32_t> BurstLeft;
  Atomic<bool> Paused;
};

} // namespace heapfence

#endif // HEAPFENCE_SAMPLER_H
