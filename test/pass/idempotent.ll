; If this fails, code that meets the pass twice (link-time optimization with the
; plugin) is guarded twice.
; RUN: %opt -passes='heapfence,verify' -S %s > %t.once
; RUN: %opt -passes='heapfence,heapfence,verify' -S %s > %t.twice
; RUN: diff %t.once %t.twice
; RUN: %check %s < %t.once
target triple = "x86_64-unknown-linux-gnu"
declare ptr @malloc(i64)
declare void @free(ptr)
; CHECK-COUNT-1: %hf.sampled
define void @f(i64 %n, i1 %c) {
  %p = call ptr @malloc(i64 %n)
  br i1 %c, label %a, label %b, !prof !0
a:
  call void @free(ptr %p)
  ret void
b:
  ret void
}
!0 = !{!"branch_weights", i32 1, i32 100}
