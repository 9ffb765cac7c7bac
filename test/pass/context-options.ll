; If this fails, contexts or thunks cannot be switched off, or a mistake in the
; wrapper list goes unnoticed.
; RUN: %opt -passes='heapfence<contexts=0>,verify' -S %s | %check %s --check-prefix=NOCONTEXT
; RUN: %opt -passes='heapfence<address-taken=0>,verify' -S %s | %check %s --check-prefix=NOTHUNK
; RUN: %opt -passes='heapfence<alloc-sites=0>,verify' -S %s | %check %s --check-prefix=NOALLOC
; RUN: not %opt -passes='heapfence<wrappers=%t.none>' -S %s 2>&1 | %check %s --check-prefix=NOFILE
; RUN: echo '[heapfence]' > %t.list
; RUN: echo 'fun:listed' >> %t.list
; RUN: %opt -passes='heapfence<ignorelist=%t.list>' -S %s | %check %s --check-prefix=LISTED
target triple = "x86_64-unknown-linux-gnu"
; NOFILE: heapfence-wrappers: {{.*}}none
; NOCONTEXT: @hook = global ptr @__heapfence_thunk.malloc
; NOTHUNK: @hook = global ptr @malloc
; NOALLOC: @hook = global ptr @malloc
@hook = global ptr @malloc
declare ptr @malloc(i64)
declare ptr @xalloc(i64)
; NOCONTEXT-NOT: __heapfence_slow.xalloc
; NOTHUNK: __heapfence_slow.xalloc
; NOTHUNK-NOT: __heapfence_thunk
; NOALLOC: __heapfence_slow.xalloc
; LISTED-LABEL: define void @listed(
; LISTED-NEXT: call ptr @xalloc(i64 1)
define void @listed() {
  %p = call ptr @xalloc(i64 1)
  store i8 1, ptr %p
  ret void
}
