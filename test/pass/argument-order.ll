; If this fails, the runtime gets size and alignment in the wrong places.
; RUN: %opt -passes='heapfence,verify' -S %s -o %t
; RUN: %check %s --check-prefix=CNEW < %t
; RUN: %check %s --check-prefix=CXXNEW < %t
target triple = "x86_64-unknown-linux-gnu"

declare ptr @aligned_alloc(i64, i64)
declare ptr @_ZnwmSt11align_val_t(i64, i64)

define void @f(i64 %size, i64 %align) {
  %a = call ptr @aligned_alloc(i64 %align, i64 %size)
  %b = call ptr @_ZnwmSt11align_val_t(i64 %size, i64 %align)
  ret void
}
; C: alignment, size. C++: size, alignment. The runtime: alignment, size.
; CNEW: define {{.*}}ptr @__heapfence_slow.aligned_alloc(ptr nest %0, i64 %1, i64 %2)
; CNEW:         @__heapfence_memalign(i64 %1, i64 %2, ptr %0)
; CXXNEW: define {{.*}}ptr @__heapfence_slow._ZnwmSt11align_val_t(ptr nest %0, i64 %1, i64 %2)
; CXXNEW:         @__heapfence_memalign(i64 %2, i64 %1, ptr %0)
