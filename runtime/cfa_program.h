// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Runs the programs that call frame information consists of: bytes in, one
// frame rule out. Reads nothing but those bytes.
// Called from: slow path of sampled allocations, signal handler.

#ifndef HEAPFENCE_CFA_PROGRAM_H
#define HEAPFENCE_CFA_PROGRAM_H

#include <stdint.h>
#include <string.h>

namespace heapfence {

/// Reads forward in [At, End). A read past the end gives 0, and so do all
/// reads after it; callers check `Failed` when they have read enough.
struct Cursor {
  uintptr_t At = 0;
  uintptr_t End = 0;
  bool Failed = false;

  uintptr_t left() const { return End - At; }

  void fail() {
    Failed = true;
    At = End;
  }

  void skip(uint64_t Bytes) {
    if (Bytes > left())
      return fail();
    At += Bytes;
  }

  template <typename T> T read() {
    T Value = 0;
    if (left() < sizeof(T)) {
      fail();
      return Value;
    }
    memcpy(&Value, reinterpret_cast<const void *>(At), sizeof(T));
    At += sizeof(T);
    return Value;
  }

  uint64_t readUleb() { return readLeb(/*IsSigned=*/false); }
  int64_t readSleb() {
    return static_cast<int64_t>(readLeb(/*IsSigned=*/true));
  }

  /// The next `Bytes` bytes as a cursor of their own; this one moves past.
  Cursor take(uint64_t Bytes) {
    const uintptr_t Start = At;
    skip(Bytes);
    return Failed ? Cursor{At, At, true} : Cursor{Start, At, false};
  }

private:
  uint64_t readLeb(bool IsSigned) {
    uint64_t Value = 0;
    for (unsigned Shift = 0;; Shift += 7) {
      const uint8_t Byte = read<uint8_t>();
      if (Shift < 64)
        Value |= uint64_t(Byte & 0x7f) << Shift;
      if (Byte & 0x80)
        continue;
      if (IsSigned && (Byte & 0x40) && Shift + 7 < 64)
        Value |= ~uint64_t(0) << (Shift + 7);
      return Value;
    }
  }
};

/// What a frame rule tells.
enum class FrameKind : uint8_t {
  None,   ///< Nothing usable is known.
  Call,   ///< An ordinary frame; the other fields hold.
  Signal, ///< The signal trampoline: the interrupted context is on the stack.
  End     ///< The outermost frame: there is no caller.
};

/// Where the caller's frame pointer is.
enum class CallerFp : uint8_t {
  Same,  ///< Still in the register.
  AtCfa, ///< Saved at CFA + 8 * FpWords.
  AtFp,  ///< Saved at Fp + 8 * FpWords.
  Lost   ///< Nowhere that we can follow.
};

/// How to get from a function's registers to its caller's, in one word. The
/// canonical frame address (CFA) is the stack pointer before the call:
///   Base = CfaUsesFp ? Fp : Sp
///   CFA  = CfaIsLoaded ? *(Base + CfaOffset) + 8 * CfaWords
///                      : Base + CfaOffset
struct FrameRule {
  uint64_t KindBits : 2; ///< A `FrameKind`.
  uint64_t FpBits : 2;   ///< A `CallerFp`.
  uint64_t CfaUsesFp : 1;
  uint64_t CfaIsLoaded : 1;
  uint64_t PcIsInLr : 1;  ///< The return address is still in the register.
  int64_t CfaOffset : 24; ///< Bytes.
  int64_t CfaWords : 5;
  int64_t PcWords : 14; ///< Return address: at CFA + 8 * PcWords.
  int64_t FpWords : 14;

  FrameKind kind() const { return static_cast<FrameKind>(KindBits); }
  CallerFp callerFp() const { return static_cast<CallerFp>(FpBits); }
};
static_assert(sizeof(FrameRule) == 8, "a cache entry holds it in one word");

/// A common information entry, as far as it matters for finding rows.
struct CfaCommon {
  uint64_t CodeAlign = 0;
  uint64_t DataAlign = 0;
  uint8_t PcEncoding = 0; ///< absptr unless the augmentation says otherwise.
  bool HasAugmentationData = false;
  bool IsSignalFrame = false;
  Cursor Program; ///< The instructions that all of its FDEs begin with.
};

/// The rule at the instruction at `Pc`, which lies in a function at `Start`
/// with the instructions `Common.Program`, then `Program`.
/// Returns: a rule of kind None if they are malformed or describe what
/// `FrameRule` cannot express.
FrameRule runCfaProgram(const CfaCommon &Common, Cursor Program,
                        uintptr_t Start, uintptr_t Pc);

} // namespace heapfence

#endif // HEAPFENCE_CFA_PROGRAM_H
