// If this fails, a program with branch protection is killed at its start on
// processors that have it: the loader jumps to the constructor indirectly.
// RUN: %plain --target=aarch64-linux-gnu -mbranch-protection=standard -O2 -fpass-plugin=%plugin -S %s -o - | %check %s
// RUN: %plain --target=aarch64-linux-gnu -mbranch-protection=bti -O2 -fpass-plugin=%plugin -S %s -o - | %check %s
typedef __SIZE_TYPE__ size_t;
void *malloc(size_t);
void *allocate(size_t n) { return malloc(n); }
// bti c, or paciasp, which is one too.
// CHECK:      {{^}}__heapfence_module_ctor:
// CHECK:      hint	#{{34|25}}
// CHECK:      {{^}}__heapfence_module_dtor:
// CHECK:      hint	#{{34|25}}
