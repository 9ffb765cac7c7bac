; If this fails, link-time optimization breaks the module when it inlines and
; deletes a guarded function, or ThinLTO cannot import one.
; RUN: %opt -passes='heapfence,verify' -S %s | %check %s
; RUN: %opt -passes='heapfence,internalize,globaldce,verify' -S %s | %check %s --check-prefix=GONE
; RUN: sed 's/ptr @exported/internal ptr @exported/' %s | %opt -passes='heapfence,verify' -S | %check %s --check-prefix=LOCAL
target triple = "x86_64-unknown-linux-gnu"

declare ptr @malloc(i64)

$inline = comdat any

; Not tied to the functions; a name of their own, and a group to be left out by.
; CHECK-DAG: @[[W:__heapfence_weights[.0-9a-f]+]] = hidden global [1 x i32] {{.*}}, section ".data.heapfence_weights", comdat, align 4
; CHECK-DAG: @__heapfence_sites.[[ID:[0-9a-f]+]] = hidden constant {{.*}}@[[W]] to i64{{.*}}, section "heapfence_sites", comdat, align 4{{$}}
; CHECK-DAG: @__heapfence_sites.[[ID]].{{[0-9]+}} = hidden constant {{.*}}, section "heapfence_sites", comdat, align 4{{$}}
; CHECK-NOT: @llvm.compiler.used
; GONE-NOT: associated
; Nothing is exported: nothing to import, and no name that is unique.
; LOCAL-DAG: @__heapfence_sites = private constant {{.*}}, section "heapfence_sites", align 4{{$}}
; LOCAL-NOT: @llvm.compiler.used
define linkonce_odr ptr @inline(i64 %n) comdat {
  %p = call ptr @malloc(i64 %n)
  ret ptr %p
}
define ptr @exported(i64 %n) {
  %p = call ptr @malloc(i64 %n)
  ret ptr %p
}
!llvm.module.flags = !{!0}
!0 = !{i32 1, !"EnableSplitLTOUnit", i32 0}
