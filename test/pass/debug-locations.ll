; If this fails, a profiler or debugger attributes the guard to another line, or
; the verifier rejects a call without location.
; RUN: %opt -passes='heapfence,verify' -S %s | %check %s
target triple = "x86_64-unknown-linux-gnu"

declare ptr @realloc(ptr, i64)
declare ptr @malloc(i64)
declare void @free(ptr)

; Every instruction of the guard has the location of the call.
; CHECK-LABEL: define ptr @f(
define ptr @f(ptr %old, i64 %n) !dbg !3 {
  %p = call ptr @realloc(ptr %old, i64 %n), !dbg !5
  store i8 1, ptr %p, !dbg !6
  ret ptr %p, !dbg !6
}
; CHECK:      %hf.weight = load {{.*}}, !dbg ![[AT:[0-9]+]]
; CHECK-NEXT: = call {{.*}}@__heapfence_countdown){{.*}}, !dbg ![[AT]]
; CHECK-NEXT: %hf.old = load {{.*}}, !dbg ![[AT]]
; CHECK-NEXT: %hf.countdown = sub {{.*}}, !dbg ![[AT]]
; CHECK-NEXT: store i32 %hf.countdown, {{.*}}, !dbg ![[AT]]
; CHECK-NEXT: %hf.sampled = icmp {{.*}}, !dbg ![[AT]]
; CHECK-NEXT: br i1 %hf.sampled, {{.*}}, !dbg ![[AT]]
; CHECK:      ptrtoint {{.*}}, !dbg ![[AT]]
; CHECK-NEXT: %hf.outside = {{.*}}, !dbg ![[AT]]
; CHECK-NEXT: = icmp {{.*}}, !dbg ![[AT]]
; CHECK-NEXT: br i1 {{.*}}, !dbg ![[AT]]
; CHECK:      = load i64, ptr @__heapfence_window, {{.*}}, !dbg ![[AT]]
; CHECK-NEXT: %hf.high = {{.*}}, !dbg ![[AT]]
; CHECK-NEXT: %hf.guarded = {{.*}}, !dbg ![[AT]]
; CHECK-NEXT: br i1 %hf.guarded, {{.*}}, !dbg ![[AT]]
; CHECK:      call ptr @__heapfence_slow.realloc({{.*}}, !dbg ![[AT]]
; CHECK-NEXT: br label %hf.join, !dbg ![[AT]]
; CHECK:      call ptr @realloc({{.*}}, !dbg ![[AT]]
; CHECK-NEXT: br label %hf.join, !dbg ![[AT]]
; CHECK:      %hf.result = phi {{.*}}, !dbg ![[AT]]
; CHECK-NEXT: store i8 1, {{.*}}, !dbg ![[AFTER:[0-9]+]]

; In tail position the slow side's `ret` has that of the original's.
; CHECK-LABEL: define ptr @g(
define ptr @g(i64 %n) !dbg !7 {
  %p = call ptr @malloc(i64 %n), !dbg !8
  ret ptr %p, !dbg !9
}
; CHECK:      notail call ptr @__heapfence_slow.malloc({{.*}}, !dbg ![[TAIL:[0-9]+]]
; CHECK-NEXT: ret ptr {{.*}}, !dbg ![[RET:[0-9]+]]
; CHECK:      call ptr @malloc(i64 %n){{.*}}, !dbg ![[TAIL]]
; CHECK-NEXT: ret ptr {{.*}}, !dbg ![[RET]]

; CHECK-LABEL: define ptr @cold(
define ptr @cold(i64 %n) optsize !dbg !10 {
  %p = call ptr @malloc(i64 %n), !dbg !11
  ret ptr %p, !dbg !11
}
; CHECK-NEXT: call ptr @__heapfence_cold.malloc({{.*}}, !dbg ![[COLD:[0-9]+]]

; CHECK-LABEL: define void @release(
define void @release(ptr %p) !dbg !12 {
  call void @free(ptr %p), !dbg !13
  ret void, !dbg !14
}
; CHECK:      asm sideeffect {{.*}}, !dbg ![[FREE:[0-9]+]]

; CHECK-DAG: ![[AT]] = !DILocation(line: 2, column: 7,
; CHECK-DAG: ![[AFTER]] = !DILocation(line: 3,
; CHECK-DAG: ![[TAIL]] = !DILocation(line: 12,
; CHECK-DAG: ![[RET]] = !DILocation(line: 13,
; CHECK-DAG: ![[COLD]] = !DILocation(line: 22,
; CHECK-DAG: ![[FREE]] = !DILocation(line: 32,

!llvm.dbg.cu = !{!0}
!llvm.module.flags = !{!2}
!0 = distinct !DICompileUnit(language: DW_LANG_C99, file: !1, emissionKind: FullDebug)
!1 = !DIFile(filename: "a.c", directory: "/src")
!2 = !{i32 2, !"Debug Info Version", i32 3}
!3 = distinct !DISubprogram(name: "f", file: !1, line: 1, type: !4, unit: !0, spFlags: DISPFlagDefinition)
!4 = !DISubroutineType(types: !{null})
!5 = !DILocation(line: 2, column: 7, scope: !3)
!6 = !DILocation(line: 3, column: 1, scope: !3)
!7 = distinct !DISubprogram(name: "g", file: !1, line: 11, type: !4, unit: !0, spFlags: DISPFlagDefinition)
!8 = !DILocation(line: 12, column: 1, scope: !7)
!9 = !DILocation(line: 13, column: 1, scope: !7)
!10 = distinct !DISubprogram(name: "cold", file: !1, line: 21, type: !4, unit: !0, spFlags: DISPFlagDefinition)
!11 = !DILocation(line: 22, column: 1, scope: !10)
!12 = distinct !DISubprogram(name: "release", file: !1, line: 31, type: !4, unit: !0, spFlags: DISPFlagDefinition)
!13 = !DILocation(line: 32, column: 1, scope: !12)
!14 = !DILocation(line: 33, column: 1, scope: !12)
