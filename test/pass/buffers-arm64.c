// If this fails, on arm64 the checks of buffers are no code, or a program that is
// built with branch protection is ended by them.
// RUN: %plain --target=aarch64-linux-gnu -O2 -fpass-plugin=%plugin -S %s -o - | %check %s
// RUN: %plain --target=aarch64-linux-gnu -O2 -fPIC -fpass-plugin=%plugin -c %s -o %t.o
// RUN: %plain --target=aarch64-linux-gnu -O2 -fno-pic -mbranch-protection=standard -fpass-plugin=%plugin -c %s -o %t.o
extern long read(int, void *, unsigned long);
long from_kernel(int fd, char *p, unsigned long n) { return read(fd, p, n); }
// CHECK-LABEL: from_kernel:
// CHECK: b __heapfence_check.read
// CHECK-LABEL: __heapfence_check_slow.read:
// CHECK: ldr x17, [x17, :got_lo12:__heapfence_check_buffers]
// CHECK: ldr x15, [x15, :got_lo12:read]
// CHECK: add x16, x16, :lo12:.L__heapfence_buffers
// CHECK-NEXT: br x17
// CHECK-LABEL: __heapfence_check.read:
// The top byte may hold a tag: bits 30 to 55 tell the window.
// CHECK: ubfx [[W:x[0-9]+]], x1, #30, #26
// CHECK: cmp [[W]], x{{[0-9]+}}
