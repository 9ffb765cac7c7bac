// If this fails, a debugger cannot print a variable that holds a new object.
// RUN: %clang -O2 -g -S -emit-llvm %s -o - | %check %s
#include <stdlib.h>
#include <string.h>
// CHECK-LABEL: define {{.*}}@make(
char *make(size_t n) {
  char *p = malloc(n);
  return memset(p, 1, n);
}
// What is said of `p` is said of the joined value, where that is.
// CHECK:      %[[P:.*]] = phi ptr [ %{{.*}}, %{{.*}} ], [ %{{.*}}, %{{.*}} ]
// CHECK-NEXT: dbg{{.}}value({{(metadata )?}}ptr %[[P]], {{.*}}![[VAR:[0-9]+]],
// CHECK: ![[VAR]] = !DILocalVariable(name: "p",
