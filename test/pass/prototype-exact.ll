; If this fails, code that declares a heap function in the old style, without
; parameters, or with more than it has, does not compile any more.
; RUN: %opt -passes='heapfence,verify' -pass-remarks-missed=heapfence -S %s -o %t 2>%t.remarks
; RUN: %check %s < %t
; RUN: %check %s --check-prefix=REMARK --implicit-check-not=remark < %t.remarks
target triple = "x86_64-unknown-linux-gnu"

declare ptr @malloc(i64, ...)
declare void @free(...)
declare ptr @_Znwm(i64)
declare ptr @_ZnwmRKSt9nothrow_t(i64, ptr)

; REMARK: remark: {{.*}}: heap call not guarded: malloc is called with another prototype than the heap's
; REMARK: remark: {{.*}}: heap call not guarded: malloc is called with another prototype than the heap's
; REMARK: remark: {{.*}}: heap call not guarded: free is called with another prototype than the heap's
; REMARK: remark: {{.*}}: heap call not guarded: _Znwm is called with another prototype than the heap's
; REMARK: remark: {{.*}}: heap call not guarded: _ZnwmRKSt9nothrow_t is called with another prototype than the heap's
; CHECK-LABEL: define void @f(
define void @f(i64 %n, ptr %p) {
; CHECK-NEXT: call ptr (i64, ...) @malloc(i64 %n, i32 1)
  %a = call ptr (i64, ...) @malloc(i64 %n, i32 1)
; CHECK-NEXT: call ptr @malloc(i64 %n, i64 %n)
  %b = call ptr @malloc(i64 %n, i64 %n)
; CHECK-NEXT: call void (...) @free(ptr %p)
  call void (...) @free(ptr %p)
; CHECK-NEXT: call ptr @_Znwm(i64 %n, ptr %p)
  %c = call ptr @_Znwm(i64 %n, ptr %p)
; CHECK-NEXT: call ptr @_ZnwmRKSt9nothrow_t(i64 %n)
  %d = call ptr @_ZnwmRKSt9nothrow_t(i64 %n)
; A call that is as the heap's, though the declaration is not.
; CHECK: call ptr @__heapfence_slow.malloc(ptr nest @__heapfence_sites, i64 %n)
  %e = call ptr @malloc(i64 %n)
  store i8 1, ptr %e
  ret void
}
