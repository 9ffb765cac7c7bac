; If this fails, static guards are promised where there are none.
; RUN: not %opt -passes='heapfence<guard=static>' -S %s -o %t.out 2>&1 | %check %s
; RUN: %opt -passes=heapfence -S %s -o %t.out
; CHECK: error: heapfence-guard: static guards are not yet available on this target
target triple = "aarch64-unknown-linux-gnu"
declare ptr @malloc(i64)
define ptr @f() {
  %p = call ptr @malloc(i64 8)
  ret ptr %p
}
