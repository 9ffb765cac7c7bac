; If this fails, a context's guard is not that of an allocation, its record does
; not say that it is one, or its helper does not arm around the call.
; RUN: %opt -passes='heapfence,verify' -S %s | %check %s
target triple = "x86_64-unknown-linux-gnu"

declare noalias ptr @xmake(i64, i8 zeroext)

; CHECK: @__heapfence_weights = private global [1 x i32] [i32 1073741824]
; Callee malloc (0), SiteIsContext (2).
; CHECK: @__heapfence_sites = private constant [1 x {{.*}}, i8 0, i8 2, i8 0, i8 0, i32 0, i32 0 }
; CHECK-LABEL: define i64 @f(
define i64 @f(i64 %n) {
; CHECK:      %hf.countdown = sub i32 %hf.old, %hf.weight
; CHECK:      br i1 %hf.sampled, label %hf.slow, label %hf.orig
; CHECK:      hf.slow:
; CHECK-NEXT:   %[[S:.*]] = call ptr @__heapfence_slow.xmake.lbz(ptr nest @__heapfence_sites, i64 %n, i8 zeroext 7)
; CHECK:      hf.orig:
; CHECK-NEXT:   %p = call ptr @xmake(i64 %n, i8 zeroext 7) #[[GUARDED:[0-9]+]]
; CHECK:        %hf.result = phi ptr [ %p, %hf.orig ], [ %[[S]], %hf.slow ]
  %p = call ptr @xmake(i64 %n, i8 zeroext 7)
  store i64 1, ptr %p
  ret i64 %n
}
; CHECK-LABEL: define ptr @tail(
define ptr @tail(i64 %n) optsize {
; CHECK-NEXT: %p = notail call ptr @__heapfence_cold.xmake.lbz(ptr nest @__heapfence_sites
; CHECK-NOT:  hf.
; CHECK:      ret ptr
  %p = tail call ptr @xmake(i64 %n, i8 zeroext 7)
  ret ptr %p
}
; In tail position the fast side stays a jump.
; CHECK-LABEL: define ptr @hot(
define ptr @hot(i64 %n) {
; CHECK:      notail call ptr @__heapfence_slow.xmake.lbz(
; CHECK-NEXT: ret ptr
; CHECK:      %p = tail call ptr @xmake(i64 %n, i8 zeroext 7)
; CHECK-NEXT: ret ptr %p
  %p = tail call ptr @xmake(i64 %n, i8 zeroext 7)
  ret ptr %p
}

; CHECK:      define linkonce_odr hidden ptr @__heapfence_slow.xmake.lbz(ptr nest %0, i64 %1, i8 zeroext %2) #[[H:[0-9]+]] section "heapfence_text" comdat {
; CHECK-NEXT: entry:
; CHECK-NEXT:   %armed = notail call zeroext i1 @__heapfence_arm(ptr %0)
; CHECK-NEXT:   %[[R:.*]] = notail call ptr @xmake(i64 %1, i8 zeroext %2) #[[INNER:[0-9]+]]
; CHECK-NEXT:   br i1 %armed, label %disarm, label %done
; CHECK:      disarm:
; CHECK-NEXT:   notail call void @__heapfence_disarm()
; CHECK-NEXT:   br label %done
; CHECK:      done:
; CHECK-NEXT:   ret ptr %[[R]]
; CHECK:      define linkonce_odr hidden ptr @__heapfence_cold.xmake.lbz(
; CHECK:        musttail call ptr @__heapfence_slow.xmake.lbz(ptr nest %0, i64 %1, i8 zeroext %2)
; CHECK:        tail call ptr @xmake(i64 %1, i8 zeroext %2) #[[INNER]]
; CHECK-DAG: attributes #[[H]] = { cold noinline {{.*}}uwtable "frame-pointer"="all"
; CHECK-DAG: attributes #[[INNER]] = { noinline "heapfence-guarded" }
; CHECK-DAG: attributes #[[GUARDED]] = { "heapfence-guarded" }
