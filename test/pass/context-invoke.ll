; If this fails, an exception out of an allocation wrapper is lost.
; RUN: %opt -passes='heapfence,verify' -S %s | %check %s
target triple = "x86_64-unknown-linux-gnu"

declare ptr @xalloc(i64)
declare i32 @__gxx_personality_v0(...)
; CHECK-LABEL: define ptr @f(
define ptr @f() personality ptr @__gxx_personality_v0 {
  %p = invoke ptr @xalloc(i64 8) to label %done unwind label %pad
done:
  ret ptr %p
pad:
  %e = landingpad { ptr, i32 } cleanup
  resume { ptr, i32 } %e
}
; CHECK: invoke ptr @__heapfence_{{slow|cold}}.xalloc.l(ptr nest @__heapfence_sites, i64 8)
; CHECK-NEXT: to label %{{hf.join|done}} unwind label %pad
; CHECK: define linkonce_odr hidden ptr @__heapfence_slow.xalloc.l({{.*}}) #[[H:[0-9]+]]
; CHECK: notail call ptr @xalloc(
; CHECK: attributes #[[H]] = {
; CHECK-NOT: nounwind
; CHECK-SAME: uwtable
