// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the tools ask of a CPU about the threads in core files. One
// implementation file per CPU, as for arch.h.

#ifndef HEAPFENCE_ARCH_CORE_H
#define HEAPFENCE_ARCH_CORE_H

#include "arch.h"

#include <stddef.h>
#include <string.h>

namespace heapfence {
namespace arch {

/// `e_machine` of the CPU's ELF files.
uint16_t elfMachine();

struct NamedRegister {
  const char *Name; ///< As debuggers write it.
  uint64_t Value;
};

/// A thread as its NT_PRSTATUS note tells it.
struct ThreadStatus {
  static constexpr unsigned MaxRegisters = 32;

  int Signal; ///< What ended it; 0: nothing did.
  int Tid;
  FrameRegisters Frame; ///< `Pc` is the instruction that was to run.
  uint64_t ThreadPointer;
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

/// Reads the descriptor of an NT_PRSTATUS note. Returns: false if it is too
/// short.
bool readStatus(const uint8_t *Note, size_t Size, ThreadStatus &Result);

/// What LLVM says of an instruction.
struct InstructionFacts {
  const char *Name; ///< LLVM's name of the opcode.
  bool Loads, Stores;
};

/// True for a prefix, which LLVM may take for an instruction of its own.
bool isPrefix(const char *Name);

/// How the instruction that a thread was at accessed memory at `Address`.
Access accessOf(const InstructionFacts &I, const ThreadStatus &At,
                uint64_t Address);

} // namespace arch
} // namespace heapfence

#endif // HEAPFENCE_ARCH_CORE_H
