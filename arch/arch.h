// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the generic code asks of a CPU. One implementation file per CPU, chosen
// by the build; nothing else in the project knows the CPU.

#ifndef HEAPFENCE_ARCH_H
#define HEAPFENCE_ARCH_H

#include "heapfence/abi.h"
#include "pointer_tag.h"
#include <stdint.h>

namespace heapfence {

/// How memory was accessed, as far as the CPU tells.
enum class Access : uint8_t { Unknown, Read, Write, Execute };

/// The registers an unwinder starts from. `Pc` is the address of the
/// instruction itself for a fault, a return address for a call.
struct FrameRegisters {
  uintptr_t Pc;
  uintptr_t Sp;
  uintptr_t Fp;
  uintptr_t Lr; ///< Link register; 0 on CPUs that keep it on the stack.
};

/// The standard frame record of both CPUs, which a function with a frame
/// pointer keeps: what its caller looks like.
struct CallerFrame {
  uintptr_t Fp; ///< The caller's frame pointer register.
  uintptr_t Pc; ///< Return address into the caller.
};

/// Each CPU's file defines `__heapfence_check_buffers`, which is jumped to in
/// place of a function (see abi.h): hands the registers that six arguments of
/// it come in to this, with the record of the function and the frame of its
/// call, and jumps on to the function with all registers that arguments come in
/// as they were.
extern "C" void heapfence_checkBuffers(const uint64_t *Arguments,
                                       const struct BufferRecord *Call,
                                       const CallerFrame *Caller);

namespace arch {

/// The registers at the point where signal `Context` (a ucontext_t) was taken.
/// Signal-safety: safe.
FrameRegisters registersOf(const void *Context);

/// How the instruction at fault accessed memory.
/// Signal-safety: safe.
Access accessOf(const void *Context);

/// How many general purpose registers there are, and their values at the point
/// where signal `Context` was taken.
/// Signal-safety: safe.
#if defined(__x86_64__)
inline constexpr unsigned GeneralRegisterCount = 16;
#else
inline constexpr unsigned GeneralRegisterCount = 31;
#endif
void generalRegisters(const void *Context,
                      uint64_t (&Values)[GeneralRegisterCount]);

/// The address that `Pointer`, which the program made, points to: without the
/// bits that the CPU ignores, see pointer_tag.h.
/// Signal-safety: safe.
uintptr_t untagged(uintptr_t Pointer);

inline uintptr_t untagged(const void *Pointer) {
  return untagged(reinterpret_cast<uintptr_t>(Pointer));
}

/// What a static branch (`BranchRecord`) is written by: one store of the
/// aligned word that it lies in.
#if defined(__x86_64__)
using BranchWord = uint64_t;
#else
using BranchWord = uint32_t;
#endif
/// `Word` with the branch at `At` closed, or open with destination `Slow`.
/// Closed too if that is too far away for the instruction.
BranchWord withBranch(BranchWord Word, uintptr_t At, uintptr_t Slow,
                      bool IsOpen);
/// Makes what was written to the branch at `At` what a CPU fetches that has not
/// fetched it yet.
void publishBranch(uintptr_t At);

/// What the thread-local variables of the calling thread lie at fixed distances
/// from. Signal-safety: safe.
uintptr_t threadPointer();

/// A number that grows at a constant rate with time.
uint64_t cycles();
/// By how much it grows in a millisecond; 0 where the CPU does not tell.
uint64_t cyclesPerMs();

/// Bits that are clear, and set, in the address of every guarded object, see
/// abi.h; 0 where there are none such.
#if defined(__x86_64__)
inline constexpr uintptr_t OutsideBit = uintptr_t(1) << X86OutsideBit;
inline constexpr uintptr_t InsideBit = uintptr_t(1) << X86InsideBit;
#else
inline constexpr uintptr_t OutsideBit = 0, InsideBit = 0;
#endif

/// The bits of a pointer, above `WindowLog2`, that tell which window it points
/// into: together with those above, and whatever its tag.
#if defined(__x86_64__)
inline uint16_t windowOf(uintptr_t Pointer) { return x86WindowOf(Pointer); }
#else
inline uint32_t windowOf(uintptr_t Pointer) { return arm64WindowOf(Pointer); }
#endif

/// What tells the CPUs apart when stacks are unwound.
struct FrameFacts {
  unsigned DwarfFp, DwarfSp, DwarfPc; ///< DWARF register numbers.
  /// The distance between a return address and the call it belongs to (enough
  /// to point into the call instruction).
  uintptr_t CallLength;
  /// The frame record is the first that a function pushes. Else it may be
  /// anywhere in the frame, and does not tell where that ends.
  bool RecordIsOutermost;
  /// From the top of the kernel's frame of a signal to the ucontext_t.
  uintptr_t ContextOffset;
  uintptr_t AddressBits; ///< Of a pointer, without what `stripTag` takes away.
};
inline constexpr FrameFacts X86_64Frames = {6,    7, 16,           1,
                                            true, 0, ~uintptr_t(0)};
/// The tag is the top byte; the code that authenticates a pointer is in the
/// bits above the address, which has 48 unless the program asked for more. The
/// context is behind a siginfo_t.
inline constexpr FrameFacts Arm64Frames = {
    29, 31, 30, 4, false, 128, (uintptr_t(1) << 48) - 1};

#if defined(HF_LOOKS_AT_ANY_CPU)
/// The tool: those of the process that it looks at (see core.h).
extern FrameFacts Frames;
#elif defined(__x86_64__)
inline constexpr FrameFacts Frames = X86_64Frames;
#elif defined(__aarch64__)
inline constexpr FrameFacts Frames = Arm64Frames;
#else
#error "HeapFence supports x86-64 and arm64."
#endif

/// `Address` without tag and pointer-authentication bits.
/// Signal-safety: safe.
inline uintptr_t stripTag(uintptr_t Address) {
  return Address & Frames.AddressBits;
}

/// The registers of the caller, as they are after the call returns. On x86-64
/// the frame record is the last thing that the call pushed; on arm64 the frame
/// goes on behind its record, nobody knows how far.
inline FrameRegisters registersOf(const CallerFrame &Frame) {
  return {stripTag(Frame.Pc), reinterpret_cast<uintptr_t>(&Frame + 1), Frame.Fp,
          /*Lr=*/0};
}

} // namespace arch
} // namespace heapfence

#endif // HEAPFENCE_ARCH_H
