; If this fails, a site in an inlined function does not tell who called it, or
; every site repeats the whole chain of its callers.
; RUN: %opt -passes='heapfence,verify' -S %s | %check %s
target triple = "x86_64-unknown-linux-gnu"

declare void @free(ptr)

; Line << 10 | column. Innermost frames in the records: 3:5 and 4:6.
; CHECK: @__heapfence_sites = private constant [2 x {{.*}}@[[INNER:__heapfence_string[.0-9]*]] to i64{{.*}}@[[IN1:__heapfence_inlined_at[.0-9]*]] to i64{{.*}} i32 3077 }{{.*}}@[[IN1]] to i64{{.*}} i32 4102 }
; CHECK-DAG: @[[IN1]] = private constant {{.*}}@[[MIDDLE:__heapfence_string[.0-9]*]] to i64{{.*}}@[[IN2:__heapfence_inlined_at[.0-9]*]] to i64{{.*}} i32 13319 }, align 4
; CHECK-DAG: @[[IN2]] = private constant {{.*}}@[[OUTER:__heapfence_string[.0-9]*]] to i64{{.*}} i32 0, i32 23561 }, align 4
; CHECK-NOT: @__heapfence_inlined_at{{.*}} =
; CHECK-LABEL: define
define void @_Z5outerv(ptr %p, ptr %q) !dbg !10 {
  call void @free(ptr %p), !dbg !20
  call void @free(ptr %q), !dbg !21
  ret void, !dbg !23
}
!llvm.dbg.cu = !{!0}
!llvm.module.flags = !{!2}
!0 = distinct !DICompileUnit(language: DW_LANG_C_plus_plus, file: !1, emissionKind: FullDebug)
!1 = !DIFile(filename: "a.cpp", directory: "/src")
!2 = !{i32 2, !"Debug Info Version", i32 3}
!4 = !DISubroutineType(types: !{null})
!10 = distinct !DISubprogram(name: "outer", linkageName: "_Z5outerv", file: !1, line: 20, type: !4, unit: !0, spFlags: DISPFlagDefinition)
!11 = distinct !DISubprogram(name: "middle", linkageName: "_Z6middlev", file: !1, line: 10, type: !4, unit: !0, spFlags: DISPFlagDefinition)
!12 = distinct !DISubprogram(name: "inner", linkageName: "_Z5innerv", file: !1, line: 2, type: !4, unit: !0, spFlags: DISPFlagDefinition)
!20 = !DILocation(line: 3, column: 5, scope: !12, inlinedAt: !22)
!21 = !DILocation(line: 4, column: 6, scope: !12, inlinedAt: !22)
!22 = distinct !DILocation(line: 13, column: 7, scope: !11, inlinedAt: !23)
!23 = distinct !DILocation(line: 23, column: 9, scope: !10)
