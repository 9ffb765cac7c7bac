// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What memory an instruction accessed, on both CPUs, by known encodings.

#include "instruction.h"

#include <gtest/gtest.h>

#include <vector>

using namespace heapfence;

namespace {

struct Case {
  std::vector<uint8_t> Code;
  const char *Text;
  uint64_t Address; ///< Of the fault.
  unsigned Size;    ///< 0: nothing is told.
  bool IsMost;
  std::optional<uint64_t> Begin;
};

void check(const Case &C, const arch::CoreCpu &Cpu,
           const arch::ThreadStatus &At) {
  SCOPED_TRACE(C.Text);
  const auto Told = operandAt(Cpu, C.Code, &At, C.Address);
  ASSERT_EQ(Told.has_value(), C.Size != 0);
  if (!Told)
    return;
  EXPECT_EQ(Told->Size, C.Size);
  EXPECT_EQ(Told->IsMost, C.IsMost);
  EXPECT_EQ(Told->Begin, C.Begin);
  // Without registers the size at least.
  const auto Less = operandAt(Cpu, C.Code, nullptr, C.Address);
  ASSERT_TRUE(Less);
  EXPECT_EQ(Less->Size, C.Size);
  EXPECT_FALSE(Less->Begin);
}

} // namespace

TEST(Instruction, TellsWhatX86Accessed) {
  arch::ThreadStatus At = {};
  At.Frame.Pc = 0x400;
  At.ThreadPointer = 0x7000;
  At.Count = 4;
  At.General[0] = {"rdi", 0x1000};
  At.General[1] = {"rsi", 0x2000};
  At.General[2] = {"rcx", 4};
  At.General[3] = {"rax", 0x3000};
  const Case Cases[] = {
      {{0x8b, 0x44, 0x8f, 0xf8},
       "mov eax, dword ptr [rdi + 4*rcx - 8]",
       0x1009,
       4,
       false,
       0x1008u},
      {{0x8a, 0x07}, "mov al, byte ptr [rdi]", 0x1000, 1, false, 0x1000u},
      {{0x48, 0x89, 0x87, 0xfd, 0x0f, 0x00, 0x00},
       "mov qword ptr [rdi + 0xffd], rax",
       0x2000,
       8,
       false,
       0x1ffdu},
      {{0xc6, 0x05, 0x64, 0x00, 0x00, 0x00, 0x01},
       "mov byte ptr [rip + 100], 1",
       0x46b,
       1,
       false,
       0x46bu},
      {{0x64, 0x48, 0x8b, 0x07},
       "mov rax, qword ptr fs:[rdi]",
       0x8003,
       8,
       false,
       0x8000u},
      {{0x65, 0x48, 0x8b, 0x07},
       "mov rax, qword ptr gs:[rdi]",
       0x8003,
       8,
       false,
       {}},
      {{0x67, 0x8b, 0x07}, "mov eax, dword ptr [edi]", 0x1000, 4, false, {}},
      {{0xf3, 0xa4}, "rep movsb", 0x1000, 1, false, 0x1000u},
      {{0xf3, 0xa4}, "rep movsb", 0x2000, 1, false, 0x2000u},
      {{0x48, 0xa5}, "movsq", 0x2003, 8, false, 0x2000u},
      {{0xf3, 0xab}, "rep stosd", 0x1003, 4, false, 0x1000u},
      {{0x66, 0xad}, "lodsw", 0x2001, 2, false, 0x2000u},
      {{0xa6}, "cmpsb", 0x1000, 1, false, 0x1000u},
      {{0xff, 0x37}, "push qword ptr [rdi]", 0x1004, 8, false, 0x1000u},
      {{0xff, 0x10}, "call qword ptr [rax]", 0x3004, 8, false, 0x3000u},
      {{0xf0, 0x48, 0x0f, 0xc1, 0x07},
       "lock xadd qword ptr [rdi], rax",
       0x1000,
       8,
       false,
       0x1000u},
      {{0x48, 0x0f, 0xc7, 0x0f},
       "cmpxchg16b xmmword ptr [rdi]",
       0x1008,
       16,
       false,
       0x1000u},
      {{0x0f, 0x10, 0x87, 0xf8, 0x0f, 0x00, 0x00},
       "movups xmm0, xmmword ptr [rdi + 0xff8]",
       0x2000,
       16,
       false,
       0x1ff8u},
      {{0xc5, 0xfc, 0x10, 0x07},
       "vmovups ymm0, ymmword ptr [rdi]",
       0x1010,
       32,
       false,
       0x1000u},
      {{0x62, 0xf1, 0x7c, 0x48, 0x10, 0x07},
       "vmovups zmm0, zmmword ptr [rdi]",
       0x1010,
       64,
       false,
       0x1000u},
      {{0x62, 0xf1, 0x7c, 0x49, 0x10, 0x07},
       "vmovups zmm0 {k1}, zmmword ptr [rdi]",
       0x1010,
       64,
       true,
       0x1000u},
      {{0xc4, 0xe2, 0x75, 0x2e, 0x07},
       "vmaskmovps ymmword ptr [rdi], ymm1, ymm0",
       0x1010,
       32,
       true,
       0x1000u},
      {{0x62, 0xf1, 0x7e, 0x09, 0x10, 0x07},
       "vmovss xmm0 {k1}, dword ptr [rdi]",
       0x1000,
       4,
       false,
       0x1000u},
      {{0x62, 0xf1, 0x74, 0x58, 0x58, 0x07},
       "vaddps zmm0, zmm1, dword ptr [rdi]{1to16}",
       0x1000,
       4,
       false,
       0x1000u},
      {{0xc4, 0xe2, 0x69, 0x92, 0x04, 0x88},
       "vgatherdps xmm0, dword ptr [rax + 4*xmm1], xmm2",
       0x9000,
       4,
       false,
       {}},
      {{0xdb, 0x2f}, "fld tbyte ptr [rdi]", 0x1009, 10, false, 0x1000u},
      {{0x0f, 0xae, 0x07}, "fxsave [rdi]", 0x1000, 0, false, {}},
      {{0x50}, "push rax", 0x1000, 0, false, {}},
      {{0x48, 0x89, 0x07}, "mov qword ptr [rdi], rax", 0x5000, 0, false, {}},
      {{0x31, 0xc0}, "xor eax, eax", 0x1000, 0, false, {}},
  };
  for (const Case &C : Cases)
    check(C, arch::X86_64, At);
}

