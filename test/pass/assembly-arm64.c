// If this fails, the fast path costs more than is promised on arm64: 7 instructions at an
// allocation site (9 in shared libraries, and where there is much thread-local data), none
// at a free site. (What free itself has more: e2e/build/free-fast-path.c.)
// LLVM 16 makes the frame that only the slow side needs in front of the guard.
// UNSUPPORTED: llvm-16
// RUN: %plain --target=aarch64-linux-gnu -O2 -fno-pic -fpass-plugin=%plugin -S %s -o - | %check %s --check-prefixes=BOTH,EXE
// RUN: %plain --target=aarch64-linux-gnu -O2 -fPIE -fpass-plugin=%plugin -S %s -o - | %check %s --check-prefixes=BOTH,EXE
// RUN: %plain --target=aarch64-linux-gnu -O2 -fPIC -fpass-plugin=%plugin -S %s -o - | %check %s --check-prefixes=BOTH,PIC
// RUN: %plain --target=aarch64-linux-gnu -O2 -fPIE -fplugin=%plugin -fpass-plugin=%plugin -Xclang -mllvm -Xclang -heapfence-large-tls -S %s -o - | %check %s --check-prefixes=BOTH,FAR
// RUN: %plain --target=aarch64-linux-gnu -O2 -fPIE -mbranch-protection=standard -fpass-plugin=%plugin -S %s -o - | %check %s --check-prefixes=BTI
typedef __SIZE_TYPE__ size_t;
void *malloc(size_t);
void free(void *);
// BOTH-LABEL: {{^}}allocate:
// EXE:          {{^}}	adrp	x[[P:[0-9]+]], {{.*}}__heapfence_weights
// EXE-NEXT:     {{^}}	ldr	w[[W:[0-9]+]], [x[[P]], :lo12:{{.*}}__heapfence_weights]
// EXE-NEXT:     //APP
// EXE-NEXT:     {{^}}	mrs	x16, TPIDR_EL0
// EXE-NEXT:     {{^}}	ldr	w[[T:[0-9]+]], [x16, :tprel_lo12_nc:__heapfence_countdown]
// EXE-NEXT:     {{^}}	sub	w[[T]], w[[T]], w[[W]]
// EXE-NEXT:     {{^}}	str	w[[T]], [x16, :tprel_lo12_nc:__heapfence_countdown]
// EXE-NEXT:     //NO_APP
// EXE-NEXT:     {{^}}	tbnz	w[[T]], #31, {{.*}}
// EXE-NEXT:     {{.*(%bb|LBB).*}}
// EXE-NEXT:     {{^}}	b	malloc
// PIC-COUNT-8:  {{^}}	{{[a-z]+}}	{{.*}}
// PIC-NEXT:     {{^}}	b.mi	{{.*}}
// PIC-NEXT:     {{.*(%bb|LBB).*}}
// PIC-NEXT:     {{^}}	b	malloc
// FAR-COUNT-8:  {{^}}	{{[a-z]+}}	{{.*}}
// FAR-NEXT:     {{^}}	b.mi	{{.*}}
// FAR-NEXT:     {{.*(%bb|LBB).*}}
// FAR-NEXT:     {{^}}	b	malloc
void *allocate(size_t n) { return malloc(n); }
// Signing the return address, where the slow side makes a call, is the compiler's.
// BTI-LABEL:  {{^}}allocate:
// BTI:        {{^}}	tbnz	{{.*}}
// BTI-NEXT:   {{.*(%bb|LBB).*}}
// BTI-NEXT:   {{^}}	b	malloc
// BOTH-LABEL: {{^}}release:
// BOTH:       {{^}}	stp	x29, x30,
// BOTH-NOT:   {{^}}	{{[a-ln-z]}}
// BOTH:       {{^}}	bl	free
// BOTH-NEXT:  //APP
// BOTH-NEXT:  {{^}}.Lheapfence_return[[N:[0-9]+]]:
// BOTH-NEXT:  .section	heapfence_returns,"ao",@progbits,.Lheapfence_return[[N]]
// BOTH:       {{^}}	ldp	x29, x30,
// BOTH:       {{^}}	ret
void release(void *p) { free(p); }
