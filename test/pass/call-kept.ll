; If this fails, the original call lost attributes, metadata or bundles.
; RUN: %opt -passes='heapfence,verify' -S %s | %check %s
target triple = "x86_64-unknown-linux-gnu"
declare ptr @malloc(i64)
; CHECK: %p = call noalias nonnull align 16 ptr @malloc(i64 noundef 8) #[[A:[0-9]+]] [ "foo"(i32 1) ], !mine ![[T:[0-9]+]]
define i64 @f() {
  %p = call noalias nonnull align 16 ptr @malloc(i64 noundef 8) "alloc-family"="mine" [ "foo"(i32 1) ], !mine !0
  %i = ptrtoint ptr %p to i64
  ret i64 %i
}
; CHECK: attributes #[[A]] = { "alloc-family"="mine" "heapfence-guarded" }
; CHECK: ![[T]] = !{!"type"}
!0 = !{!"type"}
