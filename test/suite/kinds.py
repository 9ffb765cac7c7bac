# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The kinds of error, and the ways to allocate.

Tokens in the texts: P the pointer, N the object's size, LAST = N - 1, HALF = N / 2,
FREE the statement that frees P, OTHER a wrong one. README.md tells what BUG, ALLOC,
FREE and EXPECT mean in a comment."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Family:
    """A way to allocate, and the right way to free."""

    name: str
    alloc: str
    free: str = "free(P);"
    flush: int = 32  # A size that leaves no slack behind an object at the right.
    slack: int = 21  # One that does; 0: it cannot.
    can_be_empty: bool = True
    other_free: str = "delete P;"  # Of another family,
    other_size: str = ""  # with another size,
    other_alignment: str = ""  # or another alignment.


TEXT = "a text that is long enough for every string"

C_FAMILIES = [
    Family("malloc", "P = malloc(N);  // ALLOC"),
    Family("calloc", "P = calloc(1, N);  // ALLOC"),
    Family("realloc", "P = realloc(0, N);  // ALLOC"),
    Family("reallocarray", "P = reallocarray(0, N, 1);  // ALLOC"),
    Family("strdup", "P = strdup(TEXT);  // ALLOC", can_be_empty=False),
    Family("strndup", f'P = strndup("{TEXT}", LAST);  // ALLOC', can_be_empty=False),
    Family("aligned_alloc", "P = aligned_alloc(64, N);  // ALLOC", flush=128, slack=70),
    Family("memalign", "P = memalign(32, N);  // ALLOC", flush=64),
    Family(
        "posix_memalign",
        "void *block;\nif (posix_memalign(&block, 64, N))  // ALLOC\n  abort();\nP = block;",
        flush=64,
    ),
    Family("valloc", "P = valloc(N);  // ALLOC", flush=4096, slack=100),
]

CPP_FAMILIES = [
    Family(
        "new",
        "P = reinterpret_cast<char *>(new Bytes<N>);  // ALLOC",
        "delete reinterpret_cast<Bytes<N> *>(P);",
        can_be_empty=False,
        other_free="free(P);",
        other_size="delete reinterpret_cast<Bytes<HALF> *>(P);",
        other_alignment="::operator delete(P, std::align_val_t(64));",
    ),
    Family(
        "new-array",
        "P = new char[N];  // ALLOC",
        "delete[] P;",
        other_size="::operator delete[](P, size_t(HALF));",
        other_alignment="::operator delete[](P, std::align_val_t(64));",
    ),
    Family(
        "new-aligned",
        "P = static_cast<char *>(::operator new(N, std::align_val_t(64)));  // ALLOC",
        "::operator delete(P, std::align_val_t(64));",
        flush=128,
        other_free="free(P);",
        other_size="::operator delete(P, size_t(HALF), std::align_val_t(64));",
        other_alignment="::operator delete(P);",
    ),
    Family(
        "new-array-aligned",
        "P = reinterpret_cast<char *>(new Line<64>[2]);  // ALLOC",
        "delete[] reinterpret_cast<Line<64> *>(P);",
        flush=128,
        slack=0,
        can_be_empty=False,
        other_size="::operator delete[](P, size_t(HALF), std::align_val_t(64));",
        other_alignment="::operator delete[](P, std::align_val_t(32));",
    ),
    Family(
        "new-nothrow",
        "P = new (std::nothrow) char[N];  // ALLOC",
        "delete[] P;",
        other_free="free(P);",
    ),
    Family(
        "malloc",
        "P = static_cast<char *>(malloc(N));  // ALLOC",
        other_size="free_sized(P, HALF);",
    ),
    Family(
        "aligned_alloc",
        "P = static_cast<char *>(aligned_alloc(64, N));  // ALLOC",
        flush=128,
        slack=70,
        other_free="delete[] P;",
        other_size="free_aligned_sized(P, 64, HALF);",
        other_alignment="free_aligned_sized(P, 16, N);",
    ),
]


@dataclass(frozen=True)
class Kind:
    """An error: what is done to the object before it, the error, and the rest."""

    name: str
    expect: str
    act: str
    before: str = ""
    after: str = ""
    size: str = "flush"  # Or slack, or empty.
    needs: str = ""  # What the family must have.


KINDS = [
    Kind(
        "read-past",
        "READ heap-buffer-overflow with placement=right",
        "sink = P[bug ? N : LAST];  // BUG",
        after="FREE",
    ),
    Kind(
        "write-past",
        "WRITE heap-buffer-overflow or heap-corruption",
        "for (int k = 0; k != (bug ? N + 4 : N); ++k)\n  P[k] = (char)k;  // BUG",
        after="keep(P);\nFREE  // FREE",
    ),
    Kind(
        "write-slack",
        "heap-corruption or heap-buffer-overflow",
        "P[bug ? N : LAST] ^= 1;  // BUG",
        after="keep(P);\nFREE  // FREE",
        size="slack",
    ),
    Kind(
        "write-slack-kept",
        "heap-corruption or heap-buffer-overflow",
        "P[bug ? N : LAST] ^= 1;  // BUG",
        after="keep(P);",
        size="slack",
    ),
    Kind(
        "read-before",
        "READ heap-buffer-underflow with placement=left",
        "sink = P[bug ? -1 : 0];  // BUG",
        after="FREE",
    ),
    Kind(
        "write-before",
        "WRITE heap-buffer-underflow or heap-corruption",
        "for (int k = bug ? -4 : 0; k != N; ++k)\n  P[k] = (char)k;  // BUG",
        after="keep(P);\nFREE  // FREE",
    ),
    Kind(
        "read-freed",
        "READ heap-use-after-free",
        "sink = P[3];  // BUG",
        before="if (bug)\n  FREE  // FREE",
        after="if (!bug)\n  FREE",
    ),
    Kind(
        "write-freed",
        "WRITE heap-use-after-free",
        "P[LAST] = 1;  // BUG",
        before="if (bug)\n  FREE  // FREE",
        after="keep(P);\nif (!bug)\n  FREE",
    ),
    Kind("double-free", "double-free", "if (bug)\n  FREE  // BUG", before="FREE  // FREE"),
    Kind(
        "free-inside",
        "invalid-free",
        "P += bug ? 8 : 0;\nFREE  // BUG",
    ),
    Kind("free-before", "invalid-free", "P -= bug ? 16 : 0;\nFREE  // BUG"),
    Kind("free-after", "invalid-free", "P += bug ? N : 0;\nFREE  // BUG"),
    Kind(
        "read-empty",
        "READ heap-buffer-overflow",
        "if (bug)\n  sink = *P;  // BUG",
        after="FREE",
        size="empty",
    ),
    Kind(
        "write-empty",
        "WRITE heap-buffer-overflow",
        "if (bug)\n  *P = 1;  // BUG",
        after="keep(P);\nFREE",
        size="empty",
    ),
]
CPP_KINDS = [
    Kind(
        f"wrong-{what}",
        expect,
        # Else the optimizer makes one call of the two.
        "if (bug) {\n  OTHER  // BUG\n  sink = 1;\n} else {\n  FREE\n}",
        needs=f"other_{needs}",
    )
    for what, expect, needs in [
        ("family", "alloc-dealloc-mismatch", "free"),
        ("size", "sized-delete-mismatch", "size"),
        ("alignment", "aligned-delete-mismatch", "alignment"),
    ]
]
