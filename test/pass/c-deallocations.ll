; If this fails, a deallocation function of C has no record of where it returns to.
; RUN: %opt -passes='heapfence,verify' -S %s | %check %s
target triple = "x86_64-unknown-linux-gnu"

declare void @free(ptr)
declare void @cfree(ptr)
declare void @free_sized(ptr, i64)
declare void @free_aligned_sized(ptr, i64, i64)

; CHECK-LABEL: define void @f0(
; CHECK: call void @free(ptr %a0)
; CHECK-NEXT: call void asm sideeffect ".Lheapfence_return{{.*}}(ptr @__heapfence_sites
define void @f0(ptr %a0) {
  call void @free(ptr %a0)
  ret void
}
; CHECK-LABEL: define void @f1(
; CHECK: call void @cfree(ptr %a0)
; CHECK-NEXT: call void asm sideeffect ".Lheapfence_return{{.*}}(ptr @__heapfence_sites
define void @f1(ptr %a0) {
  call void @cfree(ptr %a0)
  ret void
}
; CHECK-LABEL: define void @f2(
; CHECK: call void @free_sized(ptr %a0, i64 %a1)
; CHECK-NEXT: call void asm sideeffect ".Lheapfence_return{{.*}}(ptr @__heapfence_sites
define void @f2(ptr %a0, i64 %a1) {
  call void @free_sized(ptr %a0, i64 %a1)
  ret void
}
; CHECK-LABEL: define void @f3(
; CHECK: call void @free_aligned_sized(ptr %a0, i64 %a1, i64 %a2)
; CHECK-NEXT: call void asm sideeffect ".Lheapfence_return{{.*}}(ptr @__heapfence_sites
define void @f3(ptr %a0, i64 %a1, i64 %a2) {
  call void @free_aligned_sized(ptr %a0, i64 %a1, i64 %a2)
  ret void
}
