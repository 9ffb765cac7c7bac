; If this fails, an exception out of operator new is lost, or phis are wrong.
; RUN: %opt -passes='heapfence,verify' -S %s | %check %s
target triple = "x86_64-unknown-linux-gnu"

declare ptr @_Znwm(i64)
declare i32 @__gxx_personality_v0(...)

; CHECK-LABEL: define ptr @f(
define ptr @f(i1 %c) personality ptr @__gxx_personality_v0 {
entry:
  br i1 %c, label %make, label %done
make:
  %p = invoke ptr @_Znwm(i64 8) to label %done unwind label %pad
done:
  %r = phi ptr [ null, %entry ], [ %p, %make ]
  ret ptr %r
pad:
  %why = phi i32 [ 7, %make ]
  %e = landingpad { ptr, i32 } cleanup
  resume { ptr, i32 } %e
}
; %make runs less often than @f: a guarded copy of operator new.
; CHECK:      %p = invoke ptr @__heapfence_cold._Znwm(ptr nest @__heapfence_sites, i64 8)
; CHECK-NEXT:   to label %done unwind label %pad

; CHECK-LABEL: define ptr @g(
define ptr @g() personality ptr @__gxx_personality_v0 {
entry:
  %p = invoke ptr @_Znwm(i64 8) to label %done unwind label %pad
done:
  %r = phi ptr [ %p, %entry ]
  ret ptr %r
pad:
  %why = phi i32 [ 7, %entry ]
  %e = landingpad { ptr, i32 } cleanup
  resume { ptr, i32 } %e
}
; CHECK:      hf.slow:
; CHECK-NEXT:   %[[S:.*]] = invoke ptr @__heapfence_slow._Znwm(ptr nest @__heapfence_sites{{.*}}, i64 8)
; CHECK-NEXT:     to label %hf.join unwind label %pad
; CHECK:      hf.orig:
; CHECK-NEXT:   %p = invoke ptr @_Znwm(i64 8)
; CHECK-NEXT:     to label %hf.join unwind label %pad
; CHECK:      hf.join:
; CHECK-NEXT:   %hf.result = phi ptr [ %p, %hf.orig ], [ %[[S]], %hf.slow ]
; CHECK-NEXT:   br label %done
; CHECK:      done:
; CHECK-NEXT:   %r = phi ptr [ %hf.result, %hf.join ]
; CHECK:      pad:
; CHECK-NEXT:   %why = phi i32 [ 7, %hf.orig ], [ 7, %hf.slow ]

; The helpers let exceptions through.
; CHECK: define linkonce_odr hidden ptr @__heapfence_slow._Znwm({{.*}}) #[[H:[0-9]+]]
; CHECK: attributes #[[H]] = {
; CHECK-NOT: nounwind
; CHECK-SAME: uwtable
