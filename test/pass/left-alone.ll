; If this fails, code is guarded that must not be.
; RUN: %opt -passes='heapfence,verify' -S %s | %check %s --implicit-check-not=heapfence
target triple = "x86_64-unknown-linux-gnu"

declare ptr @malloc(i64)
declare i64 @getline(ptr, ptr, ptr)
declare i32 @asprintf(ptr, ptr, ...)

; CHECK-LABEL: define ptr @asan(
define ptr @asan(i64 %n) sanitize_address {
  %p = call ptr @malloc(i64 %n)
  ret ptr %p
}
; CHECK-LABEL: define ptr @hwasan(
define ptr @hwasan(i64 %n) sanitize_hwaddress {
  %p = call ptr @malloc(i64 %n)
  ret ptr %p
}
; CHECK-LABEL: define ptr @msan(
define ptr @msan(i64 %n) sanitize_memory {
  %p = call ptr @malloc(i64 %n)
  ret ptr %p
}
; CHECK-LABEL: define ptr @tsan(
define ptr @tsan(i64 %n) sanitize_thread {
  %p = call ptr @malloc(i64 %n)
  ret ptr %p
}
; CHECK-LABEL: define ptr @disabled(
define ptr @disabled(i64 %n) disable_sanitizer_instrumentation {
  %p = call ptr @malloc(i64 %n)
  ret ptr %p
}
; CHECK-LABEL: define available_externally ptr @elsewhere(
define available_externally ptr @elsewhere(i64 %n) {
  %p = call ptr @malloc(i64 %n)
  ret ptr %p
}
; CHECK-LABEL: define void @bare(
define void @bare(i64 %n) naked {
  %p = call ptr @malloc(i64 4)
  unreachable
}
; Functions that allocate inside the C library.
; CHECK-LABEL: define void @libc(
define void @libc(ptr %p) {
  %l = call i64 @getline(ptr %p, ptr %p, ptr %p)
  %a = call i32 (ptr, ptr, ...) @asprintf(ptr %p, ptr %p)
  ret void
}
; A function of the program's own, whatever its name.
define internal void @free(ptr %p) noinline {
  ret void
}
; CHECK-LABEL: define void @own(
define void @own(ptr %p) {
  call void @free(ptr %p)
  ret void
}
; The body of the heap itself.
; CHECK-LABEL: define ptr @realloc(
define ptr @realloc(ptr %p, i64 %n) {
  %q = call ptr @malloc(i64 %n)
  ret ptr %q
}
