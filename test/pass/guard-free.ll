; If this fails, a deallocation site does not test for the window.
; RUN: %opt -passes='heapfence,verify' -S %s | %check %s
target triple = "x86_64-unknown-linux-gnu"

declare void @free(ptr)

; CHECK-DAG: @__heapfence_window = linkonce_odr hidden global i64 -1, comdat, align 8

; CHECK-LABEL: define i32 @f(
define i32 @f(ptr %p) {
  call void @free(ptr %p)
  ret i32 0
}
; CHECK:      %[[A:.*]] = ptrtoint ptr %p to i64
; CHECK-NEXT: %hf.high = lshr i64 %[[A]], 30
; CHECK-NEXT: %hf.window = load i64, ptr @__heapfence_window, align 8
; CHECK-NEXT: %hf.guarded = icmp eq i64 %hf.high, %hf.window
; CHECK-NEXT: br i1 %hf.guarded, label %hf.slow, label %hf.orig
; CHECK:      hf.slow:
; CHECK-NEXT:   call void @__heapfence_slow.free(ptr nest @__heapfence_sites, ptr %p)
; CHECK-NEXT:   br label %hf.join
; CHECK:      hf.orig:
; CHECK-NEXT:   call void @free(ptr %p)

; The helper asks the runtime, and calls the original if the object is not its.
; CHECK-LABEL: define linkonce_odr hidden void @__heapfence_slow.free(
; CHECK:         %[[MINE:.*]] = notail call i1 @__heapfence_free(ptr %1, ptr %0)
; CHECK:         %[[NOT:.*]] = xor i1 %[[MINE]], true
; CHECK:         br i1 %[[NOT]], label %orig, label %done
; CHECK:      orig:
; CHECK:         call void @free(ptr %1)
; CHECK:      done:
; CHECK-NEXT:    ret void
; CHECK: declare zeroext i1 @__heapfence_free(ptr, ptr)
