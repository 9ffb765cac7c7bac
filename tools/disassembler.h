// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// LLVM's disassembler: what an instruction is called, and does to memory.

#ifndef HEAPFENCE_TOOLS_DISASSEMBLER_H
#define HEAPFENCE_TOOLS_DISASSEMBLER_H

#include "llvm/ADT/ArrayRef.h"

#include <memory>
#include <optional>
#include <string>

namespace heapfence {

/// For one CPU.
class Disassembler {
public:
  struct Instruction {
    std::string Name; ///< LLVM's name of the opcode.
    bool Loads, Stores;
    uint64_t Size;
  };

  /// For the CPU of `Triple`, with what `Features` add.
  explicit Disassembler(const std::string &Triple,
                        const std::string &Features = "");
  ~Disassembler();
  /// False if LLVM does not know the CPU.
  explicit operator bool() const;

  /// The instruction that `Code` begins with, which is at `Pc`; none if it is
  /// not one.
  std::optional<Instruction> read(llvm::ArrayRef<uint8_t> Code,
                                  uint64_t Pc) const;
  /// The same as text; empty if it is not one. x86-64's as Intel writes it,
  /// with sizes.
  std::string text(llvm::ArrayRef<uint8_t> Code, uint64_t Pc) const;

private:
  struct Parts;
  std::unique_ptr<Parts> P;
};

} // namespace heapfence

#endif // HEAPFENCE_TOOLS_DISASSEMBLER_H
