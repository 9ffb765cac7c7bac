; If this fails, an allocation function of C is not guarded by the right entry.
; RUN: %opt -passes='heapfence,verify' -S %s | %check %s
target triple = "x86_64-unknown-linux-gnu"

declare ptr @malloc(i64)
declare ptr @valloc(i64)
declare ptr @pvalloc(i64)
declare ptr @calloc(i64, i64)
declare ptr @realloc(ptr, i64)
declare ptr @reallocarray(ptr, i64, i64)
declare ptr @aligned_alloc(i64, i64)
declare ptr @memalign(i64, i64)
declare i32 @posix_memalign(ptr, i64, i64)
declare ptr @strdup(ptr)
declare ptr @__strdup(ptr)
declare ptr @strndup(ptr, i64)
declare ptr @__strndup(ptr, i64)

; CHECK-LABEL: define ptr @f0(
; CHECK: call ptr @__heapfence_slow.malloc(ptr nest @__heapfence_sites{{[^,]*}}, i64 %a0)
; CHECK: call ptr @malloc(i64 %a0)
define ptr @f0(i64 %a0) {
  %r = call ptr @malloc(i64 %a0)
  ret ptr %r
}
; CHECK-LABEL: define ptr @f1(
; CHECK: call ptr @__heapfence_slow.valloc(ptr nest @__heapfence_sites{{[^,]*}}, i64 %a0)
; CHECK: call ptr @valloc(i64 %a0)
define ptr @f1(i64 %a0) {
  %r = call ptr @valloc(i64 %a0)
  ret ptr %r
}
; CHECK-LABEL: define ptr @f2(
; CHECK: call ptr @__heapfence_slow.pvalloc(ptr nest @__heapfence_sites{{[^,]*}}, i64 %a0)
; CHECK: call ptr @pvalloc(i64 %a0)
define ptr @f2(i64 %a0) {
  %r = call ptr @pvalloc(i64 %a0)
  ret ptr %r
}
; CHECK-LABEL: define ptr @f3(
; CHECK: call ptr @__heapfence_slow.calloc(ptr nest @__heapfence_sites{{[^,]*}}, i64 %a0, i64 %a1)
; CHECK: call ptr @calloc(i64 %a0, i64 %a1)
define ptr @f3(i64 %a0, i64 %a1) {
  %r = call ptr @calloc(i64 %a0, i64 %a1)
  ret ptr %r
}
; CHECK-LABEL: define ptr @f4(
; CHECK: call ptr @__heapfence_slow.realloc(ptr nest @__heapfence_sites{{[^,]*}}, ptr %a0, i64 %a1)
; CHECK: call ptr @realloc(ptr %a0, i64 %a1)
define ptr @f4(ptr %a0, i64 %a1) {
  %r = call ptr @realloc(ptr %a0, i64 %a1)
  ret ptr %r
}
; CHECK-LABEL: define ptr @f5(
; CHECK: call ptr @__heapfence_slow.reallocarray(ptr nest @__heapfence_sites{{[^,]*}}, ptr %a0, i64 %a1, i64 %a2)
; CHECK: call ptr @reallocarray(ptr %a0, i64 %a1, i64 %a2)
define ptr @f5(ptr %a0, i64 %a1, i64 %a2) {
  %r = call ptr @reallocarray(ptr %a0, i64 %a1, i64 %a2)
  ret ptr %r
}
; CHECK-LABEL: define ptr @f6(
; CHECK: call ptr @__heapfence_slow.aligned_alloc(ptr nest @__heapfence_sites{{[^,]*}}, i64 %a0, i64 %a1)
; CHECK: call ptr @aligned_alloc(i64 %a0, i64 %a1)
define ptr @f6(i64 %a0, i64 %a1) {
  %r = call ptr @aligned_alloc(i64 %a0, i64 %a1)
  ret ptr %r
}
; CHECK-LABEL: define ptr @f7(
; CHECK: call ptr @__heapfence_slow.memalign(ptr nest @__heapfence_sites{{[^,]*}}, i64 %a0, i64 %a1)
; CHECK: call ptr @memalign(i64 %a0, i64 %a1)
define ptr @f7(i64 %a0, i64 %a1) {
  %r = call ptr @memalign(i64 %a0, i64 %a1)
  ret ptr %r
}
; CHECK-LABEL: define i32 @f8(
; CHECK: call i32 @__heapfence_slow.posix_memalign(ptr nest @__heapfence_sites{{[^,]*}}, ptr %a0, i64 %a1, i64 %a2)
; CHECK: call i32 @posix_memalign(ptr %a0, i64 %a1, i64 %a2)
define i32 @f8(ptr %a0, i64 %a1, i64 %a2) {
  %r = call i32 @posix_memalign(ptr %a0, i64 %a1, i64 %a2)
  ret i32 %r
}
; CHECK-LABEL: define ptr @f9(
; CHECK: call ptr @__heapfence_slow.strdup(ptr nest @__heapfence_sites{{[^,]*}}, ptr %a0)
; CHECK: call ptr @strdup(ptr %a0)
define ptr @f9(ptr %a0) {
  %r = call ptr @strdup(ptr %a0)
  ret ptr %r
}
; CHECK-LABEL: define ptr @f10(
; CHECK: call ptr @__heapfence_slow.__strdup(ptr nest @__heapfence_sites{{[^,]*}}, ptr %a0)
; CHECK: call ptr @__strdup(ptr %a0)
define ptr @f10(ptr %a0) {
  %r = call ptr @__strdup(ptr %a0)
  ret ptr %r
}
; CHECK-LABEL: define ptr @f11(
; CHECK: call ptr @__heapfence_slow.strndup(ptr nest @__heapfence_sites{{[^,]*}}, ptr %a0, i64 %a1)
; CHECK: call ptr @strndup(ptr %a0, i64 %a1)
define ptr @f11(ptr %a0, i64 %a1) {
  %r = call ptr @strndup(ptr %a0, i64 %a1)
  ret ptr %r
}
; CHECK-LABEL: define ptr @f12(
; CHECK: call ptr @__heapfence_slow.__strndup(ptr nest @__heapfence_sites{{[^,]*}}, ptr %a0, i64 %a1)
; CHECK: call ptr @__strndup(ptr %a0, i64 %a1)
define ptr @f12(ptr %a0, i64 %a1) {
  %r = call ptr @__strndup(ptr %a0, i64 %a1)
  ret ptr %r
}

; CHECK-LABEL: define linkonce_odr hidden ptr @__heapfence_slow.malloc(
; CHECK: notail call ptr @__heapfence_malloc(
; CHECK-LABEL: define linkonce_odr hidden ptr @__heapfence_slow.valloc(
; CHECK: notail call ptr @__heapfence_malloc(
; CHECK-LABEL: define linkonce_odr hidden ptr @__heapfence_slow.pvalloc(
; CHECK: notail call ptr @__heapfence_malloc(
; CHECK-LABEL: define linkonce_odr hidden ptr @__heapfence_slow.calloc(
; CHECK: notail call ptr @__heapfence_calloc(
; CHECK-LABEL: define linkonce_odr hidden ptr @__heapfence_slow.realloc(
; CHECK: notail call ptr @__heapfence_realloc(
; CHECK-LABEL: define linkonce_odr hidden ptr @__heapfence_slow.reallocarray(
; CHECK: notail call ptr @__heapfence_reallocarray(
; CHECK-LABEL: define linkonce_odr hidden ptr @__heapfence_slow.aligned_alloc(
; CHECK: notail call ptr @__heapfence_memalign(
; CHECK-LABEL: define linkonce_odr hidden ptr @__heapfence_slow.memalign(
; CHECK: notail call ptr @__heapfence_memalign(
; CHECK-LABEL: define linkonce_odr hidden i32 @__heapfence_slow.posix_memalign(
; CHECK: notail call i32 @__heapfence_posix_memalign(
; CHECK-LABEL: define linkonce_odr hidden ptr @__heapfence_slow.strdup(
; CHECK: notail call ptr @__heapfence_strdup(
; CHECK-LABEL: define linkonce_odr hidden ptr @__heapfence_slow.__strdup(
; CHECK: notail call ptr @__heapfence_strdup(
; CHECK-LABEL: define linkonce_odr hidden ptr @__heapfence_slow.strndup(
; CHECK: notail call ptr @__heapfence_strndup(
; CHECK-LABEL: define linkonce_odr hidden ptr @__heapfence_slow.__strndup(
; CHECK: notail call ptr @__heapfence_strndup(
