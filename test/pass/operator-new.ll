; If this fails, a form of operator new is not guarded by the right entry.
; RUN: %opt -passes='heapfence,verify' -S %s | %check %s
target triple = "x86_64-unknown-linux-gnu"

declare ptr @_Znwm(i64)
declare ptr @_ZnwmRKSt9nothrow_t(i64, ptr)
declare ptr @_ZnwmSt11align_val_t(i64, i64)
declare ptr @_ZnwmSt11align_val_tRKSt9nothrow_t(i64, i64, ptr)
declare ptr @_Znwm12__hot_cold_t(i64, i8)
declare ptr @_ZnwmRKSt9nothrow_t12__hot_cold_t(i64, ptr, i8)
declare ptr @_ZnwmSt11align_val_t12__hot_cold_t(i64, i64, i8)
declare ptr @_ZnwmSt11align_val_tRKSt9nothrow_t12__hot_cold_t(i64, i64, ptr, i8)
declare ptr @_Znam(i64)
declare ptr @_ZnamRKSt9nothrow_t(i64, ptr)
declare ptr @_ZnamSt11align_val_t(i64, i64)
declare ptr @_ZnamSt11align_val_tRKSt9nothrow_t(i64, i64, ptr)
declare ptr @_Znam12__hot_cold_t(i64, i8)
declare ptr @_ZnamRKSt9nothrow_t12__hot_cold_t(i64, ptr, i8)
declare ptr @_ZnamSt11align_val_t12__hot_cold_t(i64, i64, i8)
declare ptr @_ZnamSt11align_val_tRKSt9nothrow_t12__hot_cold_t(i64, i64, ptr, i8)

