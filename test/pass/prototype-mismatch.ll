; If this fails, a function that only shares a name with the heap's is guarded,
; or nobody is told that it is not.
; RUN: %opt -passes='heapfence,verify' -pass-remarks-missed=heapfence -S %s 2>&1 | %check %s
target triple = "x86_64-unknown-linux-gnu"
declare i32 @malloc(i32)
; CHECK: remark: {{.*}}: heap call not guarded: malloc is called with another prototype than the heap's
; CHECK-LABEL: define i32 @f(
; CHECK-NEXT: %p = call i32 @malloc(i32 1)
define i32 @f() {
  %p = call i32 @malloc(i32 1)
  ret i32 %p
}
