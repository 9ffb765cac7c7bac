// If this fails, the fast path costs more than is promised on arm64.
// RUN: %plain --target=aarch64-linux-gnu -O2 -fno-pic -fpass-plugin=%plugin -S %s -o - | %check %s
typedef __SIZE_TYPE__ size_t;
void *malloc(size_t);
void free(void *);
// CHECK-LABEL: {{^}}allocate:
// The weight, the thread pointer, the countdown's offset, load, subtract, store,
// branch on the sign.
// CHECK-DAG:  adrp	x[[W:[0-9]+]], {{.*}}__heapfence_weights
// CHECK-DAG:  ldr	w{{[0-9]+}}, [x[[W]], :lo12:{{.*}}__heapfence_weights]
// CHECK-DAG:  mrs	x{{[0-9]+}}, TPIDR_EL0
// CHECK-DAG:  :tprel_hi12:__heapfence_countdown
// CHECK:      subs	w{{[0-9]+}}, w{{[0-9]+}}, w{{[0-9]+}}
// CHECK:      {{b\.pl|b\.mi|tbz|tbnz}}
void *allocate(size_t n) { return malloc(n); }
// CHECK-LABEL: {{^}}release:
// CHECK:      bl	free
// CHECK-NEXT: //APP
// CHECK-NEXT: {{^}}.Lheapfence_return[[N:[0-9]+]]:
// CHECK-NEXT: .section	heapfence_returns,"ao",@progbits,.Lheapfence_return[[N]]
void release(void *p) { free(p); }
