; If this fails, device code or a 32-bit program of the same build is broken.
; RUN: sed 's/TRIPLE/nvptx64-nvidia-cuda/' %s | %opt -passes=heapfence -S | %check %s
; RUN: sed 's/TRIPLE/wasm32-unknown-unknown/' %s | %opt -passes=heapfence -S | %check %s
; RUN: sed 's/TRIPLE/i386-unknown-linux-gnu/' %s | %opt -passes=heapfence -S | %check %s
; RUN: sed 's/TRIPLE/x86_64-apple-macosx/' %s | %opt -passes=heapfence -S | %check %s
; RUN: sed 's/TRIPLE/aarch64-unknown-linux-gnu/' %s | %opt -passes=heapfence -S | %check %s --check-prefix=ARM64
target triple = "TRIPLE"
declare ptr @malloc(i64)
; CHECK-NOT: __heapfence
; ARM64: __heapfence
define ptr @f(i64 %n) {
  %p = call ptr @malloc(i64 %n)
  ret ptr %p
}
