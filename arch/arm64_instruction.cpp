// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// arm64: the classes of instructions that use memory, as a table.

#include "arm64_instruction.h"

namespace heapfence {
namespace arch {

namespace {

/// How the rest of an encoding tells what it does.
enum class By : uint8_t {
  None,      ///< Nothing: a prefetch, or not of loads and stores.
  Load,      ///< All of the class load,
  Store,     ///< store,
  Both,      ///< change memory in place,
  Copy,      ///< or copy.
  Bit21,     ///< Set: it stores; clear: it loads.
  Bit22,     ///< Set: it loads; clear: it stores.
  Opc,       ///< Bits 23:22; 0 stores.
  OpcVector, ///< The same for vector registers: 0 and 2 store.
};

/// How an encoding tells the size of what it uses.
enum class Size : uint8_t {
  Unknown,
  Scale,      ///< Bits 31:30: the power of 2.
  Vector,     ///< The same, unless bit 23 makes it 16 bytes.
  Exclusive,  ///< As `Scale`, of two if bit 21 is set.
  Pair,       ///< Two, of bits 31:30 or, for vectors, 4 bytes times that power.
  Literal,    ///< One, likewise.
  Words,      ///< Two, of 4 or 8 bytes by bit 30.
  Structures, ///< Of vector elements.
  Bytes8,
  Bytes64,
};

struct Class {
  uint32_t Mask, Value;
  By How;
  Size Width = Size::Unknown;
};

// The first that fits.
constexpr Class Classes[] = {
    // Structures of vector elements.
    {0xbe000000, 0x0c000000, By::Bit22, Size::Structures},
    // Exclusive and ordered; compare and swap, also of pairs.
    {0x3fa00000, 0x08a00000, By::Both, Size::Scale},
    {0xbfa00000, 0x08200000, By::Both, Size::Words},
    {0x3f000000, 0x08000000, By::Bit22, Size::Exclusive},
    // The same without privileges.
    {0x3f800000, 0x09800000, By::Both},
    {0x3f800000, 0x09000000, By::Bit22},
    // Pairs in place; read, check, and write.
    {0xbf200000, 0x19200000, By::Both},
    // Ordered, with an offset; of vectors; of pairs.
    {0x3f200c00, 0x19000000, By::Opc, Size::Scale},
    {0x3f200c00, 0x1d000800, By::OpcVector, Size::Vector},
    {0x3f200c00, 0x19000800, By::Bit22, Size::Words},
    // Memory copy: with the options of the tail, and set.
    {0xffe00c00, 0x19c00400, By::Store},
    {0xffe00800, 0x1dc00000, By::Store},
    {0x3b200c00, 0x19000400, By::Copy},
    // Tags: LDG and LDGM load.
    {0xff600c00, 0xd9600000, By::Load},
    {0xff200000, 0xd9200000, By::Store},
    {0xfffffc00, 0xd91f0c00, By::Store,
     Size::Bytes8}, // To the guarded control stack.
    {0xfffffc00, 0xd91f1c00, By::Store, Size::Bytes8},
    // From the code's neighbourhood.
    {0xff000000, 0xd8000000, By::None},
    {0x3b000000, 0x18000000, By::Load, Size::Literal},
    // Pairs.
    {0x3a000000, 0x28000000, By::Bit22, Size::Pair},
    // With an authenticated pointer.
    {0xff200400, 0xf8200400, By::Load, Size::Bytes8},
    // 64 bytes at once.
    {0xfffffc00, 0xf83fd000, By::Load, Size::Bytes64},
    {0xfffffc00, 0xf83f9000, By::Store, Size::Bytes64},
    {0xffe0fc00, 0xf820a000, By::Store, Size::Bytes64},
    {0xffe0fc00, 0xf820b000, By::Store, Size::Bytes64},
    // Atomic: LDAPR alone only loads.
    {0x3ffffc00, 0x38bfc000, By::Load, Size::Scale},
    {0x3b200c00, 0x38200000, By::Both, Size::Scale},
    // Prefetches, with an offset, a register, an unscaled offset.
    {0xffc00000, 0xf9800000, By::None},
    {0xffe00c00, 0xf8a00800, By::None},
    {0xffe00c00, 0xf8800000, By::None},
    // One register.
    {0x3e000000, 0x38000000, By::Opc, Size::Scale},
    {0x3e000000, 0x3c000000, By::OpcVector, Size::Vector},
    // Zeroing a block of the cache; its tags; both.
    {0xffffffe0, 0xd50b7420, By::Store},
    {0xffffffe0, 0xd50b7460, By::Store},
    {0xffffffe0, 0xd50b7480, By::Store},
    // SVE: prefetches, gathers and contiguous loads, stores.
    {0xffa08010, 0x84200000, By::None},
    {0xfe60e010, 0x8400e000, By::None},
    {0xfe60e010, 0x8400c000, By::None},
    {0xffc08010, 0x85c00000, By::None},
    {0xffa08010, 0xc4200000, By::None},
    {0xffe08010, 0xc4608000, By::None},
    {0xfe60e010, 0xc400e000, By::None},
    {0xfe000000, 0x84000000, By::Load},
    {0xfe000000, 0xa4000000, By::Load},
    {0xfe000000, 0xc4000000, By::Load},
    {0xfe000000, 0xe4000000, By::Store},
    // SVE2.1: several vectors. SME: the array.
    {0xfe800000, 0xa0000000, By::Bit21},
    {0xfe000000, 0xe0000000, By::Bit21},
};

const Class *classOf(uint32_t Encoding) {
  for (const Class &C : Classes)
    if ((Encoding & C.Mask) == C.Value)
      return &C;
  return nullptr;
}

/// Of each register of a pair.
unsigned halfOfPair(uint32_t Encoding) {
  const unsigned Opc = Encoding >> 30;
  if (Encoding >> 26 & 1)
    return 4u << Opc;
  const bool StoresTag = Opc == 1 && !(Encoding >> 22 & 1);
  return Opc >= 2 || StoresTag ? 8 : 4;
}

unsigned literalSize(uint32_t Encoding) {
  const unsigned Opc = Encoding >> 30;
  if (Encoding >> 26 & 1)
    return 4u << Opc;
  return Opc == 1 ? 8 : 4;
}

/// Multiple structures fill registers; single ones an element of each.
unsigned structuresSize(uint32_t Encoding) {
  const unsigned Size = Encoding >> 10 & 3, Opcode = Encoding >> 13 & 7;
  if (!(Encoding >> 24 & 1)) {
    constexpr uint8_t Registers[16] = {4, 0, 4, 0, 3, 0, 3, 1, 2, 0, 2};
    return Registers[Encoding >> 12 & 15] * (Encoding >> 30 & 1 ? 16u : 8u);
  }
  unsigned Scale = Opcode >> 1;
  if (Scale == 3) // One to all.
    Scale = Size;
  else if (Scale == 2)
    Scale += Size & 1;
  return ((Opcode & 1) * 2 + (Encoding >> 21 & 1) + 1) << Scale;
}

} // namespace

MemoryUse memoryUseOf(uint32_t Encoding) {
  constexpr MemoryUse Load = {true, false}, Store = {false, true};
  const unsigned Opc = Encoding >> 22 & 3;
  const Class *C = classOf(Encoding);
  if (!C)
    return {};
  switch (C->How) {
  case By::None:
    return {};
  case By::Load:
    return Load;
  case By::Store:
    return Store;
  case By::Both:
    return {true, true};
  case By::Copy:
    return {true, true, true};
  case By::Bit21:
    return Encoding >> 21 & 1 ? Store : Load;
  case By::Bit22:
    return Encoding >> 22 & 1 ? Load : Store;
  case By::Opc:
    return Opc == 0 ? Store : Load;
  case By::OpcVector:
    return Opc % 2 == 0 ? Store : Load;
  }
  return {};
}

unsigned accessSizeOf(uint32_t Encoding) {
  const Class *C = classOf(Encoding);
  const unsigned Scale = Encoding >> 30;
  switch (C ? C->Width : Size::Unknown) {
  case Size::Unknown:
    return 0;
  case Size::Scale:
    return 1u << Scale;
  case Size::Vector:
    return Encoding >> 23 & 1 ? 16 : 1u << Scale;
  case Size::Exclusive:
    return 1u << (Scale + (Encoding >> 21 & 1));
  case Size::Pair:
    return 2 * halfOfPair(Encoding);
  case Size::Literal:
    return literalSize(Encoding);
  case Size::Words:
    return Scale & 1 ? 16 : 8;
  case Size::Structures:
    return structuresSize(Encoding);
  case Size::Bytes8:
    return 8;
  case Size::Bytes64:
    return 64;
  }
  return 0;
}

} // namespace arch
} // namespace heapfence
