// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Copies sites out of another process. Their references are relative, so a copy
// has all that it refers to in one piece of memory.

#include "target_sites.h"

#include <cstring>

namespace heapfence {

namespace {

constexpr unsigned MaxFrames = 64; ///< Of a chain of inlined calls.
constexpr size_t MaxTextBytes = 1024;

uint64_t addressOf(const void *P) { return reinterpret_cast<uintptr_t>(P); }

/// The address in the process that a field there, of which `R` is a copy,
/// refers to; 0: nothing.
template <typename T> uint64_t target(uint64_t FieldAt, const Relative<T> &R) {
  return R.Offset ? FieldAt + static_cast<uint64_t>(int64_t(R.Offset)) : 0;
}

/// Makes `R` refer to `To`, nearby.
template <typename T> void refer(Relative<T> &R, const void *To) {
  R.Offset = To ? static_cast<int32_t>(static_cast<const char *>(To) -
                                       reinterpret_cast<const char *>(&R))
                : 0;
}

} // namespace

struct TargetSites::Copy {
  Site Result;
  SourceFrame Outer[MaxFrames]; ///< What the site's frame was inlined into.
  char Texts[1 + 2 * (MaxFrames + 1)][MaxTextBytes];
};

TargetSites::~TargetSites() = default;

TargetSites::TargetSites(const TargetMemory &M, const ObjectTables &Tables)
    : M(M) {
  constexpr uint32_t MostModules = 1 << 16;
  uint32_t Count = M.read<uint32_t>(Tables.ModuleCount).value_or(0);
  if (Count > MostModules)
    return;
  for (uint32_t I = 0; I != Count; ++I) {
    auto Cell = M.read<uint64_t>(Tables.Modules + I * Tables.ModuleStride);
    ModuleDescriptor D;
    if (Cell && *Cell && M.read(*Cell, &D, sizeof(D)) &&
        D.Version == AbiVersion && D.SiteSize == sizeof(Site))
      Modules.push_back(D);
  }
}

const Site *TargetSites::siteAt(uint64_t Address) {
  auto [Entry, IsNew] = Copies.try_emplace(Address);
  if (!IsNew)
    return Entry->second ? &Entry->second->Result : nullptr;
  auto C = std::make_unique<Copy>();
  if (!M.read(Address, &C->Result, sizeof(Site)))
    return nullptr;
  refer(C->Result.Weight, nullptr);
  char (*Text)[MaxTextBytes] = C->Texts;
  auto CopyText = [&](Relative<char> &R, uint64_t FieldAt) {
    char *To = *Text++;
    uint64_t From = target(FieldAt, R);
    std::string Read = From ? readText(M, From, MaxTextBytes) : "";
    memcpy(To, Read.c_str(), Read.size() + 1);
    refer(R, Read.empty() ? nullptr : To);
  };
  CopyText(C->Result.Type, Address + offsetof(Site, Type));
  SourceFrame *F = &C->Result.Where;
  for (unsigned I = 0;; ++I) {
    uint64_t Outer =
        target(Address + offsetof(SourceFrame, InlinedAt), F->InlinedAt);
    CopyText(F->File, Address + offsetof(SourceFrame, File));
    CopyText(F->Function, Address + offsetof(SourceFrame, Function));
    bool HasOuter = Outer && I != MaxFrames &&
                    M.read(Outer, &C->Outer[I], sizeof(SourceFrame));
    refer(F->InlinedAt, HasOuter ? &C->Outer[I] : nullptr);
    if (!HasOuter)
      break;
    F = &C->Outer[I];
    Address = Outer;
  }
  Entry->second = std::move(C);
  return &Entry->second->Result;
}

const Site *TargetSites::ofCall(uint64_t Told, uint64_t Pc) {
  if (Told)
    return siteAt(Told);
  constexpr uint64_t MostBytes = uint64_t(1) << 28;
  for (const ModuleDescriptor &D : Modules) {
    uint64_t Begin = addressOf(D.ReturnsBegin),
             Size = addressOf(D.ReturnsEnd) - Begin;
    if (Size > MostBytes)
      continue;
    std::vector<ReturnRecord> Records(Size / sizeof(ReturnRecord));
    if (!M.read(Begin, Records.data(), Records.size() * sizeof(ReturnRecord)))
      continue;
    uint64_t At = Begin;
    for (const ReturnRecord &R : Records) {
      if (target(At, R.Address) == Pc)
        return siteAt(target(At + offsetof(ReturnRecord, Where), R.Where));
      At += sizeof(R);
    }
  }
  return nullptr;
}

bool TargetSites::isHelper(uint64_t Pc) const {
  for (const ModuleDescriptor &D : Modules)
    if (Pc > addressOf(D.HelpersBegin) && Pc <= addressOf(D.HelpersEnd))
      return true;
  return false;
}

} // namespace heapfence
