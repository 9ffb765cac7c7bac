; If this fails, a program without debug information has no names at all in its
; reports, or wrong ones.
; RUN: %opt -passes='heapfence,verify' -S %s | %check %s
target triple = "x86_64-unknown-linux-gnu"
source_filename = "dir/plain.c"
declare ptr @malloc(i64)
; Source file and function; no line.
; CHECK: @__heapfence_sites = private constant {{.*}} [{{.*}}@[[FILE:__heapfence_string[.0-9]*]] to i64{{.*}}@[[F:__heapfence_string[.0-9]*]] to i64{{.*}} i32 0, i32 0 }, i32 trunc
; CHECK-DAG: @[[FILE]] = private unnamed_addr constant [12 x i8] c"dir/plain.c\00"
; CHECK-DAG: @[[F]] = private unnamed_addr constant [6 x i8] c"plain\00"
define ptr @plain(i64 %n) {
  %p = call ptr @malloc(i64 %n)
  ret ptr %p
}
