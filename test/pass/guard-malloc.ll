; If this fails, an allocation site's guard is not the weighted countdown.
; RUN: %opt -passes='heapfence,verify' -S %s | %check %s
target triple = "x86_64-unknown-linux-gnu"

declare ptr @malloc(i64)

; CHECK-LABEL: define i64 @f(
define i64 @f(i64 %n) {
  %p = call ptr @malloc(i64 %n)
  store i64 1, ptr %p
  ret i64 %n
}
; CHECK:      %hf.weight = load atomic i32, ptr @__heapfence_weights{{.*}} monotonic, align 4
; CHECK:      %[[CELL:.*]] = call {{.*}}ptr @llvm.threadlocal.address{{.*}}@__heapfence_countdown)
; CHECK:      %hf.old = load i32, ptr %[[CELL]], align 4
; CHECK:      %hf.countdown = sub i32 %hf.old, %hf.weight
; CHECK:      store i32 %hf.countdown, ptr %[[CELL]], align 4
; CHECK:      %hf.sampled = icmp slt i32 %hf.countdown, 0
; CHECK:      br i1 %hf.sampled, label %hf.slow, label %hf.orig, !prof ![[UNLIKELY:[0-9]+]]
; CHECK:      hf.slow:
; CHECK-NEXT:   %[[SLOW:.*]] = call ptr @__heapfence_slow.malloc(ptr nest @__heapfence_sites, i64 %n)
; CHECK-NEXT:   br label %hf.join
; CHECK:      hf.orig:
; CHECK-NEXT:   %p = call ptr @malloc(i64 %n) #[[GUARDED:[0-9]+]]
; CHECK:      hf.join:
; CHECK-NEXT:   %hf.result = phi ptr [ %p, %hf.orig ], [ %[[SLOW]], %hf.slow ]
; CHECK-NEXT:   store i64 1, ptr %hf.result

; The helper asks the runtime, and calls the original if it refuses.
; CHECK:      define linkonce_odr hidden ptr @__heapfence_slow.malloc(ptr nest %0, i64 %1)
; CHECK-SAME: comdat
; CHECK:        %[[P:.*]] = notail call ptr @__heapfence_malloc(i64 %1, ptr %0)
; CHECK:        icmp eq ptr %[[P]], null
; CHECK:        call ptr @malloc(i64 %1)
; CHECK: attributes #[[GUARDED]] = { "heapfence-guarded" }
; CHECK: ![[UNLIKELY]] = !{!"branch_weights", i32 1, i32 1048575}
