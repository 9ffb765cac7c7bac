; If this fails, a tail call of a wrapper became an ordinary call, or musttail is
; broken, or the slow side lost its caller's frame by a jump.
; RUN: %opt -passes='heapfence,verify' -S %s | %check %s
target triple = "x86_64-unknown-linux-gnu"

declare ptr @malloc(i64)

; CHECK-LABEL: define ptr @tail(
define ptr @tail(i64 %n) {
  %p = tail call ptr @malloc(i64 %n)
  ret ptr %p
}
; CHECK:      %[[S:.*]] = notail call ptr @__heapfence_slow.malloc(
; CHECK-NEXT: ret ptr %[[S]]
; CHECK:      %p = tail call ptr @malloc(i64 %n)
; CHECK-NEXT: ret ptr %p

; CHECK-LABEL: define ptr @must(
define ptr @must(i64 %n) {
  %p = musttail call ptr @malloc(i64 %n)
  ret ptr %p
}
; CHECK:      notail call ptr @__heapfence_slow.malloc(
; CHECK:      %p = musttail call ptr @malloc(i64 %n)
; CHECK-NEXT: ret ptr %p

; A result that is not the one returned is no tail position.
; CHECK-LABEL: define ptr @other(
define ptr @other(i64 %n, ptr %q) {
  %p = call ptr @malloc(i64 %n)
  ret ptr %q
}
; CHECK: call ptr @__heapfence_slow.malloc(
; CHECK-NEXT: br label %hf.join
