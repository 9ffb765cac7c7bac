// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The interpreter of CFA programs and of the few expressions that matter.
// Called from: slow path of sampled allocations, signal handler.

#include "cfa_program.h"

#include "arch.h"

namespace heapfence {

namespace {

/// How one value of the caller is found.
struct ValueRule {
  enum KindType : uint8_t {
    Same,       ///< Unchanged in its register.
    AtCfa,      ///< Saved at CFA + Operand.
    Expression, ///< Saved at the address that the block at Operand computes.
    Undefined,  ///< Gone.
    Other       ///< Something that we do not follow.
  } Kind = Same;
  uint64_t Operand = 0;
};

/// One row of the table that a CFA program describes.
struct Row {
  uint64_t CfaRegister = ~uint64_t(0);
  uint64_t CfaOffset = 0;
  uintptr_t CfaBlock = 0; ///< Address of an expression; 0: register + offset.
  ValueRule Pc;
  ValueRule Fp;
};

/// Runs CFA programs up to the row for one address.
class Interpreter {
public:
  Interpreter(const CfaCommon &Common, uintptr_t Pc) : Common(Common), Pc(Pc) {}

  /// Runs the CIE's program, then the FDE's, which begins at `Start`.
  /// Returns: false if either is malformed or uses what we do not know.
  bool run(Cursor Fde, uintptr_t Start) {
    Location = Start;
    if (!runProgram(Common.Program))
      return false;
    Initial = Current;
    return runProgram(Fde);
  }

  const Row &row() const { return Current; }

private:
  bool runProgram(Cursor C);
  bool execute(uint8_t Opcode, Cursor &C);
  bool executeCfa(uint8_t Opcode, Cursor &C);
  bool executeRegister(uint8_t Opcode, Cursor &C);

  void advance(uint64_t Delta) { Location += Delta * Common.CodeAlign; }

  /// Sets the rule for a register if it is one of the two that we follow.
  void set(uint64_t Register, ValueRule Rule) {
    if (Register == arch::Frames.DwarfPc)
      Current.Pc = Rule;
    else if (Register == arch::Frames.DwarfFp)
      Current.Fp = Rule;
  }

  void setAtCfa(uint64_t Register, uint64_t FactoredOffset) {
    set(Register, {ValueRule::AtCfa, FactoredOffset * Common.DataAlign});
  }

  void restore(uint64_t Register) {
    set(Register, Register == arch::Frames.DwarfPc ? Initial.Pc : Initial.Fp);
  }

  /// Compilers save one row at a time; assembler code seldom nests deeper.
  static constexpr unsigned MaxSaved = 2;

