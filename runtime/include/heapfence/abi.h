// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The contract between the compiler pass and the runtime: record layouts,
// symbol names, and what each slow-path entry means. Included by both sides.

#ifndef HEAPFENCE_ABI_H
#define HEAPFENCE_ABI_H

#include <cstddef>
#include <cstdint>

namespace heapfence {

/// Version of everything in this file. It is part of the registration symbol's
/// name, so that a pass and a runtime that disagree fail at link time.
inline constexpr uint32_t AbiVersion = 1;

/// Which deallocator belongs to an object.
enum class Family : uint8_t { Malloc, New, NewArray };

/// The heap functions the pass knows, in the order of heap_functions.def. A
/// `Site` names one of them.
enum class HeapFunction : uint8_t {
#define HEAP_FUNCTION(Id, Symbol, Shape, Family) Id,
#include "heapfence/heap_functions.def"
};

/// The arguments of a heap function and what they mean. Sizes are in bytes.
enum class Shape : uint8_t {
  Malloc,           ///< p = f(size, ...)
  Calloc,           ///< p = f(count, size)
  Memalign,         ///< p = f(alignment, size)
  AlignedNew,       ///< p = f(size, alignment, ...)
  PosixMemalign,    ///< error = f(&p, alignment, size)
  Realloc,          ///< p = f(old, size)
  ReallocArray,     ///< p = f(old, count, size)
  Strdup,           ///< p = f(string)
  Strndup,          ///< p = f(string, limit)
  Free,             ///< f(p, ...)
  FreeSized,        ///< f(p, size, ...)
  FreeAligned,      ///< f(p, alignment, ...)
  FreeAlignedSized, ///< f(p, alignment, size)
  FreeSizedAligned, ///< f(p, size, alignment)
};

constexpr Family familyOf(HeapFunction F) {
  constexpr Family Families[] = {
#define HEAP_FUNCTION(Id, Symbol, Shape, Owner) Family::Owner,
#include "heapfence/heap_functions.def"
  };
  return Families[static_cast<uint8_t>(F)];
}

constexpr Shape shapeOf(HeapFunction F) {
  constexpr Shape Shapes[] = {
#define HEAP_FUNCTION(Id, Symbol, Form, Family) Shape::Form,
#include "heapfence/heap_functions.def"
  };
  return Shapes[static_cast<uint8_t>(F)];
}

/// A 32-bit self-relative reference: the target's address is the address of
/// this field plus its value. 0 means "nothing". Needs no dynamic relocation.
template <typename T> struct Relative {
  int32_t Offset;

  const T *get() const {
    return Offset == 0 ? nullptr
                       : reinterpret_cast<const T *>(
                             reinterpret_cast<const char *>(this) + Offset);
  }
};

/// One source position, and the call it was inlined at. Frames in system
/// headers are left out where a frame outside them is left.
struct SourceFrame {
  Relative<char> File; ///< With its directory; 0: unknown.
  /// Name of the function: the linkage name of the outermost, if that is not
  /// too long, and the plain name of those inlined into it; 0: unknown.
  Relative<char> Function;
  Relative<SourceFrame> InlinedAt; ///< 0: this is the outermost frame.
  uint32_t LineAndColumn;          ///< See `packLine`.

  uint32_t line() const { return LineAndColumn >> ColumnBits; }
  uint32_t column() const { return LineAndColumn & MaxColumn; }

  static constexpr unsigned ColumnBits = 10;
  static constexpr uint32_t MaxColumn = (1 << ColumnBits) - 1;
  static constexpr uint32_t MaxLine = ~uint32_t(0) >> ColumnBits;

