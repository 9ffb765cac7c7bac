; If this fails, a program of several files registers more than once, or never.
; RUN: %opt -passes='heapfence,verify' -S %s | %check %s
; RUN: sed 's/@malloc/@mine/' %s | %opt -passes='heapfence,verify' -S | %check %s --check-prefix=NOTHING
target triple = "x86_64-unknown-linux-gnu"

declare ptr @malloc(i64)

; One group for the module's constructor, destructor and descriptor; the linker
; keeps one of all files. The sites' bounds may be missing: no site was kept.
; CHECK-DAG: $__heapfence_module_ctor = comdat any
; CHECK-DAG: @__start_heapfence_sites = extern_weak hidden constant i8
; CHECK-DAG: @__stop_heapfence_sites = extern_weak hidden constant i8
; CHECK-DAG: @__start_heapfence_returns = extern_weak hidden constant i8
; CHECK-DAG: @__stop_heapfence_returns = extern_weak hidden constant i8
; CHECK-DAG: @__start_heapfence_branches = extern_weak hidden constant i8
; CHECK-DAG: @__stop_heapfence_branches = extern_weak hidden constant i8
; CHECK-DAG: @__heapfence_module = private constant { i32, i32, ptr, ptr, ptr, ptr, ptr, ptr, ptr, ptr, ptr, ptr } { i32 1, i32 32, ptr @__start_heapfence_sites, ptr @__stop_heapfence_sites, ptr @__start_heapfence_returns, ptr @__stop_heapfence_returns, ptr @__start_heapfence_branches, ptr @__stop_heapfence_branches, ptr @__start_heapfence_text, ptr @__stop_heapfence_text, ptr @__heapfence_window, ptr @__heapfence_buffer_window }, comdat($__heapfence_module_ctor)
; CHECK-DAG: @llvm.global_ctors = appending global {{.*}} [{ i32, ptr, ptr } { i32 1, ptr @__heapfence_module_ctor, ptr @__heapfence_module_ctor }]
; CHECK-DAG: @llvm.global_dtors = appending global {{.*}} [{ i32, ptr, ptr } { i32 1, ptr @__heapfence_module_dtor, ptr @__heapfence_module_dtor }]
; CHECK-DAG: define linkonce_odr hidden void @__heapfence_module_ctor() #{{[0-9]+}} comdat {
; CHECK-DAG: call void @__heapfence_register_v1(ptr @__heapfence_module)
; CHECK-DAG: define linkonce_odr hidden void @__heapfence_module_dtor() #{{[0-9]+}} comdat($__heapfence_module_ctor) {
; CHECK-DAG: call void @__heapfence_unregister_v1(ptr @__heapfence_module)
; A module without heap calls gets none of it.
; NOTHING-NOT: heapfence
define ptr @f(i64 %n) {
  %p = call ptr @malloc(i64 %n)
  ret ptr %p
}
