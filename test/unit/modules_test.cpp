// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// If this fails, frames are symbolized with the wrong file or offset.

#include "modules.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <elf.h>
#include <fstream>
#include <iterator>
#include <link.h>
#include <string>
#include <sys/mman.h>
#include <unistd.h>
#include <vector>

using namespace heapfence;

namespace {

int Variable = 1;

// The linker's: the first byte of the executable, and the one behind its last.
extern "C" const char __executable_start, _end;

template <typename T> uintptr_t address(T *P) {
  return reinterpret_cast<uintptr_t>(P);
}

std::string executablePath() {
  char Path[PATH_MAX] = "";
  EXPECT_GT(readlink("/proc/self/exe", Path, sizeof(Path) - 1), 0);
  return Path;
}

/// The build id as `readelf -n` finds it: in the file, by its section.
std::vector<uint8_t> buildIdOfFile(const std::string &Path) {
  std::ifstream In(Path, std::ios::binary);
  const std::vector<char> File{std::istreambuf_iterator<char>(In), {}};
  ElfW(Ehdr) Header;
  memcpy(&Header, File.data(), sizeof(Header));
  std::vector<ElfW(Shdr)> Sections(Header.e_shnum);
  memcpy(Sections.data(), &File[Header.e_shoff],
         Header.e_shnum * sizeof(ElfW(Shdr)));
  const char *Names = &File[Sections[Header.e_shstrndx].sh_offset];
  for (const ElfW(Shdr) &S : Sections) {
    if (strcmp(Names + S.sh_name, ".note.gnu.build-id"))
      continue;
    ElfW(Nhdr) Note;
    memcpy(&Note, &File[S.sh_offset], sizeof(Note));
    const char *Bytes = &File[S.sh_offset + sizeof(Note) + 4]; // "GNU"
    return std::vector<uint8_t>(Bytes, Bytes + Note.n_descsz);
  }
  return {};
}

struct Linked {
  uintptr_t Address;
  std::string Path;
  uintptr_t Bias;
};

/// What the dynamic loader says of the object at `Address`.
Linked linkedObject(uintptr_t Address) {
  Linked Result = {Address, "", 0};
  dl_iterate_phdr(
      [](dl_phdr_info *Info, size_t, void *Data) {
        auto *L = static_cast<Linked *>(Data);
        for (int I = 0; I != Info->dlpi_phnum; ++I) {
          const ElfW(Phdr) &P = Info->dlpi_phdr[I];
          const uintptr_t Begin = Info->dlpi_addr + P.p_vaddr;
          if (P.p_type != PT_LOAD || L->Address < Begin ||
              L->Address >= Begin + P.p_memsz)
            continue;
          L->Path = Info->dlpi_name;
          L->Bias = Info->dlpi_addr;
          return 1;
        }
        return 0;
      },
      &Result);
  return Result;
}

void expectObject(uintptr_t Address, const std::string &Path) {
  LoadedObject O;
  errno = 77;
  ASSERT_TRUE(findObject(Address, O));
  EXPECT_EQ(errno, 77);
  EXPECT_EQ(O.Path, Path);
  EXPECT_EQ(O.Bias, linkedObject(Address).Bias);
  EXPECT_EQ(std::vector<uint8_t>(O.BuildId, O.BuildId + O.BuildIdSize),
            buildIdOfFile(Path));
}

uintptr_t libcFunction() { return address(dlsym(RTLD_DEFAULT, "getppid")); }

TEST(Modules, OwnFunction) {
  expectObject(address(&executablePath), executablePath());
}

TEST(Modules, OwnData) { expectObject(address(&Variable), executablePath()); }

TEST(Modules, LibraryFunction) {
  const Linked Libc = linkedObject(libcFunction());
  ASSERT_NE(Libc.Path, "");
  ASSERT_NE(Libc.Path, executablePath());
  expectObject(libcFunction(), Libc.Path);
}

TEST(Modules, TheOffsetIsThatOfTheFile) {
  LoadedObject O;
  ASSERT_TRUE(findObject(libcFunction(), O));
  Dl_info Info;
  const ElfW(Sym) *Symbol = nullptr;
  ASSERT_TRUE(
      dladdr1(reinterpret_cast<void *>(libcFunction()), &Info,
              reinterpret_cast<void **>(const_cast<ElfW(Sym) **>(&Symbol)),
              RTLD_DL_SYMENT));
  ASSERT_TRUE(Symbol);
  EXPECT_EQ(libcFunction() - O.Bias, Symbol->st_value);
}

TEST(Modules, AnObjectWithoutBuildIdHasNone) {
  LoadedObject O;
  ASSERT_TRUE(findObject(address(&executablePath), O));
  EXPECT_LE(O.BuildIdSize, MaxBuildId);
  EXPECT_EQ(O.BuildIdSize == 0, buildIdOfFile(executablePath()).empty());
}

TEST(Modules, NobodysAddresses) {
  const size_t Page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  void *Mapped = mmap(nullptr, Page, PROT_READ | PROT_EXEC,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(Mapped, MAP_FAILED);
  char *Heap = static_cast<char *>(malloc(10));
  int Local = 0;
  struct {
    const char *What;
    uintptr_t Address;
  } Cases[] = {{"null", 0},
               {"heap", address(Heap)},
               {"stack", address(&Local)},
               {"mapping", address(Mapped)},
               {"no address", ~uintptr_t(0)},
               {"page 1", Page}};
  for (auto &C : Cases) {
    LoadedObject O = {"?", 1, {1}, 1, {}};
    EXPECT_FALSE(findObject(C.Address, O)) << C.What;
    EXPECT_STREQ(O.Path, "") << C.What;
    EXPECT_EQ(O.BuildIdSize, 0u) << C.What;
    EXPECT_FALSE(isInExecutable(C.Address)) << C.What;
  }
  free(Heap);
  munmap(Mapped, Page);
}

TEST(Modules, TellsTheExecutableFromLibraries) {
  EXPECT_TRUE(isInExecutable(address(&executablePath)));
  EXPECT_TRUE(isInExecutable(address(&findObject)));
  EXPECT_TRUE(isInExecutable(address(&Variable)));
  EXPECT_FALSE(isInExecutable(libcFunction()));
  EXPECT_TRUE(isInExecutable(address(&__executable_start)));
  EXPECT_FALSE(isInExecutable(address(&__executable_start) - 1));
  EXPECT_TRUE(isInExecutable(address(&_end) - 1));
  EXPECT_FALSE(isInExecutable(address(&_end)));
}

} // namespace
