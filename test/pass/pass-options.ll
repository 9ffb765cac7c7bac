; If this fails, an option has no effect, or a mistake in one goes unnoticed.
; RUN: %opt -passes='heapfence<alloc-sites=0>' -S %s | %check %s --check-prefix=NOALLOC
; RUN: %opt -passes='heapfence<free-sites=false>' -S %s | %check %s --check-prefix=NOFREE
; RUN: not %opt -passes='heapfence<alloc-site=0>' -S %s 2>&1 | %check %s --check-prefix=UNKNOWN
; RUN: not %opt -passes='heapfence<alloc-sites=maybe>' -S %s 2>&1 | %check %s --check-prefix=VALUE
; RUN: not %opt -passes='heapfence<ignorelist=%t.none>' -S %s 2>&1 | %check %s --check-prefix=NOFILE
; RUN: echo '[heapfence]' > %t.list
; RUN: echo 'fun:listed' >> %t.list
; RUN: %opt -passes='heapfence<ignorelist=%t.list>' -S %s | %check %s --check-prefix=LISTED
; RUN: echo '[heapfence]' > %t.src
; RUN: echo 'src:*a.c' >> %t.src
; RUN: %opt -passes='heapfence<ignorelist=%t.src>' -S %s | %check %s --check-prefix=SRC
target triple = "x86_64-unknown-linux-gnu"
source_filename = "dir/a.c"
declare ptr @malloc(i64)
declare void @free(ptr)
; UNKNOWN: heapfence: unknown option 'alloc-site'
; VALUE: heapfence: invalid value 'maybe' for option 'alloc-sites'
; NOFILE: heapfence-ignorelist: {{.*}}none
; NOALLOC-NOT: __heapfence_slow.malloc
; NOALLOC: asm sideeffect ".Lheapfence_return
; NOFREE: __heapfence_slow.malloc
; NOFREE-NOT: asm sideeffect
define void @f() {
  %p = call ptr @malloc(i64 1)
  call void @free(ptr %p)
  ret void
}
; LISTED-LABEL: define ptr @listed(
; LISTED-NEXT: call ptr @malloc(i64 1)
; SRC-NOT: __heapfence
define ptr @listed() {
  %p = call ptr @malloc(i64 1)
  ret ptr %p
}
