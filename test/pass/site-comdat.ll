; If this fails, the linker drops an inline function's copy and keeps its records
; (sites counted twice), or drops records that code refers to.
; RUN: %opt -passes='heapfence,verify' -S %s | %check %s
target triple = "x86_64-unknown-linux-gnu"

declare ptr @malloc(i64)

$inline = comdat any

; In the function's own group, and living and dying with it in its section.
; CHECK-DAG: @[[W:__heapfence_weights[.0-9]*]] = private global [1 x i32] {{.*}}, section ".data.heapfence_weights", comdat($inline), align 4
; CHECK-DAG: @[[I:__heapfence_sites[.0-9]*]] = private constant {{.*}}@[[W]] to i64{{.*}}, section "heapfence_sites", comdat($inline), align 4, !associated ![[A:[0-9]+]]
; CHECK-DAG: @[[O:__heapfence_sites[.0-9]*]] = private constant {{.*}}, section "heapfence_sites", align 4, !associated ![[B:[0-9]+]]
; CHECK-DAG: @llvm.compiler.used = appending global [2 x ptr] [ptr @[[I]], ptr @[[O]]]
; CHECK-DAG: ![[A]] = !{ptr @inline}
; CHECK-DAG: ![[B]] = !{ptr @outline}
define linkonce_odr ptr @inline(i64 %n) comdat {
  %p = call ptr @malloc(i64 %n)
  ret ptr %p
}
define ptr @outline(i64 %n) {
  %p = call ptr @malloc(i64 %n)
  ret ptr %p
}