  const CfaCommon &Common;
  const uintptr_t Pc;
  uintptr_t Location = 0;
  unsigned Saved = 0;
  Row Current;
  Row Initial;
  Row Stack[MaxSaved];
};

bool Interpreter::runProgram(Cursor C) {
  // A row holds from its location on: stop before the first one past Pc.
  while (C.left() != 0 && Location <= Pc) {
    const uint8_t Opcode = C.read<uint8_t>();
    const uint8_t Low = Opcode & 0x3f;
    switch (Opcode >> 6) {
    case 1: // DW_CFA_advance_loc
      advance(Low);
      break;
    case 2: // DW_CFA_offset
      setAtCfa(Low, C.readUleb());
      break;
    case 3: // DW_CFA_restore
      restore(Low);
      break;
    default:
      if (!execute(Opcode, C))
        return false;
    }
  }
  return !C.Failed;
}

bool Interpreter::execute(uint8_t Opcode, Cursor &C) {
  uint64_t Delta = 0;
  switch (Opcode) {
  case 0x00: // DW_CFA_nop
  case 0x2d: // DW_CFA_AARCH64_negate_ra_state; arch::stripTag does for both
    return true;
  case 0x02: // DW_CFA_advance_loc1
    Delta = C.read<uint8_t>();
    break;
  case 0x03: // DW_CFA_advance_loc2
    Delta = C.read<uint16_t>();
    break;
  case 0x04: // DW_CFA_advance_loc4
    Delta = C.read<uint32_t>();
    break;
  case 0x2e: // DW_CFA_GNU_args_size
    C.readUleb();
    return !C.Failed;
  case 0x0a: // DW_CFA_remember_state
    if (Saved == MaxSaved)
      return false;
    Stack[Saved++] = Current;
    return true;
  case 0x0b: // DW_CFA_restore_state
    if (Saved == 0)
      return false;
    Current = Stack[--Saved];
    return true;
  default:
    return executeCfa(Opcode, C);
  }
  advance(Delta);
  return !C.Failed;
}

bool Interpreter::executeCfa(uint8_t Opcode, Cursor &C) {
  switch (Opcode) {
  case 0x0c: // DW_CFA_def_cfa
    Current.CfaRegister = C.readUleb();
    Current.CfaOffset = C.readUleb();
    break;
  case 0x12: // DW_CFA_def_cfa_sf
    Current.CfaRegister = C.readUleb();
    Current.CfaOffset = C.readSleb() * Common.DataAlign;
    break;
  case 0x0d: // DW_CFA_def_cfa_register
    Current.CfaRegister = C.readUleb();
    break;
  case 0x0e: // DW_CFA_def_cfa_offset
    Current.CfaOffset = C.readUleb();
    break;
  case 0x13: // DW_CFA_def_cfa_offset_sf
    Current.CfaOffset = C.readSleb() * Common.DataAlign;
    break;
  case 0x0f: // DW_CFA_def_cfa_expression
    Current.CfaBlock = C.At;
    C.skip(C.readUleb());
    return !C.Failed;
  default:
    return executeRegister(Opcode, C);
  }
  Current.CfaBlock = 0;
  return !C.Failed;
}

bool Interpreter::executeRegister(uint8_t Opcode, Cursor &C) {
  const uint64_t Register = C.readUleb();
  switch (Opcode) {
  case 0x05: // DW_CFA_offset_extended
    setAtCfa(Register, C.readUleb());
    break;
  case 0x11: // DW_CFA_offset_extended_sf
    setAtCfa(Register, static_cast<uint64_t>(C.readSleb()));
    break;
  case 0x2f: // DW_CFA_GNU_negative_offset_extended
    setAtCfa(Register, -C.readUleb());
    break;
  case 0x06: // DW_CFA_restore_extended
    restore(Register);
    break;
  case 0x07: // DW_CFA_undefined
    set(Register, {ValueRule::Undefined, 0});
    break;
  case 0x08: // DW_CFA_same_value
    set(Register, {ValueRule::Same, 0});
    break;
  case 0x10: // DW_CFA_expression
    set(Register, {ValueRule::Expression, C.At});
    C.skip(C.readUleb());
    break;
  case 0x16: // DW_CFA_val_expression
    set(Register, {ValueRule::Other, 0});
    C.skip(C.readUleb());
    break;
  case 0x09: // DW_CFA_register
  case 0x14: // DW_CFA_val_offset
  case 0x15: // DW_CFA_val_offset_sf; an SLEB128 skips like a ULEB128
    set(Register, {ValueRule::Other, 0});
    C.readUleb();
    break;
  default:
    return false;
  }
  return !C.Failed;
}

/// A value that an expression computes, as far as it has a fixed shape:
/// constant, register + Offset, or *(register + Offset) + After.
struct Value {
  enum BaseType : uint8_t { Constant, Sp, Fp } Base = Constant;
  bool IsLoaded = false;
  uint64_t Offset = 0;
  uint64_t After = 0;
};

/// Computes the shape of an expression. Enough for gcc's realigned frames
/// (breg, deref), assembler code that parks the stack pointer in memory (breg,
/// deref, plus) and PLT entries, whose CFA depends on the address alone.
class Expression {
public:
  explicit Expression(uintptr_t Pc) : Pc(Pc) {}

  /// Evaluates the block at `Block`: a length, then operations.
  /// Returns: false if it has another shape.
  bool evaluate(uintptr_t Block, Value &Result) {
    // The interpreter has seen that the block lies within its program.
    Cursor Rest{Block, ~uintptr_t(0)};
    Cursor C = Rest.take(Rest.readUleb());
    while (C.left() != 0)
      if (!execute(C.read<uint8_t>(), C))
        return false;
    if (C.Failed || Depth != 1)
      return false;
    Result = Stack[0];
    return true;
  }

private:
  bool push(uint64_t Offset, Value::BaseType Base = Value::Constant) {
    if (Depth == MaxDepth)
      return false;
    Stack[Depth++] = {Base, /*IsLoaded=*/false, Offset, 0};
    return true;
  }

  bool pushRegister(unsigned Register, uint64_t Offset) {
    if (Register == arch::Frames.DwarfSp)
      return push(Offset, Value::Sp);
    if (Register == arch::Frames.DwarfFp)
      return push(Offset, Value::Fp);
    if (Register == arch::Frames.DwarfPc)
      return push(Pc + Offset);
    return false;
  }

  bool execute(uint8_t Operation, Cursor &C);
  bool combine(uint8_t Operation);

  static constexpr unsigned MaxDepth = 4;

