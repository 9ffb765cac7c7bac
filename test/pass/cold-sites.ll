; If this fails, rare code pays for a guard in place, or its guard is gone.
; RUN: %opt -passes='heapfence,verify' -S %s | %check %s
target triple = "x86_64-unknown-linux-gnu"

declare ptr @malloc(i64)
declare ptr @xalloc(i64)
declare ptr @_Znwm(i64)
declare void @may_throw()
declare i32 @__gxx_personality_v0(...)

; Reached by unwinding only.
; CHECK-LABEL: define void @cleanup(
; CHECK: call ptr @__heapfence_cold._Znwm(ptr nest @__heapfence_sites, i64 16)
; CHECK-NEXT: resume
define void @cleanup() personality ptr @__gxx_personality_v0 {
  invoke void @may_throw() to label %done unwind label %pad
done:
  ret void
pad:
  %e = landingpad { ptr, i32 } cleanup
  %p = call ptr @_Znwm(i64 16)
  resume { ptr, i32 } %e
}

; Less often than the function is called.
; CHECK-LABEL: define void @sometimes(
; CHECK: notail call ptr @__heapfence_cold.malloc(ptr nest @__heapfence_sites{{.*}}, i64 8)
define void @sometimes(i1 %c) {
  br i1 %c, label %rare, label %done, !prof !0
rare:
  %p = call ptr @malloc(i64 8)
  store i8 1, ptr %p
  br label %done
done:
  ret void
}

; A bit less often, as behind the test of an argument: a wrapper's call has its guard
; in place, which comes before another one.
; CHECK-LABEL: define void @mostly(
; CHECK: call ptr @__heapfence_slow.xalloc.l(
; CHECK: notail call ptr @__heapfence_cold.malloc(
define void @mostly(i1 %c) {
  br i1 %c, label %some, label %done, !prof !1
some:
  %p = call ptr @xalloc(i64 8)
  %q = call ptr @malloc(i64 8)
  store ptr %q, ptr %p
  br label %done
done:
  ret void
}

; CHECK-LABEL: define void @seldom(
; CHECK: notail call ptr @__heapfence_cold.xalloc.l(
define void @seldom(i1 %c) {
  br i1 %c, label %some, label %done, !prof !0
some:
  %p = call ptr @xalloc(i64 8)
  store i8 1, ptr %p
  br label %done
done:
  ret void
}

; In a loop, and in a function that is always called: in place.
; CHECK-LABEL: define ptr @often(
; CHECK-NOT: __heapfence_cold
; CHECK: %hf.sampled
define ptr @often() {
  %p = call ptr @malloc(i64 16)
  ret ptr %p
}

; Where size counts.
; CHECK-LABEL: define ptr @small(
; CHECK: notail call ptr @__heapfence_cold.malloc(
define ptr @small() optsize {
  %p = call ptr @malloc(i64 16)
  ret ptr %p
}

; The cold helpers make the test, and jump: to the slow helper at any level.
; CHECK-LABEL: define linkonce_odr hidden ptr @__heapfence_cold.malloc(
; CHECK:         %[[F:.*]] = getelementptr inbounds i8, ptr %0, i{{32|64}} 16
; CHECK:         load i32, ptr %[[F]]
; CHECK:         %hf.countdown = sub i32
; CHECK:         musttail call ptr @__heapfence_slow.malloc(ptr nest %0, i64 %1)
; CHECK:         tail call ptr @malloc(i64 %1)
!0 = !{!"branch_weights", i32 1, i32 100}
!1 = !{!"branch_weights", i32 5, i32 3}
