; If this fails, an object that code takes for more than bytes is misaligned, or
; objects lie where the bugs of their code do not show.
; RUN: %opt -passes='heapfence,verify' -S %s | %check %s
target triple = "x86_64-unknown-linux-gnu"

declare noalias ptr @malloc(i64)
declare noalias ptr @strdup(ptr)
declare noalias ptr @xmalloc(i64)
declare ptr @realloc(ptr, i64)
declare void @free(ptr)
declare i64 @strlen(ptr)
declare i64 @read(i32, ptr, i64)
declare void @keep(ptr)
declare ptr @_Znwm(i64)
declare void @_ZdlPv(ptr)
declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)

; The flags: 16 bytes, 32 grows up, 64 reaches down. First those of which only
; bytes are used.

; CHECK: @__heapfence_sites = {{.*}} i8 0, i8 16, i8 0, i8 0, i32 0, i32 0 },
define i64 @text(i64 %n, i1 %c) {
  %p = call ptr @malloc(i64 %n)
  store i8 0, ptr %p
  %q = getelementptr i8, ptr %p, i64 3
  %r = select i1 %c, ptr %p, ptr %q
  %l = call i64 @strlen(ptr %r)
  call void @free(ptr %p)
  ret i64 %l
}
; In a variable, as at -O0.
; CHECK: @__heapfence_sites{{.*}} i8 0, i8 16, i8 0, i8 0, i32 0, i32 0 },
define void @variable(i64 %n) {
  %v = alloca ptr
  %p = call ptr @malloc(i64 %n)
  store ptr %p, ptr %v
  %q = load ptr, ptr %v
  store i8 1, ptr %q
  call void @free(ptr %q)
  ret void
}
; CHECK: @__heapfence_sites{{.*}} i8 {{[0-9]+}}, i8 16, i8 0, i8 0, i32 0, i32 0 }]
define ptr @string(ptr %s) {
  %p = call ptr @strdup(ptr %s)
  ret ptr %p
}
; CHECK: @__heapfence_sites{{.*}} i8 0, i8 48, i8 0, i8 0, i32 0, i32 0 },
define void @filled(i64 %n) {
  %p = call ptr @malloc(i64 %n)
  %r = call i64 @read(i32 0, ptr %p, i64 %n)
  call void @free(ptr %p)
  ret void
}
; CHECK: @__heapfence_sites{{.*}} i8 0, i8 48, i8 0, i8 0, i32 0, i32 0 },
define void @copied(i64 %n, ptr %from) {
  %p = call ptr @malloc(i64 %n)
  call void @llvm.memcpy.p0.p0.i64(ptr %p, ptr %from, i64 %n, i1 false)
  call void @free(ptr %p)
  ret void
}
; CHECK: @__heapfence_sites{{.*}} i8 0, i8 48, i8 0, i8 0, i32 0, i32 0 },
define void @up(i64 %n, i32 %i) {
  %p = call ptr @malloc(i64 %n)
  %w = zext i32 %i to i64
  %q = getelementptr i8, ptr %p, i64 %w
  store i8 1, ptr %q
  call void @free(ptr %p)
  ret void
}
; CHECK: @__heapfence_sites{{.*}} i8 0, i8 80, i8 0, i8 0, i32 0, i32 0 },
define void @down(i64 %n) {
  %p = call ptr @malloc(i64 %n)
  %q = getelementptr i8, ptr %p, i64 -1
  store i8 1, ptr %q
  call void @free(ptr %p)
  ret void
}
; Both ways; and an index that may be negative tells nothing.
; CHECK: @__heapfence_sites{{.*}} i8 0, i8 16, i8 0, i8 0, i32 0, i32 0 },
define void @both(i64 %n, i32 %i) {
  %p = call ptr @malloc(i64 %n)
  %w = zext i32 %i to i64
  %q = getelementptr i8, ptr %p, i64 %w
  %r = getelementptr i8, ptr %p, i64 -1
  store i8 1, ptr %q
  store i8 1, ptr %r
  call void @free(ptr %p)
  ret void
}
; CHECK: @__heapfence_sites{{.*}} i8 0, i8 16, i8 0, i8 0, i32 0, i32 0 },
define void @anywhere(i64 %n, i64 %i) {
  %p = call ptr @malloc(i64 %n)
  %q = getelementptr i8, ptr %p, i64 %i
  store i8 1, ptr %q
  call void @free(ptr %p)
  ret void
}

