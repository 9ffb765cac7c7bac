; If this fails, a deallocation is changed, or its record is not at the place
; where the call returns to.
; RUN: %opt -passes='heapfence,verify' -S %s | %check %s --check-prefixes=BOTH,X86
; RUN: sed 's/x86_64/aarch64/' %s | %opt -passes='heapfence,verify' -S | %check %s --check-prefixes=BOTH,ARM64
target triple = "x86_64-unknown-linux-gnu"

declare void @free(ptr)
declare i32 @__gxx_personality_v0(...)

; BOTH-LABEL: define i32 @f(
define i32 @f(ptr %p) {
  call void @free(ptr %p)
  ret i32 0
}
; The label, and apart from the code: its distance, and that of the site. What
; the label claims to change keeps other code from coming between.
; BOTH-NEXT:  call void @free(ptr %p)
; BOTH-NEXT:  call void asm sideeffect ".Lheapfence_return${:uid}:\0A\09.pushsection heapfence_returns,\22ao?\22,@progbits,.Lheapfence_return${:uid}\0A\09.p2align 2\0A\09.long .Lheapfence_return${:uid}-.\0A\09.long ${0:c}-.\0A\09.popsection",
; X86-SAME:     "i,~{memory},~{rax},~{rcx},~{rdx},~{rsi},~{rdi},~{r8},~{r9},~{r10},~{r11},
; ARM64-SAME:   "i,~{memory},~{x0},~{x1},
; BOTH-SAME:    (ptr @__heapfence_sites)
; BOTH-NEXT:  ret i32 0

; A jump would return to the caller's caller.
; BOTH-LABEL: define void @tail(
define void @tail(ptr %p) {
  tail call void @free(ptr %p)
  ret void
}
; BOTH-NEXT:  notail call void @free(ptr %p)
; BOTH-NEXT:  call void asm sideeffect

; Nothing may come after it: left alone.
; BOTH-LABEL: define void @must(
define void @must(ptr %p) {
  musttail call void @free(ptr %p)
  ret void
}
; BOTH-NEXT:  musttail call void @free(ptr %p)
; BOTH-NEXT:  ret void

; In the normal destination, if nobody else comes there.
; BOTH-LABEL: define void @invoked(
define void @invoked(ptr %p) personality ptr @__gxx_personality_v0 {
  invoke void @free(ptr %p) to label %done unwind label %pad
done:
  ret void
pad:
  %e = landingpad { ptr, i32 } cleanup
  resume { ptr, i32 } %e
}
; BOTH:       done:
; BOTH-NEXT:    call void asm sideeffect

; BOTH-LABEL: define i32 @shared(
define i32 @shared(i1 %c, ptr %p) personality ptr @__gxx_personality_v0 {
entry:
  br i1 %c, label %release, label %done
release:
  invoke void @free(ptr %p) to label %done unwind label %pad
done:
  %r = phi i32 [ 1, %entry ], [ 2, %release ]
  ret i32 %r
pad:
  %e = landingpad { ptr, i32 } cleanup
  resume { ptr, i32 } %e
}
; BOTH:       invoke void @free(ptr %p)
; BOTH-NEXT:    to label %[[EDGE:.*]] unwind label %pad
; BOTH:       [[EDGE]]:
; BOTH-NEXT:    call void asm sideeffect
; BOTH-NEXT:    br label %done
; BOTH:       done:
; BOTH-NEXT:    phi i32 [ 1, %entry ], [ 2, %[[EDGE]] ]