  const uintptr_t Pc;
  unsigned Depth = 0;
  Value Stack[MaxDepth];
};

bool Expression::execute(uint8_t Operation, Cursor &C) {
  if (Operation >= 0x30 && Operation <= 0x4f) // DW_OP_lit0..31
    return push(Operation - 0x30);
  if (Operation >= 0x70 && Operation <= 0x8f) // DW_OP_breg0..31
    return pushRegister(Operation - 0x70, C.readSleb());
  switch (Operation) {
  case 0x08: // DW_OP_const1u
    return push(C.read<uint8_t>());
  case 0x0a: // DW_OP_const2u
    return push(C.read<uint16_t>());
  case 0x23: // DW_OP_plus_uconst
    return push(C.readUleb()) && combine(0x22);
  case 0x06: // DW_OP_deref
    if (Depth == 0 || Stack[Depth - 1].IsLoaded ||
        Stack[Depth - 1].Base == Value::Constant)
      return false;
    Stack[Depth - 1].IsLoaded = true;
    return true;
  }
  return combine(Operation);
}

/// Replaces the two topmost values by their combination. Only a sum may have
/// a register in it, and only as its left operand.
bool Expression::combine(uint8_t Operation) {
  if (Depth < 2 || Stack[Depth - 1].Base != Value::Constant)
    return false;
  const uint64_t Right = Stack[--Depth].Offset;
  Value &Left = Stack[Depth - 1];
  if (Operation == 0x22) { // DW_OP_plus
    (Left.IsLoaded ? Left.After : Left.Offset) += Right;
    return true;
  }
  if (Left.Base != Value::Constant)
    return false;
  switch (Operation) {
  case 0x1a: // DW_OP_and
    Left.Offset &= Right;
    return true;
  case 0x24: // DW_OP_shl
    Left.Offset = Right < 64 ? Left.Offset << Right : 0;
    return true;
  case 0x2a: // DW_OP_ge
    Left.Offset = int64_t(Left.Offset) >= int64_t(Right);
    return true;
  }
  return false;
}

template <unsigned Bits> bool fits(uint64_t Value) {
  return Value + (uint64_t(1) << (Bits - 1)) < uint64_t(1) << Bits;
}

/// Byte offset to a whole number of words.
template <unsigned Bits> bool toWords(uint64_t Bytes, int64_t &Words) {
  Words = static_cast<int64_t>(Bytes) / 8;
  return Bytes % 8 == 0 && fits<Bits>(static_cast<uint64_t>(Words));
}

bool packCfa(const Row &R, uintptr_t Pc, FrameRule &Rule) {
  Value Cfa;
  if (R.CfaBlock != 0) {
    if (!Expression(Pc).evaluate(R.CfaBlock, Cfa))
      return false;
  } else if (R.CfaRegister == arch::Frames.DwarfSp ||
             R.CfaRegister == arch::Frames.DwarfFp) {
    Cfa.Base = R.CfaRegister == arch::Frames.DwarfSp ? Value::Sp : Value::Fp;
    Cfa.Offset = R.CfaOffset;
  }
  int64_t After;
  if (Cfa.Base == Value::Constant || !fits<24>(Cfa.Offset) ||
      !toWords<5>(Cfa.After, After))
    return false;
  Rule.CfaUsesFp = Cfa.Base == Value::Fp;
  Rule.CfaIsLoaded = Cfa.IsLoaded;
  Rule.CfaOffset = static_cast<int64_t>(Cfa.Offset);
  Rule.CfaWords = After;
  return true;
}

void packFp(const ValueRule &Fp, uintptr_t Pc, FrameRule &Rule) {
  CallerFp Where = CallerFp::Lost;
  int64_t Words = 0;
  Value Address;
  if (Fp.Kind == ValueRule::Same)
    Where = CallerFp::Same;
  else if (Fp.Kind == ValueRule::AtCfa && toWords<14>(Fp.Operand, Words))
    Where = CallerFp::AtCfa;
  else if (Fp.Kind == ValueRule::Expression &&
           Expression(Pc).evaluate(Fp.Operand, Address) &&
           Address.Base == Value::Fp && !Address.IsLoaded &&
           toWords<14>(Address.Offset, Words))
    Where = CallerFp::AtFp;
  Rule.FpBits = static_cast<uint64_t>(Where);
  Rule.FpWords = Where == CallerFp::Lost ? 0 : Words;
}

FrameRule ruleOfKind(FrameKind Kind) {
  FrameRule Rule = {};
  Rule.KindBits = static_cast<uint64_t>(Kind);
  return Rule;
}

/// The word for a row; kind None if it does not fit in one.
FrameRule pack(const Row &R, uintptr_t Pc) {
  if (R.Pc.Kind == ValueRule::Undefined)
    return ruleOfKind(FrameKind::End);
  FrameRule Rule = ruleOfKind(FrameKind::Call);
  int64_t Words = 0;
  const bool PcIsKnown =
      R.Pc.Kind == ValueRule::Same ||
      (R.Pc.Kind == ValueRule::AtCfa && toWords<14>(R.Pc.Operand, Words));
  if (!PcIsKnown || !packCfa(R, Pc, Rule))
    return ruleOfKind(FrameKind::None);
  Rule.PcIsInLr = R.Pc.Kind == ValueRule::Same;
  Rule.PcWords = Words;
  packFp(R.Fp, Pc, Rule);
  return Rule;
}

} // namespace

FrameRule runCfaProgram(const CfaCommon &Common, Cursor Program,
                        uintptr_t Start, uintptr_t Pc) {
  Interpreter I(Common, Pc);
  if (!I.run(Program, Start))
    return ruleOfKind(FrameKind::None);
  return pack(I.row(), Pc);
}

} // namespace heapfence
