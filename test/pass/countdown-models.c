// If this fails, the guard pays an instruction or a call more for the countdown,
// or a shared library refers to an executable's countdown by a fixed offset.
// RUN: %clang -O1 -fno-pic -S -emit-llvm %s -o - | %check %s --check-prefixes=EXE,BOTH
// RUN: %clang -O1 -fPIE -S -emit-llvm %s -o - | %check %s --check-prefixes=EXE,BOTH
// RUN: %clang -O1 -fpie -S -emit-llvm %s -o - | %check %s --check-prefixes=EXE,BOTH
// RUN: %clang -O1 -fPIC -S -emit-llvm %s -o - | %check %s --check-prefixes=PIC,BOTH
// RUN: %clang -O1 -fpic -S -emit-llvm %s -o - | %check %s --check-prefixes=PIC,BOTH
#include <stdlib.h>
void *allocate(size_t n) { return malloc(n); }
// An executable has it itself, once; a library uses the one there is.
// EXE-DAG: @__heapfence_countdown = linkonce_odr dso_local thread_local(localexec) global i32 0, comdat, align 4
// PIC-DAG: @__heapfence_countdown = external thread_local(initialexec) global i32, align 4
// The window is each linked module's own: no detour by the global offset table.
// BOTH-DAG: @__heapfence_window = linkonce_odr hidden global i64 -1, comdat, align 8
