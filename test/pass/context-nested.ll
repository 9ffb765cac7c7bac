; If this fails, a call of a wrapper inside a wrapper is no site.
; RUN: %opt -passes='heapfence,verify' -S %s | %check %s
target triple = "x86_64-unknown-linux-gnu"

declare ptr @malloc(i64)
; CHECK-LABEL: define ptr @inner_alloc(
; CHECK: @__heapfence_slow.malloc(
define ptr @inner_alloc(i64 %n) {
  %p = call ptr @malloc(i64 %n)
  ret ptr %p
}
; CHECK-LABEL: define ptr @outer_alloc(
; CHECK: @__heapfence_{{slow|cold}}.inner_alloc.l(
define ptr @outer_alloc(i64 %n) {
  %p = call ptr @inner_alloc(i64 %n)
  ret ptr %p
}
; CHECK-LABEL: define ptr @user(
; CHECK: @__heapfence_{{slow|cold}}.outer_alloc.l(
define ptr @user(i64 %n) {
  %p = call ptr @outer_alloc(i64 %n)
  ret ptr %p
}
