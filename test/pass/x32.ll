; If this fails, x32 programs, whose pointers have 32 bits, do not link.
; RUN: %opt -passes=heapfence -S %s | %check %s --implicit-check-not=__heapfence
target datalayout = "e-m:e-p:32:32-p270:32:32-p271:32:32-p272:64:64-i64:64-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnux32"
declare void @free(ptr)
; CHECK: call void @free(
define void @f(ptr %p) {
  call void @free(ptr %p)
  ret void
}
