// If this fails, a program's callback is not told of a report, or not what the
// report says; or it is called for reports that are not made.
// RUN: %clang -O0 -std=c99 -pedantic -Wall -Wextra -Werror -D_DEFAULT_SOURCE -I%S/../../../runtime/include %s -o %t
// RUN: %run %t 2>%t.log | %check %s
// RUN: %check %s --check-prefix=LOG < %t.log
// RUN: env HF=max_reports=1 %run %t 2>&1 | %check %s --check-prefix=ONE
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=NONE
// RUN: sh -c 'HF=log_path=/nonexistent/x "$0" "$1" 2>&-' %run %t | %check %s
// RUN: sh -c 'HF=on_error=exit:exitcode=42 "$0" "$1" exit; echo status $?' %run %t 2>&1 | %check %s --check-prefix=EXIT
// RUN: %clang -O2 -I%S/../../../runtime/include %s -o %t
// RUN: %run %t 2>%t.log | %check %s
// RUN: %clangxx -x c++ -std=c++11 -pedantic -Wall -Wextra -Werror -O0 -I%S/../../../runtime/include %s -o %t
// RUN: %run %t 2>%t.log | %check %s
// Without the runtime there is nobody to call back.
// RUN: %plain -O0 -I%S/../../../runtime/include %s -o %t.plain
// RUN: %t.plain fixed | %check %s --check-prefix=NONE
// RUN: %plainxx -x c++ -O0 -I%S/../../../runtime/include %s -o %t.plain
// RUN: %t.plain fixed | %check %s --check-prefix=NONE
#include <heapfence/heapfence.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int Count, IsWritingOnly;
static struct heapfence_report Last;
static struct heapfence_description Object, Described;
static uintptr_t TopPc;
static char FirstLine[80];

static int IsTextAlike;

static int isInText(const char *Text, uintptr_t Pc) {
  char Frame[40];
  snprintf(Frame, sizeof(Frame), "    #0 0x%llx ", (unsigned long long)Pc);
  return strstr(Text, Frame) != NULL;
}

static void onReport(const struct heapfence_report *R, void *User) {
  if (IsWritingOnly) {
    if (write(2, "called back\n", 12) != 12)
      abort();
    return;
  }
  ++*(int *)User;
  Last = *R;
  TopPc = R->pc_count ? R->pcs[0] : 0;
  if (R->object)
    Object = *R->object;
  Described.size = sizeof(Described);
  heapfence_describe((void *)R->address, &Described);
  strncpy(FirstLine, strchr(R->text, 'E'), 38);
  IsTextAlike = isInText(R->text, R->pcs[0]) &&
                (!R->object || isInText(R->text, R->object->allocation.pcs[0]));
  if (R->text_size != strlen(R->text))
    FirstLine[0] = '?';
}

__attribute__((noinline)) static void look(volatile char *P) { P[-1] = 1; }

static const char *nameOf(const char *Path) {
  return Path ? strrchr(Path, '/') + 1 : "none";
}

static void show(const void *P) {
  const struct heapfence_description *O = &Object;
  if (!Count)
    return;
  printf("%s: version %u, kind %u %s, access %u, thread %u\n", FirstLine,
         Last.version, Last.kind, Last.kind_name, Last.access, Last.thread);
  printf("  at %d, call %s:%u\n", (int)((char *)Last.address - (char *)P),
         nameOf(Last.call.file), Last.call.line);
  if (Last.function)
    printf("  argument %d of %s\n", (int)Last.argument, Last.function);
  printf("  frames alike: %d, in look: %d\n", IsTextAlike,
         TopPc - (uintptr_t)look < 64);
  printf("  object: %d, state %u, relation %u, distance %d, size %d\n",
         O->object == (uintptr_t)P, O->state, O->relation, (int)O->distance,
         (int)O->object_size);
  printf("  number %d, site %u, ordinal %u, light %u\n", (int)O->number, O->site,
         O->ordinal, O->is_light);
  printf("  allocated in %s %s:%u, %s\n", O->allocated_at.function,
         nameOf(O->allocated_at.file), O->allocated_at.line,
         O->allocation.count ? "stack" : "no stack");
  printf("  freed in %s %s:%u, %s\n",
         O->freed_at.function ? O->freed_at.function : "none",
         nameOf(O->freed_at.file), O->freed_at.line,
         O->release.count ? "stack" : "no stack");
  printf("  described alike: %d\n", !memcmp(&Described, O, sizeof(Described)));
}

