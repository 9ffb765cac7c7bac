; If this fails, the runtime takes a deallocation's size for its alignment, or
; looks for them in arguments that do not tell them.
; RUN: %opt -passes='heapfence,verify' -S %s | %check %s
target triple = "x86_64-unknown-linux-gnu"

declare void @free(ptr)
declare void @free_sized(ptr, i64)
declare void @free_aligned_sized(ptr, i64, i64)
declare void @_ZdlPvm(ptr, i64)
declare void @_ZdlPvSt11align_val_t(ptr, i64)
declare void @_ZdlPvmSt11align_val_t(ptr, i64, i64)

; The last fields: log2 of the alignment, reserved, size.
; CHECK: @__heapfence_sites = {{.*}} i8 0, i8 0, i32 0, i32 0 }]
define void @nothing(ptr %p) {
  call void @free(ptr %p)
  ret void
}
; CHECK: @__heapfence_sites{{.*}} = {{.*}} i8 0, i8 0, i32 32, i32 0 }]
define void @size(ptr %p) {
  call void @free_sized(ptr %p, i64 32)
  ret void
}
; CHECK: @__heapfence_sites{{.*}} = {{.*}} i8 6, i8 0, i32 128, i32 0 }]
define void @alignment_and_size(ptr %p) {
  call void @free_aligned_sized(ptr %p, i64 64, i64 128)
  ret void
}
; CHECK: @__heapfence_sites{{.*}} = {{.*}} i8 0, i8 0, i32 32, i32 0 }]
define void @delete_size(ptr %p) {
  call void @_ZdlPvm(ptr %p, i64 32)
  ret void
}
; CHECK: @__heapfence_sites{{.*}} = {{.*}} i8 6, i8 0, i32 0, i32 0 }]
define void @delete_alignment(ptr %p) {
  call void @_ZdlPvSt11align_val_t(ptr %p, i64 64)
  ret void
}
; CHECK: @__heapfence_sites{{.*}} = {{.*}} i8 6, i8 0, i32 128, i32 0 }]
define void @delete_size_and_alignment(ptr %p) {
  call void @_ZdlPvmSt11align_val_t(ptr %p, i64 128, i64 64)
  ret void
}
