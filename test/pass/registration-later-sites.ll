; If this fails, a module that gets more sites after it was instrumented (linked
; with one that was not) registers all its sites once more.
; RUN: %opt -passes=heapfence -S %s -o %t.ll
; RUN: echo 'define ptr @later(i64 %%n) {' >> %t.ll
; RUN: echo '  %%p = call ptr @malloc(i64 %%n)' >> %t.ll
; RUN: echo '  ret ptr %%p' >> %t.ll
; RUN: echo '}' >> %t.ll
; RUN: %opt -passes='heapfence,verify' -S %t.ll | %check %s --implicit-check-not='call void @__heapfence_register_v1'
target triple = "x86_64-unknown-linux-gnu"

declare ptr @malloc(i64)

; CHECK-DAG: @llvm.global_ctors = appending global [1 x
; CHECK-DAG: @llvm.global_dtors = appending global [1 x
define ptr @f(i64 %n) {
  %p = call ptr @malloc(i64 %n)
  ret ptr %p
}
; CHECK: define linkonce_odr hidden void @__heapfence_module_ctor()
; CHECK: call void @__heapfence_register_v1(
; CHECK: define ptr @later(
; CHECK: %hf.sampled
