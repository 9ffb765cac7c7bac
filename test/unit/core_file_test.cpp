// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Core files made by hand: what is read of them, and that none of them, however
// damaged, does harm.

#include "core_file.h"

#include <cstring>
#include <elf.h>
#include <gtest/gtest.h>
#include <random>
#include <sys/procfs.h>
#include <ucontext.h>

using namespace heapfence;

namespace {

constexpr uint64_t Memory = 0x10000, Mapped = 0x20000, Page = 0x1000;

template <typename T> void append(std::string &To, const T &Value) {
  To.append(reinterpret_cast<const char *>(&Value), sizeof(T));
}

void appendNote(std::string &To, uint32_t Type, std::string Text,
                std::string Name = "CORE") {
  Name += '\0';
  append(To, Elf64_Nhdr{static_cast<uint32_t>(Name.size()),
                        static_cast<uint32_t>(Text.size()), Type});
  Name.resize((Name.size() + 3) & ~size_t(3));
  To += Name;
  Text.resize((Text.size() + 3) & ~size_t(3));
  To += Text;
}

template <typename T> std::string bytesOf(const T &Value) {
  std::string Result;
  append(Result, Value);
  return Result;
}

/// One page of memory, of which the second half was left out; one of a file,
/// left out.
struct CoreMaker {
  elf_prstatus Status = {};
  elf_prpsinfo Process = {};
  siginfo_t Info = {};
  Elf64_Ehdr Header = {};
  std::string Notes, Contents;

  CoreMaker() {
    memcpy(Header.e_ident, ELFMAG, SELFMAG);
    Header.e_ident[EI_CLASS] = ELFCLASS64;
    Header.e_ident[EI_DATA] = ELFDATA2LSB;
    Header.e_type = ET_CORE;
    Header.e_machine = EM_X86_64;
    Header.e_phoff = sizeof(Header);
    Header.e_phentsize = sizeof(Elf64_Phdr);
    Header.e_phnum = 3;
    Status.pr_cursig = SIGSEGV;
    Status.pr_pid = 12;
    Process.pr_pid = 11;
    Info.si_signo = SIGSEGV;
    Info.si_code = SEGV_ACCERR;
    Info.si_addr = reinterpret_cast<void *>(0x1234);
    for (uint64_t I = 0; I != Page / 2; ++I)
      Contents += static_cast<char>(I % 251);
  }

  std::string files() const {
    std::string Text;
    for (uint64_t Number :
         {uint64_t(1), Page, Mapped, Mapped + Page, uint64_t(2)})
      append(Text, Number);
    return Text + std::string("/bin/x", 7);
  }

  void addNotes() {
    elf_prstatus Other = {};
    appendNote(Notes, NT_PRSTATUS, bytesOf(Status));
    appendNote(Notes, NT_PRPSINFO, bytesOf(Process));
    appendNote(Notes, NT_SIGINFO, bytesOf(Info));
    appendNote(Notes, NT_AUXV,
               bytesOf(Elf64_auxv_t{AT_ENTRY, {0x77}}) +
                   bytesOf(Elf64_auxv_t{AT_PAGESZ, {Page}}));
    appendNote(Notes, NT_FILE, files());
    appendNote(Notes, NT_PRSTATUS, bytesOf(Other));
  }

