// If this fails, the JSON form of a report is not what its schema says, or not what
// the text says.
// RUN: rm -rf %t.dir && mkdir %t.dir
// RUN: %clang -O1 -Wno-all %s -o %t
// RUN: env HF=json_path=%t.dir/json %run %t 2> %t.text
// RUN: sh -c 'mv "$0"/json.* "$0"/lines' %t.dir
// RUN: python3 %S/Inputs/check_json.py %S/../../../docs/report.schema.json %t.dir/lines %t.text | %check %s
// RUN: %check %s --check-prefix=LINE < %t.dir/lines
// With bytes shown, and objects guarded lightly.
// RUN: env HF=json_path=%t.dir/shown:show_bytes=1:only_light=1 %run %t 2> %t.text
// RUN: sh -c 'python3 "$0" "$1" "$2"/shown.* "$3"' %S/Inputs/check_json.py %S/../../../docs/report.schema.json %t.dir %t.text | %check %s --check-prefix=LIGHT
// RUN: sh -c 'cat "$0"/shown.*' %t.dir | %check %s --check-prefix=SHOWN
// What the allocator finds.
// RUN: sh -c 'HF=json_path=$2/alien "$0" "$1" alien 2> "$3"; exit 0' %run %t %t.dir %t.text
// RUN: sh -c 'python3 "$0" "$1" "$2"/alien.* "$3"' %S/Inputs/check_json.py %S/../../../docs/report.schema.json %t.dir %t.text | %check %s --check-prefix=ALIEN
// Nothing to tell, no file; a file that cannot be had, the text all the same.
// RUN: env HF=json_path=%t.dir/none %run %t fixed 2>&1 | %check %s --check-prefix=FIXED --allow-empty
// RUN: sh -c 'ls "$0"' %t.dir | %check %s --check-prefix=FILES
// RUN: env HF=json_path=%t.dir/no/where:verbosity=1 %run %t 2>&1 | %check %s --check-prefix=NOWHERE
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void heapfence_thread_enable(int);
__attribute__((noinline)) static char *make(size_t Size) { return malloc(Size); }

int main(int argc, char **argv) {
  int IsFixed = argc > 1 && !strcmp(argv[1], "fixed");
  if (argc > 1 && !strcmp(argv[1], "alien")) {
    heapfence_thread_enable(0);
    char *volatile P = make(24);
    free(P);
    free(P);
  }
  char *volatile P = make(40);
  volatile char C = IsFixed ? 0 : P[48];
  free(P);
  P = make(24);
  free(P);
  if (!IsFixed)
    C = P[3];
  P = make(30);
  free(P);
  if (!IsFixed)
    free(P);
  P = make(33);
  if (!IsFixed)
    P[33] ^= 1, P[35] ^= 1;
  free(P);
  P = make(10);
  if (!IsFixed)
    write(-1, P, 11);
  free(P);
}
// CHECK: heap-buffer-overflow heap-use-after-free double-free heap-corruption heap-buffer-overflow

// LINE:      {"schema":"heapfence-report/1","time_ms":1{{[0-9]+}},"pid":{{[0-9]+}},"thread":0,"kind":"heap-buffer-overflow","access":"read","address":"0x
// LINE-SAME: "object":{"address":"0x{{[0-9a-f]+}}","size":40,"alignment":null,"allocated_by":"malloc","freed":false,"light":false,"serial":1,"site":{{[0-9]+}},"ordinal":1,"execution":1,"type":{{null|.*"name":"char".*}},"relation":"after","distance":8}
// LINE:      "kind":"heap-use-after-free","access":"read"
// LINE-SAME: "relation":"inside","distance":3}
// LINE-SAME: "stacks":{"error":{"thread":0,"method":"cfi","frames":[{"pc":"0x{{[0-9a-f]+}}","module":"{{[^"]*}}json.c.tmp","offset":"0x{{[0-9a-f]+}}","build_id":"{{[0-9a-f]+}}"}
// LINE-SAME: "function":"make","file":"{{[^"]*}}json.c","line":[[#@LINE-37]],"column":{{[0-9]+}},"inlined":false}
// LINE:      "kind":"double-free","access":null
// LINE-SAME: "deallocation":{"function":"free","size":null,"alignment":null}
// LINE:      "kind":"heap-corruption","access":"write"
// LINE-SAME: "relation":"after","distance":0},"changed":{"total":2,"bytes":[{"address":"0x{{[0-9a-f]+}}","value":null},{"address"
// LINE:      "kind":"heap-buffer-overflow","access":"read"
// LINE-SAME: "call":{"function":"write","argument":2}

// LIGHT: double-free heap-corruption heap-buffer-overflow
// SHOWN: "light":true
// SHOWN: "changed":{"total":2,"bytes":[{"address":"0x{{[0-9a-f]+}}","value":{{[0-9]+}}},{

// ALIEN: double-free

// FIXED-NOT: HeapFence
// FILES-NOT: none

// NOWHERE: ERROR: HeapFence: heap-buffer-overflow
// NOWHERE: 5 reports{{.*}}, 5 JSON reports lost: the file refused
