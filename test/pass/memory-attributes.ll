; If this fails, an optimization after the pass may assume that a guarded
; function does not touch the countdown.
; RUN: %opt -passes='heapfence,verify' -S %s | %check %s
target triple = "x86_64-unknown-linux-gnu"
declare ptr @malloc(i64) memory(inaccessiblemem: readwrite)
; CHECK: define ptr @wrapper(i64 %n) {
define ptr @wrapper(i64 %n) memory(inaccessiblemem: readwrite) {
  %p = call ptr @malloc(i64 %n)
  ret ptr %p
}
; CHECK: define ptr @caller() {
; CHECK: call ptr @wrapper(i64 1){{$}}
define ptr @caller() memory(inaccessiblemem: readwrite) {
  %p = call ptr @wrapper(i64 1) memory(inaccessiblemem: readwrite)
  ret ptr %p
}
; CHECK: define i32 @stranger(i32 %x) #[[NONE:[0-9]+]] {
define i32 @stranger(i32 %x) memory(none) {
  ret i32 %x
}
; CHECK: attributes #[[NONE]] = { memory(none) }