  /// 0 is "unknown", also for what does not fit.
  static constexpr uint32_t packLine(uint32_t Line, uint32_t Column) {
    return Line > MaxLine
               ? 0
               : Line << ColumnBits | (Column > MaxColumn ? 0 : Column);
  }
};
static_assert(sizeof(SourceFrame) == 16);

/// `Site::Flags`.
enum SiteFlags : uint8_t {
  /// The function keeps a frame pointer, so a frame-pointer walk may start
  /// here.
  SiteHasFramePointer = 1,
  /// A call of an allocation wrapper: a context, not an allocation. `Callee` is
  /// meaningless.
  SiteIsContext = 2,
  /// The user wants it looked at first.
  SiteIsFocused = 4,
  /// The site has static branches (one for each copy of its code): it does not
  /// count down by itself. Its weight cell is the runtime's alone.
  SiteHasBranch = 8,
  /// Its objects hold bytes, and need no alignment.
  SiteIsBytes = 16,
  /// What its code does with an object is more likely to go wrong at its end,
  SiteGrowsUp = 32,
  /// or at its start.
  SiteReachesDown = 64,
};

/// One heap call site. Read-only; one array per function, all of them together
/// form the linked module's section `SitesSection`.
struct Site {
  SourceFrame Where;
  Relative<uint32_t> Weight; ///< The site's weight cell; 0 for a free site.
  HeapFunction Callee;
  uint8_t Flags; ///< `SiteFlags`.
  /// log2 of the alignment that an allocation's result is promised, or that a
  /// deallocation tells.
  uint8_t AlignLog2;
  uint8_t Reserved;
  /// Bytes that a sized deallocation tells, where that is a constant, or that
  /// one of an allocation's objects has, where that is known; 0: not.
  uint32_t Size;
  Relative<char> Type; ///< Of an allocation's objects; 0: not known.
};
static_assert(sizeof(Site) == 32 && alignof(Site) == 4);

/// Where a deallocation call returns to. Read-only; all of a linked module form
/// its section `ReturnsSection`, in no particular order.
struct ReturnRecord {
  Relative<char> Address;
  Relative<Site> Where;
};
static_assert(sizeof(ReturnRecord) == 8 && alignof(ReturnRecord) == 4);

/// A static branch: 5 bytes of code within one naturally aligned
/// word of 8. They are a nop (0f 1f 44 00 00) while the branch is closed, and a
/// jump to `Slow` while it is open. Read-only; all of a linked module form its
/// section `BranchesSection`, in no particular order.
struct BranchRecord {
  Relative<char> Address;
  Relative<char> Slow;
  Relative<Site> Where;
};
static_assert(sizeof(BranchRecord) == 12 && alignof(BranchRecord) == 4);

/// How many bytes of a buffer a function uses: see buffer_functions.def.
enum class BufferForm : uint8_t {
  Bytes,        ///< As many as it is told.
  Room,         ///< The same, but INT_MAX and more tell nothing.
  String,       ///< A string with its terminator.
  StringAtMost, ///< The same, but no more than it is told.
  CopyOf,       ///< As a string that it is told, which is copied there.
  AppendOf,     ///< The same, behind the string that is there.
  IoVec,        ///< As many struct iovec as it is told, and their buffers.
  MsgHdr,       ///< A struct msghdr and its buffers.
};

/// An argument of a function that is a buffer.
struct BufferArgument {
  uint8_t Number; ///< 1 for the first argument; 0: there is no such buffer.
  bool IsWritten; ///< By the function; else it is read.
  BufferForm Form;
  /// The numbers of the arguments that tell how much, their product; 0: none.
  uint8_t Told[2];
  bool IsInt[2]; ///< `Told` are of type int; else of 64 bits.
  uint8_t Reserved;
};
static_assert(sizeof(BufferArgument) == 8);

/// A function and its buffers, all among its first six arguments. Read-only.
struct BufferRecord {
  Relative<char> Function; ///< Its name.
  BufferArgument Buffers[2];
};
static_assert(sizeof(BufferRecord) == 20 && alignof(BufferRecord) == 4);

/// A weight that no countdown reaches: the site's first execution is a
/// candidate. The pass initialises every weight cell with it.
inline constexpr uint32_t UncoveredWeight = 0x40000000;

/// log2 of the size and alignment, in bytes, of the address window that holds
/// every guarded object: `address >> WindowLog2 == window` tells whether one
/// may be there.
inline constexpr unsigned WindowLog2 = 30;

/// On x86-64 the window lies in the second quarter of the address space, where
/// the first of these bits of an address is clear and the second is set. The
/// first is set in the addresses of most other objects (a position independent
/// executable and its heap, what mmap gives, stacks), both are clear in those
/// of the rest (other executables and their heaps, null): one instruction for
/// each bit tells that they are not guarded.
inline constexpr unsigned X86OutsideBit = 46, X86InsideBit = 45;

/// On arm64 the CPU ignores the top byte of a pointer, where programs keep
/// tags: so does the test of the window.
inline constexpr unsigned Arm64AddressBits = 56;

/// The window cell's value while there is no pool. No address shifted right by
/// `WindowLog2` has it.
inline constexpr uint64_t NoWindow = ~uint64_t(0);

/// What a linked module (executable or shared object) tells the runtime. One
/// per linked module however many translation units were instrumented.
struct ModuleDescriptor {
  uint32_t Version;                 ///< `AbiVersion`.
  uint32_t SiteSize;                ///< sizeof(Site).
  const Site *SitesBegin = nullptr; ///< null when the linker kept no site.
  const Site *SitesEnd = nullptr;
  const ReturnRecord *ReturnsBegin = nullptr; ///< null when there is none.
  const ReturnRecord *ReturnsEnd = nullptr;
  const BranchRecord *BranchesBegin = nullptr; ///< null when there is none.
  const BranchRecord *BranchesEnd = nullptr;
  const char *HelpersBegin =
      nullptr; ///< The code in `HelpersSection`; null when none.
  const char *HelpersEnd = nullptr;
  uint64_t *Window; ///< The module's own window cell, written at start.
  /// The same for buffers: written now and then, for a while the window is
  /// none.
  uint64_t *BufferWindow = nullptr;
};

/// Returned by the realloc entries when the runtime leaves the call to the
/// original function. (null is a legitimate result of realloc.)
inline void *const NotHandled = reinterpret_cast<void *>(~uintptr_t(0));

/// Names that the pass emits and the runtime defines.
///
/// The slow-path entries are called by the helpers that the pass emits, which
/// keep a frame record: the caller of the helper is the site. All of them are
/// safe on any thread, at any time, before the runtime is initialised and in a
/// signal handler; they preserve errno; none of them throws. `site` is never
/// null.
///
///   arm(site)
///       Called by the helper of a context, before the wrapper it stands for.
///       Returns: true if the next allocation of the thread, within the call,
///       will be judged on behalf of `site`: then the helper calls `disarm`
///       after the wrapper has returned. (Where it does not return, by an
///       exception or longjmp, the runtime notices.)
///   disarm()
///   malloc(size, site), calloc(count, size, site),
///   memalign(alignment, size, site), strdup(s, site), strndup(s, n, site)
///       Returns: a guarded object, or null: call the original.
///   posix_memalign(&p, alignment, size, site)
///       Returns: 0 with *p set to a guarded object, else: call the original.
///   realloc(p, size, site), reallocarray(p, count, size, site)
///       Returns: the result of the call, or `NotHandled`: call the original.
///   check_buffers
///       Jumped to by the helper of a function with buffers, with all arguments
///       in place, if one of these is guarded, or may refer to what is: reports
///       what the call would do beside or to a freed object, and jumps to the
///       function. Its `BufferRecord` is in r10 (arm64: x16), its address in
///       r11 (x15).
namespace entry {
inline constexpr char CheckBuffers[] = "__heapfence_check_buffers";
inline constexpr char Arm[] = "__heapfence_arm";
inline constexpr char Disarm[] = "__heapfence_disarm";
inline constexpr char Malloc[] = "__heapfence_malloc";
inline constexpr char Calloc[] = "__heapfence_calloc";
inline constexpr char Memalign[] = "__heapfence_memalign";
inline constexpr char PosixMemalign[] = "__heapfence_posix_memalign";
inline constexpr char Realloc[] = "__heapfence_realloc";
inline constexpr char ReallocArray[] = "__heapfence_reallocarray";
inline constexpr char Strdup[] = "__heapfence_strdup";
inline constexpr char Strndup[] = "__heapfence_strndup";
} // namespace entry

/// `void f(const ModuleDescriptor *)`: called by each linked module's
/// constructor and destructor.
inline constexpr char RegisterSymbol[] = "__heapfence_register_v1";
inline constexpr char UnregisterSymbol[] = "__heapfence_unregister_v1";

/// The thread's 32-bit countdown (thread-local, zero-initialised: the first
/// allocation of a thread takes the slow path).
inline constexpr char CountdownSymbol[] = "__heapfence_countdown";

/// The window cell: hidden, one per linked module, defined by the pass.
inline constexpr char WindowSymbol[] = "__heapfence_window";

/// The same for buffers: see `ModuleDescriptor::BufferWindow`.
inline constexpr char BufferWindowSymbol[] = "__heapfence_buffer_window";

/// The module flag of code with static branches: link-time optimization goes on
/// with them.
inline constexpr char GuardFlag[] = "heapfence-guard";

/// Prefixes of the helpers, hidden, one per linked module and heap function,
/// that the pass emits: see pass/Guard.h.
inline constexpr char SlowPrefix[] = "__heapfence_slow.";
inline constexpr char ColdPrefix[] = "__heapfence_cold.";
/// Of those for functions with buffers: see pass/BufferHelper.h.
inline constexpr char CheckPrefix[] = "__heapfence_check.";
inline constexpr char CheckSlowPrefix[] = "__heapfence_check_slow.";

/// Prefix of the functions that stand for a heap function whose address is
/// taken.
inline constexpr char ThunkPrefix[] = "__heapfence_thunk.";

/// Defined, weakly, by modules that define an operator new of their own.
inline constexpr char ReplacesNewSymbol[] = "__heapfence_replaces_new";

/// Sections of the records. C identifiers, so that the linker provides their
/// start and stop symbols.
inline constexpr char SitesSection[] = "heapfence_sites";
inline constexpr char ReturnsSection[] = "heapfence_returns";
inline constexpr char BranchesSection[] = "heapfence_branches";
/// The code of helpers and thunks, whose frames a report leaves out.
inline constexpr char HelpersSection[] = "heapfence_text";
inline constexpr char WeightsSection[] = ".data.heapfence_weights";

} // namespace heapfence

#endif // HEAPFENCE_ABI_H
