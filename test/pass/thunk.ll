; If this fails, an allocation through a pointer to malloc is no site, or two
; addresses of malloc in one module differ.
; RUN: %opt -passes='heapfence,verify' -S %s | %check %s
target triple = "x86_64-unknown-linux-gnu"

; CHECK: @hook = global ptr @__heapfence_thunk.malloc
@hook = global ptr @malloc
; CHECK: @table = constant { i32, [2 x ptr] } { i32 1, [2 x ptr] [ptr @__heapfence_thunk.realloc, ptr @free] }
@table = constant { i32, [2 x ptr] } { i32 1, [2 x ptr] [ptr @realloc, ptr @free] }
; CHECK: @llvm.used = appending global [1 x ptr] [ptr @malloc]
@llvm.used = appending global [1 x ptr] [ptr @malloc], section "llvm.metadata"
; The record: without file, line and flags.
; CHECK: @__heapfence_sites.[[N:[0-9]+]] = private constant [1 x {{.*}}] [{{.*}} { i32 0, i32 trunc (i64 sub (i64 ptrtoint (ptr @[[NAME:__heapfence_string[.0-9]*]] to i64), {{.*}}, i32 0, i32 0 }, {{.*}}, i8 0, i8 0, i8 0, i8 0, i32 0, i32 0 }], section "heapfence_sites", comdat($__heapfence_thunk.malloc), align 4, !associated
; CHECK: @[[NAME]] = private unnamed_addr constant [7 x i8] c"malloc\00"
; An alias is another name of the very function.
; CHECK: @other = alias ptr (ptr), ptr @own
@other = alias ptr (ptr), ptr @own

declare ptr @malloc(i64)
declare ptr @realloc(ptr, i64)
declare ptr @valloc(i64)
declare ptr @calloc(i64, i64)
declare void @free(ptr)
declare extern_weak ptr @strdup(ptr)
declare void @take(ptr)
define ptr @own(ptr %p) {
  ret ptr %p
}
; CHECK-LABEL: define i1 @compare(
; CHECK: icmp eq ptr %f, @__heapfence_thunk.malloc
define i1 @compare(ptr %f) {
  %e = icmp eq ptr %f, @malloc
  ret i1 %e
}
; CHECK-LABEL: define void @pass(
; CHECK: call void @take(ptr @__heapfence_thunk.calloc)
; CHECK: call void @take(ptr @valloc)
; CHECK: call void @take(ptr @strdup)
; A call is no address.
; CHECK: call ptr @malloc(i64 1)
define void @pass() {
  call void @take(ptr @calloc)
  call void @take(ptr @valloc)
  call void @take(ptr @strdup)
  %p = call ptr @malloc(i64 1)
  ret void
}
; CHECK:      define linkonce_odr hidden ptr @__heapfence_thunk.malloc(i64 %0) {{.*}}section "heapfence_text" comdat {
; CHECK:        br i1 %hf.sampled, label %hf.slow, label %hf.orig
; CHECK:        notail call ptr @__heapfence_slow.malloc(ptr nest @__heapfence_sites{{.*}}, i64 %0)
; CHECK:        tail call ptr @malloc(i64 %0)
