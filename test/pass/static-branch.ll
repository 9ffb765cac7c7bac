; If this fails, a site is not guarded by a static branch where that is asked for,
; or not said to be, or the code around it is wrong.
; RUN: %opt -passes='heapfence<guard=static>,verify' -S %s | %check %s
; RUN: %opt -passes='heapfence<guard=static>,heapfence<guard=static>,verify' -S %s | %check %s
; Without the option: no branch, and no mark of the module.
; RUN: %opt -passes='heapfence' -S %s | %check %s --check-prefix=NONE
; RUN: not %opt -passes='heapfence<guard=fast>' -S %s -o %t.out 2>&1 | %check %s --check-prefix=BAD
; NONE-NOT: callbr
; NONE-NOT: heapfence-guard"
; BAD: heapfence-guard: 'fast' is neither countdown nor static
target triple = "x86_64-unknown-linux-gnu"

declare ptr @malloc(i64)
declare ptr @realloc(ptr, i64)
declare void @free(ptr)
declare noalias ptr @xmalloc(i64)
declare ptr @_Znwm(i64)
declare i32 @__gxx_personality_v0(...)

; The record of a deallocation has no flag (0), that of an allocation 8 (24 where it holds bytes), and of a
; context 10.
; CHECK: @__heapfence_sites = {{.*}} i8 0, i8 24, i8 0, i8 0, i32 0, i32 0 }
; CHECK-SAME: i8 13, i8 0, i8 0, i8 0, i32 0, i32 0 }
; CHECK: @__heapfence_sites{{.*}} i8 2, i8 8, i8 0, i8 0, i32 0, i32 0 }
; CHECK: @__heapfence_sites{{.*}} i8 10, i8 0, i8 0, i32 0, i32 0 }
; CHECK-NOT: __heapfence_countdown

define void @f() {
  %p = call ptr @malloc(i64 8)
  call void @free(ptr %p)
  ret void
}
; CHECK-LABEL: define void @f(
; CHECK:      callbr void asm sideeffect ".p2align 3,,4{{.*}}", "i,!i"(ptr @__heapfence_sites)
; CHECK-NEXT:   to label %hf.orig [label %hf.slow]
; CHECK:      hf.slow:
; CHECK-NEXT:   %[[S:.*]] = call ptr @__heapfence_slow.malloc(ptr nest @__heapfence_sites, i64 8)
; CHECK:      hf.orig:
; CHECK-NEXT:   %p = call ptr @malloc(i64 8)
; CHECK:      hf.join:
; CHECK-NEXT:   phi ptr [ %p, %hf.orig ], [ %[[S]], %hf.slow ]

; An old pointer that is guarded goes to the runtime, too.
define ptr @g(ptr %old) {
  %p = call ptr @realloc(ptr %old, i64 8)
  ret ptr %p
}
; CHECK-LABEL: define ptr @g(
; CHECK:      callbr void asm
; CHECK-NEXT:   to label %[[W:hf.window]] [label %hf.slow]
; CHECK:      [[W]]:
; CHECK:        %hf.guarded = icmp eq
; CHECK-NEXT:   br i1 %hf.guarded, label %hf.slow, label %hf.orig

define ptr @context() {
  %p = call ptr @xmalloc(i64 8)
  ret ptr %p
}
; CHECK-LABEL: define ptr @context(
; CHECK:      callbr void asm
; CHECK:      call ptr @__heapfence_slow.xmalloc.

; Code that rarely runs has its branch in place: there is no copy to share.
define ptr @invoked(i1 %c) personality ptr @__gxx_personality_v0 {
entry:
  br i1 %c, label %make, label %done
make:
  %p = invoke ptr @_Znwm(i64 8) to label %done unwind label %pad
done:
  %r = phi ptr [ null, %entry ], [ %p, %make ]
  ret ptr %r
pad:
  %e = landingpad { ptr, i32 } cleanup
  resume { ptr, i32 } %e
}
; CHECK-LABEL: define ptr @invoked(
; CHECK:      make:
; CHECK-NEXT:   callbr void asm
; CHECK-NEXT:   to label %hf.orig [label %hf.slow]
; CHECK:      hf.slow:
; CHECK-NEXT:   invoke ptr @__heapfence_slow._Znwm(
; CHECK-NEXT:     to label %hf.join unwind label %pad
; CHECK:      hf.orig:
; CHECK-NEXT:   invoke ptr @_Znwm(i64 8)
; CHECK-NEXT:     to label %hf.join unwind label %pad

; musttail: the original stays one.
define ptr @must(i64 %n) {
  %p = musttail call ptr @malloc(i64 %n)
  ret ptr %p
}
; CHECK-LABEL: define ptr @must(
; CHECK:      callbr void asm
; CHECK:      %p = musttail call ptr @malloc(i64 %n)

; CHECK: !{i32 7, !"heapfence-guard", i32 1}