int main(int Argc, char **Argv) {
  int IsWrong = Argc == 1 || strcmp(Argv[1], "fixed");
  int IsSet = heapfence_set_report_callback &&
              heapfence_set_report_callback(onReport, &Count);
  IsWritingOnly = Argc == 2;
  char *volatile P = (char *)malloc(10), *volatile Q = (char *)malloc(20);
  free(P);
  if (IsWrong)
    look(P + 4);
  show(P);
  if (IsWrong) {
    free(P = (char *)malloc(12));
    free(P);
    show(P);
    if (read(0, Q + 16, 5) < 0) // One too many.
      puts("read failed");
    show(Q);
    if (IsSet && heapfence_set_report_callback(NULL, NULL))
      free(P = (char *)malloc(12)), free(P);
  }
  printf("called %d times\n", Count);
  return 0;
}
// CHECK:      {{^}}ERROR: HeapFence: heap-use-after-free {{.*}}kind 1 heap-use-after-free, access 2, thread 0
// CHECK-NEXT: at 3, call none:0
// CHECK-NEXT: frames alike: 1, in look: 1
// CHECK-NEXT: object: 1, state 3, relation 0, distance 3, size 10
// CHECK-NEXT: number 1, site 0, ordinal 1, light 0
// CHECK-NEXT: allocated in main callback.c:[[#@LINE-23]], stack
// CHECK-NEXT: freed in main callback.c:[[#@LINE-23]], stack
// CHECK-NEXT: described alike: 1
// CHECK-NEXT: {{^}}ERROR: HeapFence: double-free {{.*}}kind 4 double-free, access 0, thread 0
// CHECK-NEXT: at 0, call callback.c:[[#@LINE-20]]
// CHECK-NEXT: frames alike: 1, in look: 0
// CHECK-NEXT: object: 1, state 3, relation 0, distance 0, size 12
// CHECK-NEXT: number 3, site {{.*}}, ordinal 1, light 0
// CHECK-NEXT: allocated in main callback.c:[[#@LINE-25]], stack
// CHECK-NEXT: freed in main callback.c:[[#@LINE-26]], stack
// CHECK-NEXT: described alike: 1
// CHECK-NEXT: {{^}}ERROR: HeapFence: heap-buffer-overflow{{.*}} kind 2 heap-buffer-overflow, access 2, thread 0
// CHECK-NEXT: at 20, call
// CHECK-NEXT: argument 2 of read
// CHECK-NEXT: frames alike: 1, in look: 0
// CHECK-NEXT: object: 1, state 2, relation 1, distance 0, size 20
// CHECK-NEXT: number 2, site
// CHECK-NEXT: allocated in main callback.c:[[#@LINE-40]], stack
// CHECK-NEXT: freed in none none:0, no stack
// CHECK-NEXT: described alike: 1
// CHECK-NEXT: {{^}}called 3 times

// LOG-COUNT-4: ERROR: HeapFence

// ONE-NOT: {{^}}called {{[02-9]}}
// ONE:     {{^}}called 1 times

// NONE-NOT: HeapFence
// NONE: {{^}}called 0 times

// EXIT:      ERROR: HeapFence: heap-use-after-free
// EXIT:      previously allocated
// EXIT:      {{^}}called back
// EXIT-NEXT: {{^}}SUMMARY: HeapFence
// EXIT-NEXT: {{^}}status 42
