; If this fails, rare code pays for a guard in place, or its guard is gone.
; RUN: %opt -passes='heapfence,verify' -S %s | %check %s
target triple = "x86_64-unknown-linux-gnu"

declare void @_ZdlPvm(ptr, i64)
declare ptr @malloc(i64)
declare void @may_throw()
declare i32 @__gxx_personality_v0(...)
declare ptr @__cxa_begin_catch(ptr)
declare void @__cxa_end_catch()

; Reached by unwinding only.
; CHECK-LABEL: define void @cleanup(
; CHECK: call void @__heapfence_cold._ZdlPvm(ptr nest @__heapfence_sites, ptr %p, i64 16)
; CHECK-NEXT: resume
define void @cleanup(ptr %p) personality ptr @__gxx_personality_v0 {
  invoke void @may_throw() to label %done unwind label %pad
done:
  ret void
pad:
  %e = landingpad { ptr, i32 } cleanup
  call void @_ZdlPvm(ptr %p, i64 16)
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

; In a loop, and in a function that is always called: in place.
; CHECK-LABEL: define void @often(
; CHECK-NOT: __heapfence_cold
; CHECK: %hf.guarded
define void @often(ptr %p) {
  call void @_ZdlPvm(ptr %p, i64 16)
  ret void
}

; Where size counts.
; CHECK-LABEL: define void @small(
; CHECK: notail call void @__heapfence_cold._ZdlPvm(
define void @small(ptr %p) optsize {
  call void @_ZdlPvm(ptr %p, i64 16)
  ret void
}

; The cold helpers make the test, and jump: to the slow helper at any level.
; CHECK-LABEL: define linkonce_odr hidden void @__heapfence_cold._ZdlPvm(
; CHECK:         %hf.guarded = icmp eq
; CHECK:         musttail call void @__heapfence_slow._ZdlPvm(ptr nest %0, ptr %1, i64 %2)
; CHECK:         tail call void @_ZdlPvm(ptr %1, i64 %2)
; CHECK-LABEL: define linkonce_odr hidden ptr @__heapfence_cold.malloc(
; CHECK:         %[[F:.*]] = getelementptr inbounds i8, ptr %0, i{{32|64}} 16
; CHECK:         load i32, ptr %[[F]]
; CHECK:         %hf.countdown = sub i32
!0 = !{!"branch_weights", i32 1, i32 100}
