// If this fails, sites on the lines that the user names, or has changed, get no
// head start.
// RUN: %clang -O1 -g -mllvm -heapfence-focus=focus.c:17,other.c -S -emit-llvm %s -o - | %check %s --check-prefix=FIRST
// RUN: %clang -O1 -g -mllvm -heapfence-focus=pass/focus.c:18-19 -S -emit-llvm %s -o - | %check %s --check-prefix=SECOND
// RUN: %clang -O1 -g -mllvm -heapfence-focus=focus.c -S -emit-llvm %s -o - | %check %s --check-prefix=BOTH
// RUN: %clang -O1 -g -mllvm -heapfence-focus=cus.c -S -emit-llvm %s -o - | %check %s --check-prefix=NONE
// RUN: not %clang -O1 -g -mllvm -heapfence-focus=focus.c:x -S -emit-llvm %s -o %t.ll 2>&1 | %check %s --check-prefix=ERROR
// RUN: not %clang -O1 -g -mllvm -heapfence-focus=focus.c:3-2 -S -emit-llvm %s -o %t.ll 2>&1 | %check %s --check-prefix=ERROR
// RUN: rm -rf %t && mkdir %t && cp %s %t/focus.c
// RUN: cd %t && not env GIT_DIR=%t/none %clang -O1 -g -mllvm -heapfence-focus=git-diff -S -emit-llvm focus.c -o %t.ll 2>&1 | %check %s --check-prefix=GIT
// RUN: cd %t && git init -q . && git add . && git -c user.name=a -c user.email=a commit -qm a
// RUN: cd %t && %clang -O1 -g -mllvm -heapfence-focus=git-diff -S -emit-llvm focus.c -o - | %check %s --check-prefix=NONE
// RUN: cd %t && sed -i 's/malloc(20)/malloc(30)/' focus.c
// RUN: cd %t && %clang -O1 -g -mllvm -heapfence-focus=git-diff -S -emit-llvm focus.c -o - | %check %s --check-prefix=SECOND
typedef __SIZE_TYPE__ size_t;
void *malloc(size_t);
void *first(void) { return malloc(10); }
void *second(void) { return malloc(20); }

// The fifth field: flags, 4.
// FIRST:      @__heapfence_sites = {{.*}} i8 0, i8 4, i8 0, i8 0, i32 0, i32 0 }]
// FIRST:      @__heapfence_sites.{{[0-9]+}} = {{.*}} i8 0, i8 0, i8 0, i8 0, i32 0, i32 0 }]
// SECOND:     @__heapfence_sites = {{.*}} i8 0, i8 0, i8 0, i8 0, i32 0, i32 0 }]
// SECOND:     @__heapfence_sites.{{[0-9]+}} = {{.*}} i8 0, i8 4, i8 0, i8 0, i32 0, i32 0 }]
// BOTH:       @__heapfence_sites = {{.*}} i8 0, i8 4, i8 0, i8 0, i32 0, i32 0 }]
// BOTH:       @__heapfence_sites.{{[0-9]+}} = {{.*}} i8 0, i8 4, i8 0, i8 0, i32 0, i32 0 }]
// NONE:       @__heapfence_sites = {{.*}} i8 0, i8 0, i8 0, i8 0, i32 0, i32 0 }]
// NONE:       @__heapfence_sites.{{[0-9]+}} = {{.*}} i8 0, i8 0, i8 0, i8 0, i32 0, i32 0 }]
// ERROR: heapfence-focus: 'focus.c:{{.*}}' is not FILE
// GIT: heapfence-focus: git-diff: `git diff HEAD` fails
