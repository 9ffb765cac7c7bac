// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Finds the entry of an address in its object's call frame information.
// Called from: slow path of sampled allocations, signal handler.

#include "eh_frame.h"

#include "arch.h"

namespace heapfence {
namespace {

/// Reads a pointer in one of the DW_EH_PE encodings that linkers emit; fails
/// on the others. `DataBase`: what "datarel" is relative to.
uintptr_t readEncodedPointer(Cursor &C, uint8_t Encoding, uintptr_t DataBase) {
  uintptr_t Base = 0;
  switch (Encoding & 0xf0) {
  case 0x00: // absptr
    break;
  case 0x10: // pcrel
    Base = C.At;
    break;
  case 0x30: // datarel
    Base = DataBase;
    break;
  default: // indirect, textrel, funcrel, aligned, omit
    C.fail();
    return 0;
  }
  switch (Encoding & 0x0f) {
  case 0x00: // absptr
  case 0x04: // udata8
  case 0x0c: // sdata8
    return Base + C.read<uint64_t>();
  case 0x01: // uleb128
    return Base + C.readUleb();
  case 0x02: // udata2
    return Base + C.read<uint16_t>();
  case 0x03: // udata4
    return Base + C.read<uint32_t>();
  case 0x09: // sleb128
    return Base + static_cast<uintptr_t>(C.readSleb());
  case 0x0a: // sdata2
    return Base + static_cast<uintptr_t>(intptr_t(C.read<int16_t>()));
  case 0x0b: // sdata4
    return Base + static_cast<uintptr_t>(intptr_t(C.read<int32_t>()));
  }
  C.fail();
  return 0;
}

/// The body of the CIE or FDE at `Address`. Rejects the terminator and the
/// 64-bit form, which no linker produces in .eh_frame.
Cursor entryAt(const EhFrameTables &Tables, uintptr_t Address) {
  if (Address < Tables.Low || Address >= Tables.High)
    return Cursor{0, 0, true};
  Cursor C{Address, Tables.High};
  const uint32_t Length = C.read<uint32_t>();
  if (Length == 0 || Length == 0xffffffff)
    return Cursor{0, 0, true};
  return C.take(Length);
}

/// Reads the augmentation data's pieces in the order of their letters.
bool readAugmentation(Cursor &C, Cursor Letters, CfaCommon &Out) {
  if (Letters.left() == 0)
    return true;
  // Without the leading z, the size of what follows would be unknown.
  if (Letters.read<char>() != 'z')
    return false;
  Out.HasAugmentationData = true;
  Cursor Data = C.take(C.readUleb());
  while (Letters.left() != 0) {
    switch (Letters.read<char>()) {
    case 'R':
      Out.PcEncoding = Data.read<uint8_t>();
      break;
    case 'P': {
      // Only skipped: whether it is indirect does not change its size.
      const uint8_t Encoding = Data.read<uint8_t>();
      readEncodedPointer(Data, Encoding & 0x7f, 0);
      break;
    }
    case 'L':
      Data.read<uint8_t>();
      break;
    case 'S':
      Out.IsSignalFrame = true;
      break;
    case 'B': // arm64: return addresses are signed with the B key
    case 'G': // arm64: memory tagging of stacks
      break;
    default:
      return false;
    }
  }
  return !Data.Failed;
}

bool readCie(const EhFrameTables &Tables, uintptr_t Address, CfaCommon &Out) {
  Cursor C = entryAt(Tables, Address);
  if (C.read<uint32_t>() != 0 || C.Failed)
    return false;
  const uint8_t Version = C.read<uint8_t>();
  Cursor Letters{C.At, C.At};
  while (C.read<char>() != 0)
    Letters.End = C.At;
  Out.CodeAlign = C.readUleb();
  Out.DataAlign = static_cast<uint64_t>(C.readSleb());
  const uint64_t PcRegister = Version == 1 ? C.read<uint8_t>() : C.readUleb();
  if (C.Failed || (Version != 1 && Version != 3) ||
      PcRegister != arch::Frames.DwarfPc || !readAugmentation(C, Letters, Out))
    return false;
  Out.Program = C;
  return !C.Failed;
}

/// One row of .eh_frame_hdr's table; both are relative to the header.
struct SearchEntry {
  int32_t Function;
  int32_t Fde;
};

SearchEntry searchEntry(uintptr_t Table, uint64_t Index) {
  SearchEntry Entry;
  memcpy(&Entry, reinterpret_cast<const void *>(Table + Index * sizeof(Entry)),
         sizeof(Entry));
  return Entry;
}

/// Binary search in .eh_frame_hdr's table.
/// Returns: the address of the last FDE that begins at or below `Pc`, or 0.
uintptr_t fdeAddressFor(const EhFrameTables &Tables, uintptr_t Pc) {
  const uintptr_t Header = Tables.Header;
  if (Header < Tables.Low || Header >= Tables.High)
    return 0;
  Cursor C{Header, Tables.High};
  const uint8_t Version = C.read<uint8_t>();
  const uint8_t FrameEncoding = C.read<uint8_t>();
  const uint8_t CountEncoding = C.read<uint8_t>();
  const uint8_t TableEncoding = C.read<uint8_t>();
  // datarel sdata4: what all linkers write unless an object exceeds 2 GiB.
  if (Version != 1 || TableEncoding != 0x3b)
    return 0;
  readEncodedPointer(C, FrameEncoding, Header);
  const uint64_t Count = readEncodedPointer(C, CountEncoding, Header);
  if (C.Failed || Count > C.left() / sizeof(SearchEntry))
    return 0;
  const int64_t Wanted = static_cast<int64_t>(Pc - Header);
  uint64_t First = 0, Last = Count;
  while (First != Last) { // the answer is in [First - 1, Last)
    const uint64_t Middle = First + (Last - First) / 2;
    if (searchEntry(C.At, Middle).Function <= Wanted)
      First = Middle + 1;
    else
      Last = Middle;
  }
  if (First == 0)
    return 0;
  return Header +
         static_cast<uintptr_t>(intptr_t(searchEntry(C.At, First - 1).Fde));
}

/// Reads the FDE at `Address`.
/// Returns: its program, positioned at the first instruction; failed if the
/// FDE is malformed or does not cover `Pc`.
Cursor readFde(const EhFrameTables &Tables, uintptr_t Address, uintptr_t Pc,
               CfaCommon &Common, uintptr_t &Start) {
  Cursor C = entryAt(Tables, Address);
  const uintptr_t CieField = C.At;
  const uint32_t CieDistance = C.read<uint32_t>();
  if (C.Failed || CieDistance == 0 ||
      !readCie(Tables, CieField - CieDistance, Common))
    return Cursor{0, 0, true};
  Start = readEncodedPointer(C, Common.PcEncoding, 0);
  // The size has the start's format, but is not relative to anything.
  const uintptr_t Size = readEncodedPointer(C, Common.PcEncoding & 0x0f, 0);
  if (Common.HasAugmentationData)
    C.skip(C.readUleb());
  if (Pc - Start >= Size)
    C.fail();
  return C;
}

} // namespace

FrameRule findFrameRule(const EhFrameTables &Tables, uintptr_t Pc) noexcept {
  Pc += Tables.Moved;
  const uintptr_t Address = fdeAddressFor(Tables, Pc);
  CfaCommon Common;
  uintptr_t Start = 0;
  if (Address == 0)
    return FrameRule{};
  const Cursor Program = readFde(Tables, Address, Pc, Common, Start);
  if (Program.Failed)
    return FrameRule{};
  if (Common.IsSignalFrame) {
    FrameRule Rule = {};
    Rule.KindBits = static_cast<uint64_t>(FrameKind::Signal);
    return Rule;
  }
  return runCfaProgram(Common, Program, Start, Pc);
}

} // namespace heapfence
