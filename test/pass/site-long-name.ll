; If this fails, the site table of template-heavy code is mostly mangled names.
; RUN: %opt -passes='heapfence,verify' -S %s | %check %s
target triple = "x86_64-unknown-linux-gnu"
declare void @free(ptr)
; CHECK-DAG: @__heapfence_string{{[.0-9]*}} = {{.*}} c"plain_name\00"
; CHECK-DAG: @__heapfence_string{{[.0-9]*}} = {{.*}} c"_Z5shortv\00"
; CHECK-NOT: c"_ZN4longg
define void @_ZN4longggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggg(ptr %p) !dbg !10 {
  call void @free(ptr %p), !dbg !20
  ret void, !dbg !20
}
define void @_Z5shortv(ptr %p) !dbg !11 {
  call void @free(ptr %p), !dbg !21
  ret void, !dbg !21
}
!llvm.dbg.cu = !{!0}
!llvm.module.flags = !{!2}
!0 = distinct !DICompileUnit(language: DW_LANG_C_plus_plus, file: !1, emissionKind: FullDebug)
!1 = !DIFile(filename: "a.cpp", directory: "/src")
!2 = !{i32 2, !"Debug Info Version", i32 3}
!4 = !DISubroutineType(types: !{null})
!10 = distinct !DISubprogram(name: "plain_name", file: !1, line: 1, type: !4, unit: !0, spFlags: DISPFlagDefinition)
!11 = distinct !DISubprogram(name: "short", file: !1, line: 5, type: !4, unit: !0, spFlags: DISPFlagDefinition)
!20 = !DILocation(line: 2, column: 1, scope: !10)
!21 = !DILocation(line: 6, column: 1, scope: !11)
