; If this fails, a guarded pointer reaches reallocarray at a site that is not
; sampled without the site's record.
; RUN: %opt -passes='heapfence,verify' -S %s | %check %s
target triple = "x86_64-unknown-linux-gnu"

declare ptr @reallocarray(ptr, i64, i64)

; CHECK-LABEL: define ptr @f(
define ptr @f(ptr %old, i64 %n, i64 %size) {
  %p = call ptr @reallocarray(ptr %old, i64 %n, i64 %size)
  ret ptr %p
}
; CHECK:      br i1 %hf.sampled, label %hf.slow, label %hf.window
; CHECK:      hf.window:
; CHECK:        br i1 %hf.guarded, label %hf.slow, label %hf.orig

; null is a result; only the runtime's own mark means "call the original".
; CHECK-LABEL: @__heapfence_slow.reallocarray(
; CHECK:         %[[R:.*]] = notail call ptr @__heapfence_reallocarray(ptr %1, i64 %2, i64 %3, ptr %0)
; CHECK:         %[[I:.*]] = ptrtoint ptr %[[R]] to i64
; CHECK:         icmp eq i64 %[[I]], -1
