; If this fails, two sites share a weight, a site's first execution is no
; candidate, or a deallocation has a weight.
; RUN: %opt -passes='heapfence,verify' -S %s | %check %s
target triple = "x86_64-unknown-linux-gnu"

declare ptr @malloc(i64)
declare ptr @calloc(i64, i64)
declare void @free(ptr)

; CHECK: @__heapfence_weights = private global [2 x i32] [i32 1073741824, i32 1073741824], section ".data.heapfence_weights", align 4
; The records: to the first cell, none, to the second.
; CHECK: @__heapfence_sites = private constant [3 x {{.*}} i32 trunc (i64 sub (i64 ptrtoint (ptr @__heapfence_weights to i64), {{.*}} i32 0 }, i32 0, i8 13, {{.*}} i32 trunc (i64 sub (i64 ptrtoint (ptr getelementptr inbounds ([2 x i32], ptr @__heapfence_weights, i32 0, i32 1) to i64), {{.*}}, section "heapfence_sites", align 4
; CHECK-NOT: @__heapfence_weights{{.*}} = {{.*}}global
; CHECK-LABEL: define void @f(
; CHECK: load atomic i32, ptr @__heapfence_weights monotonic
; CHECK: load atomic i32, ptr getelementptr inbounds ([2 x i32], ptr @__heapfence_weights, i32 0, i32 1) monotonic
define void @f(ptr %q) {
  %p = call ptr @malloc(i64 1)
  store i8 1, ptr %p
  call void @free(ptr %q)
  %r = call ptr @calloc(i64 1, i64 1)
  store i8 1, ptr %r
  ret void
}
; CHECK-LABEL: define void @g(
define void @g(ptr %q) {
  call void @free(ptr %q)
  ret void
}