; CHECK-LABEL: define ptr @f0(
; CHECK: call ptr @__heapfence_slow._Znwm(ptr nest @__heapfence_sites{{[^,]*}}, i64 %a0)
; CHECK: call ptr @_Znwm(i64 %a0)
define ptr @f0(i64 %a0) {
  %r = call ptr @_Znwm(i64 %a0)
  ret ptr %r
}
; CHECK-LABEL: define ptr @f1(
; CHECK: call ptr @__heapfence_slow._ZnwmRKSt9nothrow_t(ptr nest @__heapfence_sites{{[^,]*}}, i64 %a0, ptr %a1)
; CHECK: call ptr @_ZnwmRKSt9nothrow_t(i64 %a0, ptr %a1)
define ptr @f1(i64 %a0, ptr %a1) {
  %r = call ptr @_ZnwmRKSt9nothrow_t(i64 %a0, ptr %a1)
  ret ptr %r
}
; CHECK-LABEL: define ptr @f2(
; CHECK: call ptr @__heapfence_slow._ZnwmSt11align_val_t(ptr nest @__heapfence_sites{{[^,]*}}, i64 %a0, i64 %a1)
; CHECK: call ptr @_ZnwmSt11align_val_t(i64 %a0, i64 %a1)
define ptr @f2(i64 %a0, i64 %a1) {
  %r = call ptr @_ZnwmSt11align_val_t(i64 %a0, i64 %a1)
  ret ptr %r
}
; CHECK-LABEL: define ptr @f3(
; CHECK: call ptr @__heapfence_slow._ZnwmSt11align_val_tRKSt9nothrow_t(ptr nest @__heapfence_sites{{[^,]*}}, i64 %a0, i64 %a1, ptr %a2)
; CHECK: call ptr @_ZnwmSt11align_val_tRKSt9nothrow_t(i64 %a0, i64 %a1, ptr %a2)
define ptr @f3(i64 %a0, i64 %a1, ptr %a2) {
  %r = call ptr @_ZnwmSt11align_val_tRKSt9nothrow_t(i64 %a0, i64 %a1, ptr %a2)
  ret ptr %r
}
; CHECK-LABEL: define ptr @f4(
; CHECK: call ptr @__heapfence_slow._Znwm12__hot_cold_t(ptr nest @__heapfence_sites{{[^,]*}}, i64 %a0, i8 %a1)
; CHECK: call ptr @_Znwm12__hot_cold_t(i64 %a0, i8 %a1)
define ptr @f4(i64 %a0, i8 %a1) {
  %r = call ptr @_Znwm12__hot_cold_t(i64 %a0, i8 %a1)
  ret ptr %r
}
; CHECK-LABEL: define ptr @f5(
; CHECK: call ptr @__heapfence_slow._ZnwmRKSt9nothrow_t12__hot_cold_t(ptr nest @__heapfence_sites{{[^,]*}}, i64 %a0, ptr %a1, i8 %a2)
; CHECK: call ptr @_ZnwmRKSt9nothrow_t12__hot_cold_t(i64 %a0, ptr %a1, i8 %a2)
define ptr @f5(i64 %a0, ptr %a1, i8 %a2) {
  %r = call ptr @_ZnwmRKSt9nothrow_t12__hot_cold_t(i64 %a0, ptr %a1, i8 %a2)
  ret ptr %r
}
; CHECK-LABEL: define ptr @f6(
; CHECK: call ptr @__heapfence_slow._ZnwmSt11align_val_t12__hot_cold_t(ptr nest @__heapfence_sites{{[^,]*}}, i64 %a0, i64 %a1, i8 %a2)
; CHECK: call ptr @_ZnwmSt11align_val_t12__hot_cold_t(i64 %a0, i64 %a1, i8 %a2)
define ptr @f6(i64 %a0, i64 %a1, i8 %a2) {
  %r = call ptr @_ZnwmSt11align_val_t12__hot_cold_t(i64 %a0, i64 %a1, i8 %a2)
  ret ptr %r
}
; CHECK-LABEL: define ptr @f7(
; CHECK: call ptr @__heapfence_slow._ZnwmSt11align_val_tRKSt9nothrow_t12__hot_cold_t(ptr nest @__heapfence_sites{{[^,]*}}, i64 %a0, i64 %a1, ptr %a2, i8 %a3)
; CHECK: call ptr @_ZnwmSt11align_val_tRKSt9nothrow_t12__hot_cold_t(i64 %a0, i64 %a1, ptr %a2, i8 %a3)
define ptr @f7(i64 %a0, i64 %a1, ptr %a2, i8 %a3) {
  %r = call ptr @_ZnwmSt11align_val_tRKSt9nothrow_t12__hot_cold_t(i64 %a0, i64 %a1, ptr %a2, i8 %a3)
  ret ptr %r
}
; CHECK-LABEL: define ptr @f8(
; CHECK: call ptr @__heapfence_slow._Znam(ptr nest @__heapfence_sites{{[^,]*}}, i64 %a0)
; CHECK: call ptr @_Znam(i64 %a0)
define ptr @f8(i64 %a0) {
  %r = call ptr @_Znam(i64 %a0)
  ret ptr %r
}
; CHECK-LABEL: define ptr @f9(
; CHECK: call ptr @__heapfence_slow._ZnamRKSt9nothrow_t(ptr nest @__heapfence_sites{{[^,]*}}, i64 %a0, ptr %a1)
; CHECK: call ptr @_ZnamRKSt9nothrow_t(i64 %a0, ptr %a1)
define ptr @f9(i64 %a0, ptr %a1) {
  %r = call ptr @_ZnamRKSt9nothrow_t(i64 %a0, ptr %a1)
  ret ptr %r
}
; CHECK-LABEL: define ptr @f10(
; CHECK: call ptr @__heapfence_slow._ZnamSt11align_val_t(ptr nest @__heapfence_sites{{[^,]*}}, i64 %a0, i64 %a1)
; CHECK: call ptr @_ZnamSt11align_val_t(i64 %a0, i64 %a1)
define ptr @f10(i64 %a0, i64 %a1) {
  %r = call ptr @_ZnamSt11align_val_t(i64 %a0, i64 %a1)
  ret ptr %r
}
; CHECK-LABEL: define ptr @f11(
; CHECK: call ptr @__heapfence_slow._ZnamSt11align_val_tRKSt9nothrow_t(ptr nest @__heapfence_sites{{[^,]*}}, i64 %a0, i64 %a1, ptr %a2)
; CHECK: call ptr @_ZnamSt11align_val_tRKSt9nothrow_t(i64 %a0, i64 %a1, ptr %a2)
define ptr @f11(i64 %a0, i64 %a1, ptr %a2) {
  %r = call ptr @_ZnamSt11align_val_tRKSt9nothrow_t(i64 %a0, i64 %a1, ptr %a2)
  ret ptr %r
}
; CHECK-LABEL: define ptr @f12(
; CHECK: call ptr @__heapfence_slow._Znam12__hot_cold_t(ptr nest @__heapfence_sites{{[^,]*}}, i64 %a0, i8 %a1)
; CHECK: call ptr @_Znam12__hot_cold_t(i64 %a0, i8 %a1)
define ptr @f12(i64 %a0, i8 %a1) {
  %r = call ptr @_Znam12__hot_cold_t(i64 %a0, i8 %a1)
  ret ptr %r
}
; CHECK-LABEL: define ptr @f13(
; CHECK: call ptr @__heapfence_slow._ZnamRKSt9nothrow_t12__hot_cold_t(ptr nest @__heapfence_sites{{[^,]*}}, i64 %a0, ptr %a1, i8 %a2)
; CHECK: call ptr @_ZnamRKSt9nothrow_t12__hot_cold_t(i64 %a0, ptr %a1, i8 %a2)
define ptr @f13(i64 %a0, ptr %a1, i8 %a2) {
  %r = call ptr @_ZnamRKSt9nothrow_t12__hot_cold_t(i64 %a0, ptr %a1, i8 %a2)
  ret ptr %r
}
; CHECK-LABEL: define ptr @f14(
; CHECK: call ptr @__heapfence_slow._ZnamSt11align_val_t12__hot_cold_t(ptr nest @__heapfence_sites{{[^,]*}}, i64 %a0, i64 %a1, i8 %a2)
; CHECK: call ptr @_ZnamSt11align_val_t12__hot_cold_t(i64 %a0, i64 %a1, i8 %a2)
define ptr @f14(i64 %a0, i64 %a1, i8 %a2) {
  %r = call ptr @_ZnamSt11align_val_t12__hot_cold_t(i64 %a0, i64 %a1, i8 %a2)
  ret ptr %r
}
; CHECK-LABEL: define ptr @f15(
; CHECK: call ptr @__heapfence_slow._ZnamSt11align_val_tRKSt9nothrow_t12__hot_cold_t(ptr nest @__heapfence_sites{{[^,]*}}, i64 %a0, i64 %a1, ptr %a2, i8 %a3)
; CHECK: call ptr @_ZnamSt11align_val_tRKSt9nothrow_t12__hot_cold_t(i64 %a0, i64 %a1, ptr %a2, i8 %a3)
define ptr @f15(i64 %a0, i64 %a1, ptr %a2, i8 %a3) {
  %r = call ptr @_ZnamSt11align_val_tRKSt9nothrow_t12__hot_cold_t(i64 %a0, i64 %a1, ptr %a2, i8 %a3)
  ret ptr %r
}

; CHECK-LABEL: define linkonce_odr hidden ptr @__heapfence_slow._Znwm(
; CHECK: notail call ptr @__heapfence_malloc(
; CHECK-LABEL: define linkonce_odr hidden ptr @__heapfence_slow._ZnwmRKSt9nothrow_t(
; CHECK: notail call ptr @__heapfence_malloc(
; CHECK-LABEL: define linkonce_odr hidden ptr @__heapfence_slow._ZnwmSt11align_val_t(
; CHECK: notail call ptr @__heapfence_memalign(
; CHECK-LABEL: define linkonce_odr hidden ptr @__heapfence_slow._ZnwmSt11align_val_tRKSt9nothrow_t(
; CHECK: notail call ptr @__heapfence_memalign(
; CHECK-LABEL: define linkonce_odr hidden ptr @__heapfence_slow._Znwm12__hot_cold_t(
; CHECK: notail call ptr @__heapfence_malloc(
; CHECK-LABEL: define linkonce_odr hidden ptr @__heapfence_slow._ZnwmRKSt9nothrow_t12__hot_cold_t(
; CHECK: notail call ptr @__heapfence_malloc(
; CHECK-LABEL: define linkonce_odr hidden ptr @__heapfence_slow._ZnwmSt11align_val_t12__hot_cold_t(
; CHECK: notail call ptr @__heapfence_memalign(
; CHECK-LABEL: define linkonce_odr hidden ptr @__heapfence_slow._ZnwmSt11align_val_tRKSt9nothrow_t12__hot_cold_t(
; CHECK: notail call ptr @__heapfence_memalign(
; CHECK-LABEL: define linkonce_odr hidden ptr @__heapfence_slow._Znam(
; CHECK: notail call ptr @__heapfence_malloc(
; CHECK-LABEL: define linkonce_odr hidden ptr @__heapfence_slow._ZnamRKSt9nothrow_t(
; CHECK: notail call ptr @__heapfence_malloc(
; CHECK-LABEL: define linkonce_odr hidden ptr @__heapfence_slow._ZnamSt11align_val_t(
; CHECK: notail call ptr @__heapfence_memalign(
; CHECK-LABEL: define linkonce_odr hidden ptr @__heapfence_slow._ZnamSt11align_val_tRKSt9nothrow_t(
; CHECK: notail call ptr @__heapfence_memalign(
; CHECK-LABEL: define linkonce_odr hidden ptr @__heapfence_slow._Znam12__hot_cold_t(
; CHECK: notail call ptr @__heapfence_malloc(
; CHECK-LABEL: define linkonce_odr hidden ptr @__heapfence_slow._ZnamRKSt9nothrow_t12__hot_cold_t(
; CHECK: notail call ptr @__heapfence_malloc(
; CHECK-LABEL: define linkonce_odr hidden ptr @__heapfence_slow._ZnamSt11align_val_t12__hot_cold_t(
; CHECK: notail call ptr @__heapfence_memalign(
; CHECK-LABEL: define linkonce_odr hidden ptr @__heapfence_slow._ZnamSt11align_val_tRKSt9nothrow_t12__hot_cold_t(
; CHECK: notail call ptr @__heapfence_memalign(