TEST(Instruction, TellsWhatArm64Accessed) {
  arch::ThreadStatus At = {};
  At.Frame.Pc = 0x400;
  At.Count = 5;
  At.General[0] = {"x1", 0x1000};
  At.General[1] = {"x2", 4};
  At.General[2] = {"x3", ~uint64_t(0)};
  At.General[3] = {"x4", 0xa500000000001000}; // With a tag.
  At.General[4] = {"sp", 0x5000};
  const Case Cases[] = {
      {{0x20, 0x00, 0x40, 0xf9}, "ldr x0, [x1]", 0x1004, 8, false, 0x1000u},
      {{0x20, 0x04, 0x40, 0x39},
       "ldrb w0, [x1, #1]",
       0x1001,
       1,
       false,
       0x1001u},
      {{0x20, 0x78, 0x62, 0xf8},
       "ldr x0, [x1, x2, lsl #3]",
       0x1020,
       8,
       false,
       0x1020u},
      {{0x20, 0x68, 0x62, 0xf8}, "ldr x0, [x1, x2]", 0x1004, 8, false, 0x1004u},
      {{0x20, 0xd8, 0x63, 0xb8},
       "ldr w0, [x1, w3, sxtw #2]",
       0xffc,
       4,
       false,
       0xffcu},
      {{0x20, 0x48, 0x63, 0xb8},
       "ldr w0, [x1, w3, uxtw]",
       0x100000fff,
       4,
       false,
       0x100000fffu},
      {{0x20, 0xe8, 0x63, 0xf8},
       "ldr x0, [x1, x3, sxtx]",
       0xfff,
       8,
       false,
       0xfffu},
      {{0x20, 0x84, 0x00, 0xf8}, "str x0, [x1], #8", 0x1000, 8, false, 0x1000u},
      {{0x20, 0x8c, 0x1f, 0xf8}, "str x0, [x1, #-8]!", 0xffc, 8, false, 0xff8u},
      {{0x20, 0x80, 0xdf, 0x3c},
       "ldur q0, [x1, #-8]",
       0x1000,
       16,
       false,
       0xff8u},
      {{0xe0, 0x0b, 0x41, 0xa9},
       "ldp x0, x2, [sp, #16]",
       0x5018,
       16,
       false,
       0x5010u},
      {{0x20, 0x04, 0x00, 0xad},
       "stp q0, q1, [x1]",
       0x1010,
       32,
       false,
       0x1000u},
      {{0x20, 0x7c, 0x5f, 0xc8}, "ldxr x0, [x1]", 0x1000, 8, false, 0x1000u},
      {{0x22, 0x7c, 0x00, 0xc8},
       "stxr w0, x2, [x1]",
       0x1000,
       8,
       false,
       0x1000u},
      {{0x22, 0x00, 0x20, 0xb8},
       "ldadd w0, w2, [x1]",
       0x1000,
       4,
       false,
       0x1000u},
      {{0x24, 0x7c, 0x22, 0x48},
       "casp x2, x3, x4, x5, [x1]",
       0x1008,
       16,
       false,
       0x1000u},
      {{0x20, 0x4c, 0x40, 0x4c},
       "ld3 {v0.2d-v2.2d}, [x1]",
       0x1020,
       48,
       false,
       0x1000u},
      {{0x20, 0x50, 0x9f, 0x0d},
       "st1 {v0.h}[2], [x1], #2",
       0x1001,
       2,
       false,
       0x1000u},
      {{0x80, 0x00, 0x40, 0xf9}, "ldr x0, [x4]", 0x1004, 8, false, 0x1000u},
      {{0x00, 0x80, 0x00, 0x58}, "ldr x0, 4096", 0x1400, 8, false, {}},
      {{0x20, 0xa0, 0x41, 0xa5},
       "ld1w {z0.s}, p0/z, [x1, #1, mul vl]",
       0x1000,
       0,
       false,
       {}},
      {{0x21, 0x74, 0x0b, 0xd5}, "dc zva, x1", 0x1000, 0, false, {}},
      {{0x20, 0x00, 0x00, 0xf9}, "str x0, [x1]", 0x5000, 0, false, {}},
      {{0x20, 0x00, 0x02, 0x8b}, "add x0, x1, x2", 0x1000, 0, false, {}},
  };
  for (const Case &C : Cases)
    check(C, arch::Arm64, At);
}

TEST(Instruction, TellsNothingOfNoInstruction) {
  const arch::ThreadStatus At = {};
  EXPECT_FALSE(operandAt(arch::X86_64, {}, &At, 0));
  EXPECT_FALSE(operandAt(arch::Arm64, {}, &At, 0));
  // Cut off, and of no meaning.
  EXPECT_FALSE(operandAt(arch::X86_64, {0x48, 0x8b}, &At, 0));
  EXPECT_FALSE(operandAt(arch::X86_64, {0x06}, &At, 0));
  EXPECT_FALSE(operandAt(arch::Arm64, {0x20, 0x00}, &At, 0));
  EXPECT_FALSE(operandAt(arch::Arm64, {0, 0, 0, 0}, &At, 0));
}
