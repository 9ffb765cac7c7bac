; If this fails, the runtime takes a frame pointer for one that is none, or knows
; a wrong alignment or size of an object.
; RUN: %opt -passes='heapfence,verify' -S %s | %check %s
target triple = "x86_64-unknown-linux-gnu"

declare ptr @malloc(i64)
declare void @_ZdlPvmSt11align_val_t(ptr, i64, i64)

; The last fields: heap function, flags (1: frame pointer), log2 of the
; alignment, reserved, size.
; CHECK: @__heapfence_sites = {{.*}} i8 0, i8 1, i8 4, i8 0, i32 0, i32 0 }]
define ptr @frame_aligned(i64 %n) "frame-pointer"="all" {
  %p = call align 16 ptr @malloc(i64 %n)
  ret ptr %p
}
; CHECK: @__heapfence_sites{{.*}} = {{.*}} i8 0, i8 1, i8 0, i8 0, i32 0, i32 0 }]
define ptr @frame(i64 %n) "frame-pointer"="non-leaf" {
  %p = call ptr @malloc(i64 %n)
  ret ptr %p
}
; CHECK: @__heapfence_sites{{.*}} = {{.*}} i8 0, i8 0, i8 0, i8 0, i32 0, i32 0 }]
define ptr @none(i64 %n) "frame-pointer"="none" {
  %p = call ptr @malloc(i64 %n)
  ret ptr %p
}
; What a deallocation tells, where it is a constant: 24 bytes, aligned to 64.
; CHECK: @__heapfence_sites{{.*}} = {{.*}} i8 [[D:[0-9]+]], i8 0, i8 6, i8 0, i32 24, i32 0 }]
define void @told(ptr %p) {
  call void @_ZdlPvmSt11align_val_t(ptr %p, i64 24, i64 64)
  ret void
}
; CHECK: @__heapfence_sites{{.*}} = {{.*}} i8 [[D]], i8 0, i8 0, i8 0, i32 0, i32 0 }]
define void @variable(ptr %p, i64 %n) {
  call void @_ZdlPvmSt11align_val_t(ptr %p, i64 %n, i64 %n)
  ret void
}
; No 32 bits, and no power of two.
; CHECK: @__heapfence_sites{{.*}} = {{.*}} i8 [[D]], i8 0, i8 0, i8 0, i32 0, i32 0 }]
define void @absurd(ptr %p) {
  call void @_ZdlPvmSt11align_val_t(ptr %p, i64 4294967296, i64 3)
  ret void
}
