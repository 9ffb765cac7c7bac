; If this fails, a static branch of arm64 is not one instruction, or has no record.
; RUN: %opt -passes='heapfence<guard=static>,verify' -S %s | %check %s
target triple = "aarch64-unknown-linux-gnu"
declare ptr @malloc(i64)
define ptr @f() {
  %p = call ptr @malloc(i64 8)
  ret ptr %p
}
; CHECK-LABEL: define ptr @f(
; CHECK:      callbr void asm sideeffect ".Lheapfence_branch${:uid}:\0A\09nop\0A\09.pushsection heapfence_branches,{{.*}}", "i,!i"(ptr @__heapfence_sites)
; CHECK-NEXT:   to label %hf.orig [label %hf.slow]
