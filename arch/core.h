// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the tools ask of a CPU, whichever they run on: that of the process that
// they look at. One implementation file per CPU, as for arch.h.

#ifndef HEAPFENCE_ARCH_CORE_H
#define HEAPFENCE_ARCH_CORE_H

#include "arch.h"

#include <optional>
#include <stddef.h>
#include <string.h>
#include <string_view>
#include <vector>

namespace heapfence {
namespace arch {

struct NamedRegister {
  const char *Name; ///< As debuggers write it.
  uint64_t Value;
};

/// A thread as its notes tell it.
struct ThreadStatus {
  static constexpr unsigned MaxRegisters = 32;

  int Signal; ///< What ended it; 0: nothing did.
  int Tid;
  FrameRegisters Frame;   ///< `Pc` is the instruction that was to run.
  uint64_t ThreadPointer; ///< 0: not told.
  NamedRegister General[MaxRegisters]; ///< The general purpose registers.
  unsigned Count = 0;                  ///< Of them.

  /// Returns: the value of a general purpose register; 0 if there is none.
  uint64_t valueOf(const char *Name) const {
    for (unsigned I = 0; I != Count; ++I)
      if (!strcmp(General[I].Name, Name))
        return General[I].Value;
    return 0;
  }
};

/// What LLVM says of an instruction.
struct InstructionFacts {
  const char *Name; ///< LLVM's name of the opcode.
  bool Loads, Stores;
};

/// A place in memory that an instruction names.
struct MemoryOperand {
  unsigned Size = 0;   ///< In bytes; 0: not told.
  bool IsMost = false; ///< A mask may leave part of it out.
  /// Its first byte; nothing: it depends on registers that are not known.
  std::optional<uint64_t> Begin;
};

/// An instruction, as `operandsOf` wants it.
struct WrittenInstruction {
  std::string_view Text; ///< As LLVM writes it; for x86-64, as Intel does.
  const uint8_t *Code;
  uint64_t Next;          ///< Where the next one is.
  const ThreadStatus *At; ///< The registers; null: they are not known.
};

/// Returns: the value of `Text`, a register or a number as assemblers write it;
/// nothing if it is not known.
std::optional<uint64_t> valueOf(std::string_view Text, const ThreadStatus *At);

/// A CPU.
struct CoreCpu {
  uint16_t Machine;     ///< `e_machine` of its ELF files.
  const char *Triple;   ///< LLVM's name of it.
  const char *Features; ///< With which LLVM knows all of its instructions.
  FrameFacts Frames;

  /// Reads the descriptor of an NT_PRSTATUS note. Returns: false if it is too
  /// short.
  bool (*readStatus)(const uint8_t *Note, size_t Size, ThreadStatus &Result);
  /// As `registersOf` of arch.h.
  FrameRegisters (*registersOf)(const void *Context);
  /// True for a prefix, which LLVM may take for an instruction of its own.
  bool (*isPrefix)(const char *Name);
  /// How the instruction that a thread was at accessed memory at `Address`.
  Access (*accessOf)(const InstructionFacts &I, const ThreadStatus &At,
                     uint64_t Address);
  std::vector<MemoryOperand> (*operandsOf)(const WrittenInstruction &I);
};

extern const CoreCpu X86_64, Arm64;

/// Returns: the CPU of ELF files with `Machine`; null if it is none of ours.
inline const CoreCpu *cpuOf(uint16_t Machine) {
  if (Machine == X86_64.Machine)
    return &X86_64;
  return Machine == Arm64.Machine ? &Arm64 : nullptr;
}

#if defined(HF_LOOKS_AT_ANY_CPU)
/// From now on, what arch.h declares is of `Cpu`.
void lookAt(const CoreCpu &Cpu);
#endif

/// The part of Linux's elf_prstatus that is in front of the registers, the same
/// on all CPUs of 64 bits.
struct StatusHead {
  int32_t SignalInfo[3];
  int16_t Signal;
  uint64_t Pending, Held;
  int32_t Pid, Parent, Group, Session;
  uint64_t Times[8];
};

/// Reads both parts of an NT_PRSTATUS note. Returns: false if it is too short.
template <typename RegistersType>
bool readStatus(const uint8_t *Note, size_t Size, StatusHead &Head,
                RegistersType &R) {
  if (Size < sizeof(Head) + sizeof(R))
    return false;
  memcpy(&Head, Note, sizeof(Head));
  memcpy(&R, Note + sizeof(Head), sizeof(R));
  return true;
}

} // namespace arch
} // namespace heapfence

#endif // HEAPFENCE_ARCH_CORE_H