  std::string make() {
    if (Notes.empty())
      addNotes();
    uint64_t At = sizeof(Header) + 3 * sizeof(Elf64_Phdr);
    std::string Result = bytesOf(Header);
    append(Result, Elf64_Phdr{PT_NOTE, 0, At, 0, 0, Notes.size(), 0, 0});
    At += Notes.size();
    append(Result,
           Elf64_Phdr{PT_LOAD, PF_R, At, Memory, 0, Contents.size(), Page, 0});
    append(Result, Elf64_Phdr{PT_LOAD, PF_R, At, Mapped, 0, 0, Page, 0});
    return Result + Notes + Contents;
  }
};

/// What became of `Bytes`: the reason that they are refused for, or "".
std::string problemOf(const std::string &Bytes) {
  std::string Problem;
  return CoreFile::parse(Bytes, Problem) ? "" : Problem;
}

TEST(CoreFile, TellsWhyAndWhereItEnded) {
  std::string Bytes = CoreMaker().make(), Problem;
  auto Core = CoreFile::parse(Bytes, Problem);
  ASSERT_TRUE(Core) << Problem;
  EXPECT_EQ(Core->pid(), 11);
  EXPECT_EQ(Core->thread().Tid, 12);
  EXPECT_EQ(Core->thread().Signal, SIGSEGV);
  EXPECT_EQ(Core->cause().Signal, SIGSEGV);
  EXPECT_EQ(Core->cause().Code, SEGV_ACCERR);
  EXPECT_EQ(Core->cause().Address, 0x1234u);
  EXPECT_EQ(Core->auxiliary(AT_ENTRY), 0x77u);
  EXPECT_FALSE(Core->auxiliary(AT_BASE));
}

TEST(CoreFile, ReadsWhatWasKept) {
  std::string Bytes = CoreMaker().make(), Problem;
  auto Core = CoreFile::parse(Bytes, Problem);
  ASSERT_TRUE(Core);
  char To[2];
  EXPECT_TRUE(Core->read(Memory + 252, To, 2));
  EXPECT_EQ(To[0], 1);
  EXPECT_EQ(To[1], 2);
  EXPECT_TRUE(Core->read(Memory + Page / 2 - 2, To, 2));
  EXPECT_FALSE(Core->read(Memory + Page / 2 - 1, To, 2));
  EXPECT_FALSE(Core->read(Memory - 1, To, 2));
  EXPECT_FALSE(Core->read(~uint64_t(0), To, 2));
  EXPECT_EQ(Core->ranges().size(), 2u);
  EXPECT_EQ(Core->ranges()[0].End, Memory + Page);
}

TEST(CoreFile, ReadsWhatWasLeftOutFromTheFile) {
  std::string Bytes = CoreMaker().make(), Problem;
  std::string File(3 * Page - 5, 'x');
  File[2 * Page + 7] = 'y';
  auto Core = CoreFile::parse(Bytes, Problem);
  ASSERT_TRUE(Core);
  ASSERT_EQ(Core->files().size(), 1u);
  EXPECT_EQ(Core->files()[0].Path, "/bin/x");
  EXPECT_EQ(Core->files()[0].Offset, 2 * Page);
  char To[2];
  EXPECT_FALSE(Core->read(Mapped + 7, To, 2));
  Core->provide("/bin/x", File);
  EXPECT_TRUE(Core->read(Mapped + 7, To, 2));
  EXPECT_EQ(To[0], 'y');
  EXPECT_TRUE(Core->read(Mapped + Page - 7, To, 2));
  EXPECT_FALSE(Core->read(Mapped + Page - 6, To, 2));
}

TEST(CoreFile, TakesTheFirstThread) {
  CoreMaker M;
  elf_prstatus Other = {};
  Other.pr_pid = 99;
  M.addNotes();
  appendNote(M.Notes, NT_PRSTATUS, bytesOf(Other));
  std::string Bytes = M.make(), Problem;
  auto Core = CoreFile::parse(Bytes, Problem);
  ASSERT_TRUE(Core);
  EXPECT_EQ(Core->thread().Tid, 12);
}

/// Each register has its number for a value, in the order of the notes.
template <unsigned Count>
std::unique_ptr<CoreFile> parseWithRegisters(CoreMaker &M, std::string &Bytes) {
  std::string Status(112, 0), Problem;
  Status[32] = 12; // The number of the thread.
  for (uint64_t I = 0; I != Count; ++I)
    append(Status, I);
  std::string Rest = std::move(M.Notes);
  M.Notes.clear();
  appendNote(M.Notes, NT_PRSTATUS, Status + std::string(8, 0));
  M.Notes += Rest;
  Bytes = M.make();
  return CoreFile::parse(Bytes, Problem);
}

TEST(CoreFile, ReadsRegistersOfX86) {
  CoreMaker M;
  std::string Bytes;
  auto Core = parseWithRegisters<27>(M, Bytes);
  ASSERT_TRUE(Core);
  EXPECT_EQ(&Core->cpu(), &arch::X86_64);
  const arch::ThreadStatus &T = Core->thread();
  EXPECT_EQ(T.Tid, 12);
  EXPECT_EQ(T.Frame.Pc, 16u);
  EXPECT_EQ(T.Frame.Sp, 19u);
  EXPECT_EQ(T.Frame.Fp, 4u);
  EXPECT_EQ(T.ThreadPointer, 21u);
  EXPECT_EQ(T.valueOf("r15"), 0u);
  EXPECT_EQ(T.valueOf("rax"), 10u);
  EXPECT_EQ(T.valueOf("rdi"), 14u);
}

/// The thread pointer is in another note; of the threads' the first is right.
TEST(CoreFile, ReadsRegistersOfArm64) {
  CoreMaker M;
  M.Header.e_machine = EM_AARCH64;
  std::string Bytes;
  appendNote(M.Notes, NT_ARM_TLS, bytesOf(uint64_t(1)), "GNU");
  appendNote(M.Notes, NT_ARM_TLS, bytesOf(uint64_t(77)), "LINUX");
  appendNote(M.Notes, NT_ARM_TLS, bytesOf(uint64_t(78)), "LINUX");
  auto Core = parseWithRegisters<34>(M, Bytes);
  ASSERT_TRUE(Core);
  EXPECT_EQ(&Core->cpu(), &arch::Arm64);
  const arch::ThreadStatus &T = Core->thread();
  EXPECT_EQ(T.Tid, 12);
  EXPECT_EQ(T.Frame.Pc, 32u);
  EXPECT_EQ(T.Frame.Sp, 31u);
  EXPECT_EQ(T.Frame.Fp, 29u);
  EXPECT_EQ(T.Frame.Lr, 30u);
  EXPECT_EQ(T.ThreadPointer, 77u);
  EXPECT_EQ(T.valueOf("x28"), 28u);
  EXPECT_EQ(T.valueOf("sp"), 31u);
}

/// Where the kernel's frame of a signal has the registers.
TEST(CoreFile, ReadsRegistersOfContexts) {
  uint64_t Words[64];
  for (uint64_t I = 0; I != 64; ++I)
    Words[I] = I;
  FrameRegisters X86 = arch::X86_64.registersOf(Words);
  EXPECT_EQ(X86.Pc, 21u);
  EXPECT_EQ(X86.Sp, 20u);
  EXPECT_EQ(X86.Fp, 15u);
  EXPECT_EQ(X86.Lr, 0u);
  FrameRegisters Arm64 = arch::Arm64.registersOf(Words);
  EXPECT_EQ(Arm64.Pc, 55u);
  EXPECT_EQ(Arm64.Sp, 54u);
  EXPECT_EQ(Arm64.Fp, 52u);
  EXPECT_EQ(Arm64.Lr, 53u);
  ucontext_t Here;
  getcontext(&Here);
  const arch::CoreCpu &Native =
      arch::Frames.DwarfSp == 7 ? arch::X86_64 : arch::Arm64;
  EXPECT_EQ(Native.registersOf(&Here).Pc, arch::registersOf(&Here).Pc);
  EXPECT_EQ(Native.registersOf(&Here).Fp, arch::registersOf(&Here).Fp);
}

TEST(CoreFile, SaysWhyItRefuses) {
  std::string Bytes = CoreMaker().make();
  EXPECT_EQ(problemOf(Bytes), "");
  EXPECT_EQ(problemOf(""), "not a core file");
  EXPECT_EQ(problemOf("#!/bin/sh"), "not a core file");
  EXPECT_EQ(problemOf(Bytes.substr(0, 4)), "it is of another architecture");
  EXPECT_EQ(problemOf(Bytes.substr(0, 40)), "it is truncated");
  EXPECT_EQ(problemOf(Bytes.substr(0, 100)), "it is truncated or damaged");
  EXPECT_EQ(problemOf(Bytes.substr(0, Bytes.size() - 1)),
            "it is truncated: was it written whole (ulimit -c)?");
  CoreMaker M;
  M.Header.e_type = ET_DYN;
  EXPECT_EQ(problemOf(M.make()), "not a core file");
  M.Header.e_type = ET_CORE;
  M.Header.e_machine = EM_NONE;
  EXPECT_EQ(problemOf(M.make()), "it is of another architecture");
  M.Header.e_machine = EM_X86_64;
  M.Header.e_ident[EI_CLASS] = ELFCLASS32;
  EXPECT_EQ(problemOf(M.make()), "it is of another architecture");
  CoreMaker N;
  appendNote(N.Notes, NT_PRPSINFO, bytesOf(N.Process));
  EXPECT_EQ(problemOf(N.make()), "it has no thread or no memory");
}

TEST(CoreFile, RefusesDamagedNotes) {
  CoreMaker M;
  M.addNotes();
  M.Notes.resize(M.Notes.size() - 8);
  EXPECT_EQ(problemOf(M.make()), "its notes are damaged");
  CoreMaker Many;
  std::string Files = Many.files();
  Files[0] = 100; // More mappings than there are.
  appendNote(Many.Notes, NT_PRSTATUS, bytesOf(Many.Status));
  appendNote(Many.Notes, NT_FILE, Files);
  EXPECT_EQ(problemOf(Many.make()), "its notes are damaged");
  CoreMaker Open;
  Files = Open.files();
  Files.back() = 'x'; // The name has no end.
  appendNote(Open.Notes, NT_PRSTATUS, bytesOf(Open.Status));
  appendNote(Open.Notes, NT_FILE, Files);
  EXPECT_EQ(problemOf(Open.make()), "its notes are damaged");
}

/// Reads all that there is.
void use(const CoreFile &Core) {
  char To[64];
  for (const AddressRange &R : Core.ranges()) {
    Core.read(R.Begin, To, sizeof(To));
    Core.read(R.End - 1, To, sizeof(To));
  }
  for (const MappedFile &F : Core.files())
    Core.read(F.At.Begin, To, sizeof(To));
}

TEST(CoreFile, SurvivesAnyLength) {
  std::string Bytes = CoreMaker().make(), Problem;
  for (size_t Size = 0; Size != Bytes.size(); ++Size) {
    // Of its own, so that a sanitizer sees what is read past it.
    std::vector<char> Copy(Bytes.begin(),
                           Bytes.begin() + static_cast<ptrdiff_t>(Size));
    EXPECT_FALSE(CoreFile::parse({Copy.data(), Size}, Problem));
  }
}

TEST(CoreFile, SurvivesChangedBytes) {
  std::string Good = CoreMaker().make(), File(3 * Page, 'x'), Problem;
  std::mt19937 Draw(1);
  unsigned Parsed = 0;
  for (unsigned Round = 0; Round != 20000; ++Round) {
    std::vector<char> Copy(Good.begin(), Good.end());
    // All but the contents, which nothing is read of.
    size_t Room = Good.size() - Page / 2;
    for (unsigned I = Draw() % 4 + 1; I; --I)
      Copy[Draw() % Room] = static_cast<char>(Draw());
    auto Core = CoreFile::parse({Copy.data(), Copy.size()}, Problem);
    if (!Core)
      continue;
    ++Parsed;
    Core->provide("/bin/x", File);
    use(*Core);
  }
  EXPECT_GT(Parsed, 1000u);
}

} // namespace
