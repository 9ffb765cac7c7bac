; If this fails, a helper is taken for a wrapper, or a thunk guarded twice, where
; code meets the pass again.
; RUN: %opt -passes='heapfence,verify' -S %s > %t.once
; RUN: %opt -passes='heapfence,heapfence,verify' -S %s > %t.twice
; RUN: diff %t.once %t.twice
target triple = "x86_64-unknown-linux-gnu"
@xmlMalloc = global ptr @malloc
declare ptr @malloc(i64)
define internal fastcc noalias ptr @make(i64 %n) noinline {
  %p = call ptr @malloc(i64 %n)
  ret ptr %p
}
declare ptr @xalloc(i64)
define void @f(i64 %n) {
  %p = call fastcc ptr @make(i64 %n)
  %q = call ptr @xalloc(i64 %n)
  %h = load ptr, ptr @xmlMalloc
  %r = call ptr %h(i64 %n)
  ret void
}
define ptr @small(i64 %n) optsize {
  %q = call ptr @xalloc(i64 %n)
  ret ptr %q
}
