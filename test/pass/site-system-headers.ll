; If this fails, reports and read-only data are full of the standard library's
; own frames, or a site in the library alone has no position.
; RUN: %opt -passes='heapfence,verify' -S %s | %check %s
target triple = "x86_64-unknown-linux-gnu"

declare void @free(ptr)

; user.cpp:5:3, in the function itself: nothing is left of the chain.
; CHECK: @__heapfence_sites = {{.*}} i32 0, i32 5123 }
define void @user(ptr %p) !dbg !10 {
  call void @free(ptr %p), !dbg !20
  ret void, !dbg !21
}
; All of the chain is in headers: the innermost stays (7:2).
; CHECK: @__heapfence_sites{{.*}} = {{.*}} i32 7170 }
define void @library(ptr %p) !dbg !13 {
  call void @free(ptr %p), !dbg !22
  ret void, !dbg !23
}
; CHECK-NOT: @__heapfence_inlined_at
!llvm.dbg.cu = !{!0}
!llvm.module.flags = !{!3}
!0 = distinct !DICompileUnit(language: DW_LANG_C_plus_plus, file: !1, emissionKind: FullDebug)
!1 = !DIFile(filename: "user.cpp", directory: "/src")
!2 = !DIFile(filename: "/usr/include/c++/12/bits/alloc.h", directory: "/src")
!3 = !{i32 2, !"Debug Info Version", i32 3}
!4 = !DISubroutineType(types: !{null})
!10 = distinct !DISubprogram(name: "user", file: !1, line: 4, type: !4, unit: !0, spFlags: DISPFlagDefinition)
!11 = distinct !DISubprogram(name: "push_back", file: !2, line: 1, type: !4, unit: !0, spFlags: DISPFlagDefinition)
!12 = distinct !DISubprogram(name: "deallocate", file: !2, line: 6, type: !4, unit: !0, spFlags: DISPFlagDefinition)
!13 = distinct !DISubprogram(name: "library", file: !2, line: 30, type: !4, unit: !0, spFlags: DISPFlagDefinition)
!20 = !DILocation(line: 7, column: 2, scope: !12, inlinedAt: !24)
!21 = distinct !DILocation(line: 5, column: 3, scope: !10)
!22 = !DILocation(line: 7, column: 2, scope: !12, inlinedAt: !23)
!23 = distinct !DILocation(line: 31, column: 3, scope: !13)
!24 = distinct !DILocation(line: 2, column: 2, scope: !11, inlinedAt: !21)
