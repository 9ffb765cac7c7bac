// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Finds out what a call will do with a buffer, and has it judged.

#include "boundary.h"
#include "entry.h"
#include "fault.h"
#include "runtime.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

using namespace heapfence;

namespace heapfence {

namespace {

/// Some 30 ns each with the call.
constexpr uint32_t ChecksTogether = 64;
constexpr uint64_t NsPerCheck = 30;

Atomic<bool> AreClosed;

void setBufferWindows(uint64_t Window) {
  // Of one value in all threads' hands: which of two comes last does not
  // matter.
  if (Window == NoWindow)
    TheRuntime.Sites.forEachModule([](const ModuleDescriptor &M) {
      __atomic_store_n(M.BufferWindow, NoWindow, __ATOMIC_RELAXED);
    });
  else
    TheRuntime.Sites.forEachModule([](const ModuleDescriptor &M) {
      __atomic_store_n(M.BufferWindow, TheWindow, __ATOMIC_RELAXED);
    });
}

/// Takes the time of checks, and ends them when there is no more. A hot buffer
/// that happens to be guarded must not cost what nobody decided to spend.
void chargeCheck() {
  ThreadState &T = threadState();
  if (++T.BufferChecks < ChecksTogether)
    return;
  T.BufferChecks = 0;
  Budget &Time = TheRuntime.Time;
  Time.chargeCpu(ChecksTogether * NsPerCheck);
  if (TheRuntime.Sampling.isGoverned() && Time.level() < 0 &&
      !AreClosed.exchangeAcqRel(true))
    setBufferWindows(NoWindow);
}

/// What a call does with one of its buffers.
class BufferUse {
public:
  BufferUse(const char *Function, const BufferArgument &Argument,
            const CallerFrame *Caller)
      : Function(Function), Argument(Argument), From{nullptr, Caller} {}

  void check(const uint64_t *Arguments) {
    const void *P =
        reinterpret_cast<const void *>(Arguments[Argument.Number - 1]);
    size_t N = told(Arguments);
    switch (Argument.Form) {
    case BufferForm::Room:
      if (N >= INT_MAX)
        return;
      [[fallthrough]];
    case BufferForm::Bytes:
      return bytes(P, N);
    case BufferForm::String:
      return bytes(P, stringBytes(P, SIZE_MAX));
    case BufferForm::StringAtMost:
      return bytes(P, stringBytes(P, N));
    case BufferForm::CopyOf:
      return bytes(P, stringBytes(reinterpret_cast<const void *>(N), SIZE_MAX));
    case BufferForm::AppendOf:
      return bytes(
          P, stringBytes(P, SIZE_MAX) - 1 +
                 stringBytes(reinterpret_cast<const void *>(N), SIZE_MAX));
    case BufferForm::IoVec:
      return vector(static_cast<const struct iovec *>(P), N);
    case BufferForm::MsgHdr:
      return message(static_cast<const struct msghdr *>(P));
    }
  }

private:
  /// How much the call says. A product that overflows is that of no buffer:
  /// then the largest number.
  size_t told(const uint64_t *Arguments) const {
    size_t Product = 1;
    for (unsigned I = 0; I != 2 && Argument.Told[I]; ++I) {
      uint64_t Word = Arguments[Argument.Told[I] - 1];
      size_t Factor =
          Argument.IsInt[I] ? size_t(int64_t(int32_t(Word))) : size_t(Word);
      if (__builtin_mul_overflow(Product, Factor, &Product))
        return SIZE_MAX;
    }
    return Product;
  }

  void bytes(const void *P, size_t Size) {
    if (isInWindow(P))
      judgeBuffer(P, Size, Function, Argument, From);
  }

  /// The length of the string at `P` with its terminator, or `Limit`. What
  /// would be read behind an object's end counts for one byte.
  size_t stringBytes(const void *P, size_t Limit) {
    const char *Text = static_cast<const char *>(P);
    size_t Room = isGuarded(P) ? bytesLeft(P) : SIZE_MAX;
    size_t Most = Room < Limit ? Room : Limit;
    AccessForCaller Mark(From.Caller);
    size_t Length = Most == SIZE_MAX ? strlen(Text) : strnlen(Text, Most);
    return Length == Limit ? Limit : Length + 1;
  }

  void vector(const struct iovec *Parts, size_t Count) {
    // The kernel refuses more.
    constexpr size_t MostParts = 1024;
    if (Count > MostParts)
      return;
    for (size_t I = 0; I != Count; ++I) {
      struct iovec Part;
      if (!readStruct(Part, Parts + I))
        return;
      bytes(Part.iov_base, Part.iov_len);
    }
  }

  void message(const struct msghdr *Header) {
    struct msghdr M;
    if (!readStruct(M, Header))
      return;
    bytes(M.msg_name, M.msg_name ? M.msg_namelen : 0);
    bytes(M.msg_control, M.msg_control ? M.msg_controllen : 0);
    vector(M.msg_iov, M.msg_iovlen);
  }

  /// Returns: false if it is not known that it can be read: the kernel refuses
  /// a bad pointer, and the program may count on that.
  template <typename T> bool readStruct(T &To, const T *P) {
    bytes(P, sizeof(T));
    if (!isOnStack(P, sizeof(T)) && bytesLeft(P) < sizeof(T))
      return false;
    memcpy(&To, P, sizeof(T));
    return true;
  }

  /// True for what is above the caller's frame, on its stack.
  bool isOnStack(const void *P, size_t Size) {
    uintptr_t Begin = arch::untagged(P);
    uintptr_t Low = reinterpret_cast<uintptr_t>(From.Caller);
    StackBounds Bounds = stackBounds(Low);
    return !Bounds.NeedsProbe && Begin >= Low && Begin < Bounds.High &&
           Bounds.High - Begin >= Size;
  }

  const char *Function;
  const BufferArgument &Argument;
  Origin From;
};

} // namespace

void openBufferChecks() {
  AreClosed.storeRelaxed(false);
  setBufferWindows(TheWindow);
}

void reopenBufferChecks() {
  if (AreClosed.loadRelaxed() && TheRuntime.Time.level() > 0)
    openBufferChecks();
}

} // namespace heapfence

/// What `__heapfence_check_buffers` does with the registers that arguments come
/// in, see arch.h.
extern "C" void heapfence_checkBuffers(const uint64_t *Arguments,
                                       const BufferRecord *Call,
                                       const CallerFrame *Caller) {
  if (!TheRuntime.isOn())
    return;
  int SavedErrno = errno;
  chargeCheck();
  for (const BufferArgument &Argument : Call->Buffers)
    if (Argument.Number)
      BufferUse(Call->Function.get(), Argument, Caller).check(Arguments);
  errno = SavedErrno;
}
