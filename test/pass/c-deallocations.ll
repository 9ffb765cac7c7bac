; If this fails, a deallocation function of C is not guarded by the right entry.
; RUN: %opt -passes='heapfence,verify' -S %s | %check %s
target triple = "x86_64-unknown-linux-gnu"

declare void @free(ptr)
declare void @cfree(ptr)
declare void @free_sized(ptr, i64)
declare void @free_aligned_sized(ptr, i64, i64)

; CHECK-LABEL: define void @f0(
; CHECK: call void @__heapfence_slow.free(ptr nest @__heapfence_sites{{[^,]*}}, ptr %a0)
; CHECK: call void @free(ptr %a0)
define void @f0(ptr %a0) {
  call void @free(ptr %a0)
  ret void
}
; CHECK-LABEL: define void @f1(
; CHECK: call void @__heapfence_slow.cfree(ptr nest @__heapfence_sites{{[^,]*}}, ptr %a0)
; CHECK: call void @cfree(ptr %a0)
define void @f1(ptr %a0) {
  call void @cfree(ptr %a0)
  ret void
}
; CHECK-LABEL: define void @f2(
; CHECK: call void @__heapfence_slow.free_sized(ptr nest @__heapfence_sites{{[^,]*}}, ptr %a0, i64 %a1)
; CHECK: call void @free_sized(ptr %a0, i64 %a1)
define void @f2(ptr %a0, i64 %a1) {
  call void @free_sized(ptr %a0, i64 %a1)
  ret void
}
; CHECK-LABEL: define void @f3(
; CHECK: call void @__heapfence_slow.free_aligned_sized(ptr nest @__heapfence_sites{{[^,]*}}, ptr %a0, i64 %a1, i64 %a2)
; CHECK: call void @free_aligned_sized(ptr %a0, i64 %a1, i64 %a2)
define void @f3(ptr %a0, i64 %a1, i64 %a2) {
  call void @free_aligned_sized(ptr %a0, i64 %a1, i64 %a2)
  ret void
}

; CHECK-LABEL: define linkonce_odr hidden void @__heapfence_slow.free(
; CHECK: notail call i1 @__heapfence_free(
; CHECK-LABEL: define linkonce_odr hidden void @__heapfence_slow.cfree(
; CHECK: notail call i1 @__heapfence_free(
; CHECK-LABEL: define linkonce_odr hidden void @__heapfence_slow.free_sized(
; CHECK: notail call i1 @__heapfence_free_sized(
; CHECK-LABEL: define linkonce_odr hidden void @__heapfence_slow.free_aligned_sized(
; CHECK: notail call i1 @__heapfence_free_sized(