; What needs its alignment, or may: a promise of the call, of an access, of a
; copy; somebody else; an address as a number; a variable that others see.
; CHECK: @__heapfence_sites{{.*}} i8 0, i8 0, i8 4, i8 0, i32 0, i32 0 },
define void @promised(i64 %n) {
  %p = call align 16 ptr @malloc(i64 %n)
  store i8 0, ptr %p
  call void @free(ptr %p)
  ret void
}
; CHECK: @__heapfence_sites{{.*}} i8 0, i8 0, i8 0, i8 0, i32 0, i32 0 },
define i32 @word(i64 %n) {
  %p = call ptr @malloc(i64 %n)
  %v = load i32, ptr %p
  call void @free(ptr %p)
  ret i32 %v
}
; CHECK: @__heapfence_sites{{.*}} i8 0, i8 0, i8 0, i8 0, i32 0, i32 0 },
define i32 @word_in_variable(i64 %n) {
  %v = alloca ptr
  %p = call ptr @malloc(i64 %n)
  store ptr %p, ptr %v
  %q = load ptr, ptr %v
  %w = load i32, ptr %q
  call void @free(ptr %p)
  ret i32 %w
}
; CHECK: @__heapfence_sites{{.*}} i8 0, i8 0, i8 0, i8 0, i32 0, i32 0 },
define void @copied_aligned(i64 %n, ptr %from) {
  %p = call ptr @malloc(i64 %n)
  call void @llvm.memcpy.p0.p0.i64(ptr align 8 %p, ptr %from, i64 8, i1 false)
  call void @free(ptr %p)
  ret void
}
; CHECK: @__heapfence_sites{{.*}} i8 0, i8 0, i8 0, i8 0, i32 0, i32 0 }]
define ptr @returned(i64 %n) {
  %p = call ptr @malloc(i64 %n)
  ret ptr %p
}
; CHECK: @__heapfence_sites{{.*}} i8 0, i8 0, i8 0, i8 0, i32 0, i32 0 }]
define void @handed_on(i64 %n) {
  %p = call ptr @malloc(i64 %n)
  call void @keep(ptr %p)
  ret void
}
; CHECK: @__heapfence_sites{{.*}} i8 0, i8 0, i8 0, i8 0, i32 0, i32 0 }]
define void @stored(i64 %n, ptr %where) {
  %p = call ptr @malloc(i64 %n)
  store ptr %p, ptr %where
  ret void
}
; CHECK: @__heapfence_sites{{.*}} i8 0, i8 0, i8 0, i8 0, i32 0, i32 0 }]
define i64 @number(i64 %n) {
  %p = call ptr @malloc(i64 %n)
  %i = ptrtoint ptr %p to i64
  ret i64 %i
}
; CHECK: @__heapfence_sites{{.*}} i8 0, i8 0, i8 0, i8 0, i32 0, i32 0 }]
define void @seen_variable(i64 %n) {
  %v = alloca ptr
  %p = call ptr @malloc(i64 %n)
  store ptr %p, ptr %v
  call void @keep(ptr %v)
  ret void
}
; A member of std::string: what it allocates are bytes; what it frees has no flag.
; CHECK: @__heapfence_sites{{.*}} i8 {{[0-9]+}}, i8 16, i8 0, i8 0, i32 0, i32 0 }, {{.*}} i8 {{[0-9]+}}, i8 0, i8 0, i8 0, i32 0, i32 0 }]
define ptr @_ZNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEE9_M_createERmm(ptr %old, i64 %n) {
  %p = call ptr @_Znwm(i64 %n)
  call void @_ZdlPv(ptr %old)
  ret ptr %p
}
; A wrapper may have put something in front of it: no bytes; but up it grows (2:
; a context).
; CHECK: @__heapfence_sites{{.*}} i8 34, i8 0, i8 0, i32 0, i32 0 },
define void @wrapped(i64 %n) {
  %p = call noalias ptr @xmalloc(i64 %n)
  %r = call i64 @read(i32 0, ptr %p, i64 %n)
  call void @free(ptr %p)
  ret void
}
