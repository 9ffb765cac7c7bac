// If this fails, -static gives a broken program or an obscure link error.
// RUN: not %clang -static %s -o %t 2>&1 | %check %s
// RUN: not %clang -static-pie %s -o %t 2>&1 | %check %s
int main(void) { return 0; }
// CHECK: {{^}}heapfence-clang: static linking (-static{{(-pie)?}}) is not supported yet
