; If this fails, a form of operator delete has no record of where it returns to.
; RUN: %opt -passes='heapfence,verify' -S %s | %check %s
target triple = "x86_64-unknown-linux-gnu"

declare void @_ZdlPv(ptr)
declare void @_ZdlPvRKSt9nothrow_t(ptr, ptr)
declare void @_ZdlPvm(ptr, i64)
declare void @_ZdlPvSt11align_val_t(ptr, i64)
declare void @_ZdlPvSt11align_val_tRKSt9nothrow_t(ptr, i64, ptr)
declare void @_ZdlPvmSt11align_val_t(ptr, i64, i64)
declare void @_ZdaPv(ptr)
declare void @_ZdaPvRKSt9nothrow_t(ptr, ptr)
declare void @_ZdaPvm(ptr, i64)
declare void @_ZdaPvSt11align_val_t(ptr, i64)
declare void @_ZdaPvSt11align_val_tRKSt9nothrow_t(ptr, i64, ptr)
declare void @_ZdaPvmSt11align_val_t(ptr, i64, i64)

; CHECK-LABEL: define void @f0(
; CHECK: call void @_ZdlPv(ptr %a0)
; CHECK-NEXT: call void asm sideeffect ".Lheapfence_return{{.*}}(ptr @__heapfence_sites
define void @f0(ptr %a0) {
  call void @_ZdlPv(ptr %a0)
  ret void
}
; CHECK-LABEL: define void @f1(
; CHECK: call void @_ZdlPvRKSt9nothrow_t(ptr %a0, ptr %a1)
; CHECK-NEXT: call void asm sideeffect ".Lheapfence_return{{.*}}(ptr @__heapfence_sites
define void @f1(ptr %a0, ptr %a1) {
  call void @_ZdlPvRKSt9nothrow_t(ptr %a0, ptr %a1)
  ret void
}
; CHECK-LABEL: define void @f2(
; CHECK: call void @_ZdlPvm(ptr %a0, i64 %a1)
; CHECK-NEXT: call void asm sideeffect ".Lheapfence_return{{.*}}(ptr @__heapfence_sites
define void @f2(ptr %a0, i64 %a1) {
  call void @_ZdlPvm(ptr %a0, i64 %a1)
  ret void
}
; CHECK-LABEL: define void @f3(
; CHECK: call void @_ZdlPvSt11align_val_t(ptr %a0, i64 %a1)
; CHECK-NEXT: call void asm sideeffect ".Lheapfence_return{{.*}}(ptr @__heapfence_sites
define void @f3(ptr %a0, i64 %a1) {
  call void @_ZdlPvSt11align_val_t(ptr %a0, i64 %a1)
  ret void
}
; CHECK-LABEL: define void @f4(
; CHECK: call void @_ZdlPvSt11align_val_tRKSt9nothrow_t(ptr %a0, i64 %a1, ptr %a2)
; CHECK-NEXT: call void asm sideeffect ".Lheapfence_return{{.*}}(ptr @__heapfence_sites
define void @f4(ptr %a0, i64 %a1, ptr %a2) {
  call void @_ZdlPvSt11align_val_tRKSt9nothrow_t(ptr %a0, i64 %a1, ptr %a2)
  ret void
}
; CHECK-LABEL: define void @f5(
; CHECK: call void @_ZdlPvmSt11align_val_t(ptr %a0, i64 %a1, i64 %a2)
; CHECK-NEXT: call void asm sideeffect ".Lheapfence_return{{.*}}(ptr @__heapfence_sites
define void @f5(ptr %a0, i64 %a1, i64 %a2) {
  call void @_ZdlPvmSt11align_val_t(ptr %a0, i64 %a1, i64 %a2)
  ret void
}
; CHECK-LABEL: define void @f6(
; CHECK: call void @_ZdaPv(ptr %a0)
; CHECK-NEXT: call void asm sideeffect ".Lheapfence_return{{.*}}(ptr @__heapfence_sites
define void @f6(ptr %a0) {
  call void @_ZdaPv(ptr %a0)
  ret void
}
; CHECK-LABEL: define void @f7(
; CHECK: call void @_ZdaPvRKSt9nothrow_t(ptr %a0, ptr %a1)
; CHECK-NEXT: call void asm sideeffect ".Lheapfence_return{{.*}}(ptr @__heapfence_sites
define void @f7(ptr %a0, ptr %a1) {
  call void @_ZdaPvRKSt9nothrow_t(ptr %a0, ptr %a1)
  ret void
}
; CHECK-LABEL: define void @f8(
; CHECK: call void @_ZdaPvm(ptr %a0, i64 %a1)
; CHECK-NEXT: call void asm sideeffect ".Lheapfence_return{{.*}}(ptr @__heapfence_sites
define void @f8(ptr %a0, i64 %a1) {
  call void @_ZdaPvm(ptr %a0, i64 %a1)
  ret void
}
; CHECK-LABEL: define void @f9(
; CHECK: call void @_ZdaPvSt11align_val_t(ptr %a0, i64 %a1)
; CHECK-NEXT: call void asm sideeffect ".Lheapfence_return{{.*}}(ptr @__heapfence_sites
define void @f9(ptr %a0, i64 %a1) {
  call void @_ZdaPvSt11align_val_t(ptr %a0, i64 %a1)
  ret void
}
; CHECK-LABEL: define void @f10(
; CHECK: call void @_ZdaPvSt11align_val_tRKSt9nothrow_t(ptr %a0, i64 %a1, ptr %a2)
; CHECK-NEXT: call void asm sideeffect ".Lheapfence_return{{.*}}(ptr @__heapfence_sites
define void @f10(ptr %a0, i64 %a1, ptr %a2) {
  call void @_ZdaPvSt11align_val_tRKSt9nothrow_t(ptr %a0, i64 %a1, ptr %a2)
  ret void
}
; CHECK-LABEL: define void @f11(
; CHECK: call void @_ZdaPvmSt11align_val_t(ptr %a0, i64 %a1, i64 %a2)
; CHECK-NEXT: call void asm sideeffect ".Lheapfence_return{{.*}}(ptr @__heapfence_sites
define void @f11(ptr %a0, i64 %a1, i64 %a2) {
  call void @_ZdaPvmSt11align_val_t(ptr %a0, i64 %a1, i64 %a2)
  ret void
}
