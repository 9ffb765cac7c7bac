; If this fails, a call of a wrapper inside a wrapper is no site, or the one that
; makes the outer wrapper's result is: then a program with layers of wrappers passes
; a guard in each.
; RUN: %opt -passes='heapfence,verify' -S %s | %check %s
target triple = "x86_64-unknown-linux-gnu"

declare ptr @malloc(i64)
@hook = global ptr @taken_alloc

; CHECK-LABEL: define ptr @inner_alloc(
; CHECK: @__heapfence_slow.malloc(
define ptr @inner_alloc(i64 %n) {
  %p = call ptr @malloc(i64 %n)
  ret ptr %p
}
; CHECK-LABEL: define ptr @outer_alloc(
; CHECK-NOT: __heapfence
; CHECK: {{^}}}
define ptr @outer_alloc(i64 %n) {
  %p = call ptr @inner_alloc(i64 %n)
  ret ptr %p
}
; Known to return fresh memory, and one of two.
; CHECK-LABEL: define noalias ptr @fresh(
; CHECK-NOT: __heapfence
; CHECK: {{^}}}
define noalias ptr @fresh(i64 %n, i1 %is) {
  br i1 %is, label %a, label %b
a:
  %p = call ptr @inner_alloc(i64 %n)
  br label %b
b:
  %r = phi ptr [ %p, %a ], [ null, %0 ]
  ret ptr %r
}
; CHECK-LABEL: define ptr @user(
; CHECK: @__heapfence_{{slow|cold}}.outer_alloc.l(
; CHECK: @__heapfence_{{slow|cold}}.inner_alloc.l(
define ptr @user(i64 %n) {
  %p = call ptr @outer_alloc(i64 %n)
  %q = call ptr @inner_alloc(i64 %n)
  store ptr %q, ptr %p
  ret ptr %p
}
; Not the result, but what that refers to.
; CHECK-LABEL: define ptr @list_alloc(
; CHECK: @__heapfence_{{slow|cold}}.inner_alloc.l({{.*}}, i64 8)
define ptr @list_alloc(i64 %n) {
  %p = call ptr @inner_alloc(i64 %n)
  %q = call ptr @inner_alloc(i64 8)
  store ptr %q, ptr %p
  ret ptr %p
}
; Calls through a pointer, or with more arguments, may be no contexts.
; CHECK-LABEL: define ptr @taken_alloc(
; CHECK: @__heapfence_{{slow|cold}}.inner_alloc.l(
define ptr @taken_alloc(i64 %n) {
  %p = call ptr @inner_alloc(i64 %n)
  ret ptr %p
}
; CHECK-LABEL: define ptr @more_alloc(
; CHECK: @__heapfence_{{slow|cold}}.inner_alloc.l(
define ptr @more_alloc(i64 %n, ...) {
  %p = call ptr @inner_alloc(i64 %n)
  ret ptr %p
}
