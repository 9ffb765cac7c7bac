; If this fails, an allocation wrapper is not recognised: each by its rule.
; RUN: echo '[heapfence]' > %t.list
; RUN: echo 'wrapper:my_*' >> %t.list
; RUN: echo 'wrapper:_ZN3app4make*' >> %t.list
; RUN: %opt -passes='heapfence<wrappers=%t.list>,verify' -S %s | %check %s
target triple = "x86_64-unknown-linux-gnu"

@xmlMalloc = external global ptr
@my_hook = external global ptr
declare noalias ptr @fresh(i64)
declare ptr @plain(i64)
declare ptr @sized(i64) allocsize(0)
declare ptr @kind(i64) allockind("alloc,uninitialized")
declare ptr @rekind(ptr, i64) allockind("realloc")
declare ptr @xAllocate(i64)
declare ptr @xstrdup(ptr)
declare ptr @XSTRNDUP(ptr, i64)
declare ptr @g_memdup2(ptr, i64)
declare ptr @sqlite3_mprintf_plain(ptr)
declare ptr @my_object()
declare ptr @_ZN3app4makeEi(i32)

; CHECK-LABEL: define void @f(
define void @f(ptr %p) {
; CHECK: @__heapfence_slow.fresh.l(ptr nest @__heapfence_sites, i64 1)
  %a = call ptr @fresh(i64 1)
; CHECK: @__heapfence_slow.plain.l(
  %b = call noalias ptr @plain(i64 2)
; CHECK: @__heapfence_slow.sized.l(
  %c = call ptr @sized(i64 3)
; CHECK: @__heapfence_slow.kind.l(
  %d = call ptr @kind(i64 4)
; CHECK: @__heapfence_slow.rekind.pl(
  %e = call ptr @rekind(ptr %p, i64 4)
; CHECK: @__heapfence_slow.xAllocate.l(
  %g = call ptr @xAllocate(i64 5)
; CHECK: @__heapfence_slow.xstrdup.p(
  %h = call ptr @xstrdup(ptr %p)
; CHECK: @__heapfence_slow.XSTRNDUP.pl(
  %i = call ptr @XSTRNDUP(ptr %p, i64 1)
; CHECK: @__heapfence_slow.g_memdup2.pl(
  %j = call ptr @g_memdup2(ptr %p, i64 1)
; CHECK: @__heapfence_slow.sqlite3_mprintf_plain.p(
  %k = call ptr @sqlite3_mprintf_plain(ptr %p)
; CHECK: @__heapfence_slow.my_object.v(
  %l = call ptr @my_object()
; CHECK: @__heapfence_slow._ZN3app4makeEi.i(
  %m = call ptr @_ZN3app4makeEi(i32 1)
; Through a pointer of such a name: the pointer behind the arguments.
; CHECK: %x = load ptr, ptr @xmlMalloc
; CHECK: @__heapfence_slow.indirect..l(ptr nest {{.*}}, i64 6, ptr %x)
; CHECK: call ptr %x(i64 6)
  %x = load ptr, ptr @xmlMalloc
  %n = call ptr %x(i64 6)
; CHECK: @__heapfence_slow.indirect..v(ptr nest
  %y = load ptr, ptr @my_hook
  %o = call ptr %y()
  ret void
}
