// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Which sites get the time that there is.

#include "governor.h"

namespace heapfence {

namespace {

/// The level from which on a site that was fully guarded so often gets the time
/// for it again.
int64_t leastLevelForFull(uint32_t Full, const Supply &Has) {
  if (Full == 0)
    return -Has.DebtLimit / 2;
  if (Full < 4)
    return Has.Capacity / 8;
  return Has.Capacity / (Full < CoveredCount ? 4 : 2);
}

int64_t leastLevelForLight(uint32_t Guarded, const Supply &Has) {
  if (Guarded == 0)
    return -Has.DebtLimit;
  if (Guarded == 1)
    return -Has.DebtLimit / 2;
  if (Guarded < 4)
    return 0;
  if (Guarded < CoveredCount)
    return Has.Capacity / (Guarded < 16 ? 16 : 4);
  // More than what makes sites ask again: see `hasPlenty`.
  return Has.Capacity * 7 / 16;
}

uint32_t larger(uint32_t A, uint32_t B) { return A > B ? A : B; }

uint32_t whenRefused(const SiteState &Site, unsigned Shift) {
  uint32_t Weight = Site.Weight < MeanRefill ? Site.Weight : MeanRefill;
  return larger(Weight >> Shift, WaitingWeight);
}

uint32_t whenSampled(const SiteState &Site) {
  if (Site.Guarded + 1 < CoveredCount)
    return Site.Weight >= MeanRefill / 2 ? AlwaysWeight : Site.Weight * 2;
  uint32_t Weight = Site.Weight < MeanRefill ? Site.Weight : MeanRefill;
  // Below the floor after a time without time.
  uint32_t Back = Weight < FloorWeight / 2 ? Weight * 2 : FloorWeight;
  return larger(Weight - Weight / 32, Back);
}

} // namespace

Judgement judge(const SiteState &Asking, const Supply &Has) {
  SiteState Site = Asking;
  if (Site.IsFocused) {
    Site.Guarded /= 8;
    Site.Full /= 8;
  }
  bool HasRoom = !Has.IsLiveTight || !Site.Full;
  bool HasLightRoom = !Has.IsLightTight || !Site.Guarded;
  if (HasRoom && Has.Level > leastLevelForFull(Site.Full, Has))
    return {Guarding::Full, Refusal::None, whenSampled(Site)};
  if (Has.Level <= leastLevelForLight(Site.Guarded, Has))
    return {Guarding::None, Refusal::NoTime, whenRefused(Site, 1)};
  if (!HasLightRoom)
    return {Guarding::None, Refusal::NoRoom, whenRefused(Site, 2)};
  return {Guarding::Light, Refusal::None, whenSampled(Site)};
}

bool hasPlenty(const Supply &Has) {
  // Between what sites that are not covered wait for and what covered ones do,
  // who would keep the level there for ever.
  return Has.Level > Has.Capacity * 3 / 8;
}

uint32_t whenOpened(const SiteState &Site) {
  return Site.Guarded < CoveredCount ? AlwaysWeight : MeanRefill / 64;
}

uint32_t rearmed(const SiteState &Site) {
  if (!Site.Weight || Site.Weight >= AlwaysWeight)
    return Site.Weight;
  if (Site.Guarded >= CoveredCount)
    return larger(Site.Weight, FloorWeight);
  return Site.Weight >= MeanRefill / 8 ? AlwaysWeight : Site.Weight * 8;
}

} // namespace heapfence
