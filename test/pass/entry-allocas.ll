; If this fails, a stack variable of code from another front end becomes a
; dynamic one: more stack in a loop, a frame pointer, an address that changes.
; RUN: %opt -passes='heapfence,verify' -S %s | %check %s
target triple = "x86_64-unknown-linux-gnu"

declare ptr @malloc(i64)
declare void @use(ptr, ptr, ptr)

; CHECK-LABEL: define void @f(
; CHECK-NEXT:   %a = alloca [64 x i8]
; CHECK-NEXT:   %b = alloca i64
; CHECK-NEXT:   {{.*}} = load atomic i32, ptr @__heapfence_weights
; CHECK:      hf.join:
; CHECK:        %variable = alloca i8, i64 %n
define void @f(i64 %n) {
  %p = call ptr @malloc(i64 %n)
  store i8 1, ptr %p
  %a = alloca [64 x i8]
  %q = call ptr @malloc(i64 %n)
  %b = alloca i64
  %variable = alloca i8, i64 %n
  call void @use(ptr %a, ptr %b, ptr %variable)
  ret void
}
