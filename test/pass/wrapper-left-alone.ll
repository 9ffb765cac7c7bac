; If this fails, a call is taken for an allocation wrapper's that is none, or that
; no helper can make.
; RUN: %opt -passes='heapfence,verify' -S %s | %check %s --implicit-check-not=__heapfence
target triple = "x86_64-unknown-linux-gnu"

@hook = external global ptr
@table_of_allocators = external global [2 x ptr]
declare ptr @find(i64)
declare i64 @allocate_handle(i64)
declare void @alloc_all()
declare ptr addrspace(1) @alloc_far(i64)
declare ptr @_Z10allocate_mm(i64)
; Inside the C or C++ library, or the heap's own with another prototype.
declare noalias ptr @fopen(ptr, ptr)
declare noalias ptr @opendir(ptr)
declare ptr @__cxa_allocate_exception(i64)
declare ptr @malloc(i64, ...)
; What no helper can repeat.
declare ptr @xalloc_printf(ptr, ...)
declare ptr @xalloc_big(ptr byval(i64))
declare ptr @xalloc_wide(<4 x i32>)
declare ptr @xalloc_chain(ptr nest)
declare preserve_mostcc ptr @xalloc_most(i64)
declare ptr @xalloc_die(i64) noreturn
declare ptr @xalloc_twice(i64) returns_twice
declare ptr @xalloc(i64)
; Code of HeapFence.
; CHECK: declare ptr @__heapfence_malloc(i64, ptr)
declare ptr @__heapfence_malloc(i64, ptr)

; CHECK-LABEL: define void @f(
define void @f(ptr %p, <4 x i32> %v) {
  %a = call ptr @find(i64 1)
  %b = call i64 @allocate_handle(i64 1)
  call void @alloc_all()
  %c = call ptr addrspace(1) @alloc_far(i64 1)
  %d = call ptr @_Z10allocate_mm(i64 1)
  %e = call ptr @fopen(ptr %p, ptr %p)
  %g = call ptr @opendir(ptr %p)
  %x = call ptr @__cxa_allocate_exception(i64 4)
  %h = call ptr (i64, ...) @malloc(i64 1, i32 1)
  %i = call ptr (ptr, ...) @xalloc_printf(ptr %p)
  %j = call ptr @xalloc_big(ptr byval(i64) %p)
  %k = call ptr @xalloc_wide(<4 x i32> %v)
  %l = call ptr @xalloc_chain(ptr nest %p)
  %m = call preserve_mostcc ptr @xalloc_most(i64 1)
  %n = call ptr @xalloc_twice(i64 1)
  %o = call ptr @xalloc(i64 1) [ "deopt"() ]
  %q = call ptr @xalloc(i32 1)
  %r = load ptr, ptr @hook
  %s = call ptr %r(i64 1)
  %t = load ptr, ptr getelementptr ([2 x ptr], ptr @table_of_allocators, i64 0, i64 1)
  %u = call ptr %t(i64 1)
; CHECK: call ptr @__heapfence_malloc(i64 1
  %w = call ptr @__heapfence_malloc(i64 1, ptr %p)
  %z = call ptr @xalloc_die(i64 1)
  unreachable
}
; CHECK-LABEL: define ptr @must(
define ptr @must(i64 %n) {
  %p = musttail call ptr @xalloc(i64 %n)
  ret ptr %p
}
