// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Who is sampled: judges each trip down the slow path, and refills the
// thread's countdown.
// Called from: slow path.

#ifndef HEAPFENCE_SAMPLER_H
#define HEAPFENCE_SAMPLER_H

#include "heapfence/abi.h"

namespace heapfence {

class Sampler {
public:
  /// `SampleEvery`: one in N allocations of all sites alike; 0: each site's
  /// first execution, then one in 5000.
  void init(uint32_t SampleEvery);

  /// The weight that the sites of a new module get.
  uint32_t initialWeight() const;

  /// Judges an execution of `S` whose guard took the calling thread's
  /// countdown below zero. Returns: true if it is sampled.
  /// Thread-safety: safe. Cost: a few nanoseconds.
  bool isSampled(const Site &S);

private:
  bool isUniform() const { return IsUniform; }
  /// How many allocations until the next sample, itself included: uniform in
  /// [1, 2N-1], so one in N on average, and exactly every one for N = 1.
  uint32_t draw() const;
  /// The same for a thread's first: so that each of its allocations is sampled
  /// with probability 1/N, however few they are.
  uint32_t drawFirst() const;
  bool consume(int32_t Countdown);

  uint32_t Every = 0;
  bool IsUniform = false;
};

} // namespace heapfence

#endif // HEAPFENCE_SAMPLER_H
