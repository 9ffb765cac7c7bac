; If this fails, a wrapper with local linkage shares a helper with another file's,
; its helper outlives it, or the helper has another calling convention.
; RUN: %opt -passes='heapfence,verify' -S %s | %check %s
target triple = "x86_64-unknown-linux-gnu"

declare ptr @malloc(i64)
define internal fastcc ptr @make_alloc(i32 signext %n, double %x) noinline {
  %s = sext i32 %n to i64
  %p = call ptr @malloc(i64 %s)
  ret ptr %p
}
; CHECK-LABEL: define ptr @f(
; CHECK: call fastcc ptr @__heapfence_slow.make_alloc.local.Fisd(ptr nest @__heapfence_sites{{.*}}, i32 signext 1, double
; CHECK: call fastcc ptr @make_alloc(i32 signext 1, double
define ptr @f() {
  %p = call fastcc ptr @make_alloc(i32 signext 1, double 1.0)
  store i8 1, ptr %p
  ret ptr %p
}
; CHECK-LABEL: define ptr @small(
; CHECK: call fastcc ptr @__heapfence_cold.make_alloc.local.Fisd(ptr nest
define ptr @small() optsize {
  %p = call fastcc ptr @make_alloc(i32 signext 1, double 1.0)
  ret ptr %p
}
; CHECK: define internal fastcc ptr @__heapfence_slow.make_alloc.local.Fisd(ptr nest %0, i32 signext %1, double %2) {{.*}} section "heapfence_text" !associated ![[WITH:[0-9]+]] {
; CHECK: define internal fastcc ptr @__heapfence_cold.make_alloc.local.Fisd(
; CHECK: musttail call fastcc ptr @__heapfence_slow.make_alloc.local.Fisd(
; CHECK: ![[WITH]] = !{ptr @make_alloc}
