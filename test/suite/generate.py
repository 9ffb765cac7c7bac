# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes the systematic programs: each kind of error along each flow, with the
allocation functions in turn, and each kind with each allocation function.

Tokens in the texts below: P the pointer, N the object's size, LAST = N - 1, HALF
= N / 2, FREE the statement that frees P. README.md tells what BUG, ALLOC, FREE and
EXPECT mean in a comment."""

import re
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


AT_ONCE = "WRITE heap-{} or heap-corruption"
CORRUPT = "heap-corruption or heap-{}"

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

# @alloc X: allocates X. @use X: a legal use of all of it. @before X, @act X and
# @after X: the kind's three parts. @rest X: the same together. @free X: the
# right free of another object. What follows ==== is in a file of its own.
C_FLOWS = {
    "direct": """
PROGRAM(@id) {
  char *p;
  @alloc p
  @use p
  @rest p
}
""",
    "field": """
PROGRAM(@id) {
  struct box b = {1, 0};
  @alloc b.data
  @use b.data
  @rest b.data
}
""",
    "heap-field": """
PROGRAM(@id) {
  struct box *b = malloc(sizeof *b);
  @alloc b->data
  @use b->data
  @rest b->data
  free(b);
}
""",
    "callback": """
static void spoil_@id(char *p) {
  @rest p
}

PROGRAM(@id) {
  char *p;
  @alloc p
  @use p
  call_with(spoil_@id, p);
}
""",
    "functions": """
static NOINLINE char *make_@id(void) {
  char *p;
  @alloc p
  return p;
}

static NOINLINE void prepare_@id(char *p) {
  @before p
  keep(p);
}

static NOINLINE void spoil_@id(char *p) {
  @act p
  keep(p);
}

PROGRAM(@id) {
  char *p = make_@id();
  @use p
  prepare_@id(p);
  spoil_@id(p);
  @after p
}
""",
    "units": """
char *make_@id(void);
void prepare_@id(char *p);
void finish_@id(char *p);

PROGRAM(@id) {
  char *p = make_@id();
  @use p
  prepare_@id(p);
  @act p
  finish_@id(p);
}
====
char *make_@id(void) {
  char *p;
  @alloc p
  return p;
}

void prepare_@id(char *p) {
  @before p
}

void finish_@id(char *p) {
  @after p
}
""",
    "loop": """
PROGRAM(@id) {
  for (int i = 0; i != 4; ++i) {
    char *p;
    @alloc p
    @use p
    if (i != 2) {
      @free p
      continue;
    }
    @rest p
  }
}
""",
    "thread": """
static void spoil_@id(char *p) {
  @act p
}

PROGRAM(@id) {
  char *p;
  @alloc p
  @use p
  @before p
  call_in_thread(spoil_@id, p);
  @after p
}
""",
    "table": """
PROGRAM(@id) {
  char **table = 0;
  for (int i = 0; i != 5; ++i) {
    table = realloc(table, (i + 1) * sizeof *table);
    @alloc table[i]
    @use table[i]
  }
  @rest table[3]
  for (int i = 0; i != 5; ++i)
    if (i != 3)
      @free table[i]
  free(table);
}
""",
    "list": """
PROGRAM(@id) {
  struct node *head = 0;
  for (int i = 0; i != 3; ++i) {
    struct node *n = malloc(sizeof *n);
    @alloc n->data
    @use n->data
    n->next = head;
    head = n;
  }
  struct node *second = head->next;
  @rest second->data
  @free head->data
  @free second->next->data
  free(second->next);
  free(second);
  free(head);
}
""",
    "moved": """
PROGRAM(@id) {
  char *p;
  @alloc-other p
  @use p
  p = realloc(p, @moved);  // ALLOC
  use(p, @moved);
  @rest-moved p
}
""",
    "recursion": """
static void down_@id(int depth, char *p) {
  if (depth) {
    down_@id(depth - 1, p);
    keep(p);
    return;
  }
  @rest p
}

PROGRAM(@id) {
  char *p;
  @alloc p
  @use p
  down_@id(3, p);
}
""",
    "cleanup": """
PROGRAM(@id) {
  char *p;
  @alloc p
  @use p
  @before p
  keep(p);
  if (sink == 12345)
    goto out;
  sink = 1;
out:
  @act p
  @after p
}
""",
    "at-exit": """
static char *kept_@id;

static void last_@id(void) {
  char *p = kept_@id;
  @rest p
}

PROGRAM(@id) {
  @alloc kept_@id
  @use kept_@id
  atexit(last_@id);
}
""",
}

CPP_FLOWS = {
    "direct": C_FLOWS["direct"],
    "class": """
namespace {
class Owner_@id {
public:
  Owner_@id() {
    @alloc Data
    @use Data
  }
  void spoil() {
    @before Data
    @act Data
  }
  ~Owner_@id() {
    @after Data
  }

private:
  char *Data;
};
} // namespace

PROGRAM(@id) {
  Owner_@id Owner;
  Owner.spoil();
}
""",
    "destructor": """
namespace {
struct Owner_@id {
  char *Data;
  ~Owner_@id() {
    @rest Data
  }
};
} // namespace

PROGRAM(@id) {
  char *p;
  @alloc p
  @use p
  Owner_@id Owner{p};
}
""",
    "lambda": """
PROGRAM(@id) {
  char *p;
  @alloc p
  @use p
  std::function<void()> Later = [p]() mutable {
    @rest p
  };
  Later();
}
""",
    "vector": """
PROGRAM(@id) {
  std::vector<char *> All;
  for (int i = 0; i != 3; ++i) {
    char *p;
    @alloc p
    @use p
    All.push_back(p);
  }
  @free All[0]
  @free All[2]
  @rest All[1]
}
""",
    "map": """
PROGRAM(@id) {
  std::map<int, char *> All;
  char *p;
  @alloc p
  @use p
  All[7] = p;
  char *&q = All.find(7)->second;
  @rest q
}
""",
    "exception": """
PROGRAM(@id) {
  char *p;
  @alloc p
  @use p
  try {
    @before p
    throw p;
  } catch (char *q) {
    @act q
    @after q
  }
}
""",
    "virtual": """
namespace {
struct Spoiler_@id : Actor {
  void act(char *p) override {
    @rest p
  }
};
} // namespace

PROGRAM(@id) {
  char *p;
  @alloc p
  @use p
  std::unique_ptr<Actor> Spoiler = std::make_unique<Spoiler_@id>();
  Spoiler->act(p);
}
""",
    "template": """
namespace {
template <typename T> void spoil_@id(T p) {
  @rest p
}
} // namespace

PROGRAM(@id) {
  char *p;
  @alloc p
  @use p
  spoil_@id(p);
}
""",
    "thread": """
PROGRAM(@id) {
  char *p;
  @alloc p
  @use p
  @before p
  std::thread Other([=]() mutable {
    @act p
  });
  Other.join();
  @after p
}
""",
    "unique_ptr": """
namespace {
struct Drop_@id {
  void operator()(char *p) const {
    @rest p
  }
};
} // namespace

PROGRAM(@id) {
  char *p;
  @alloc p
  @use p
  std::unique_ptr<char, Drop_@id> Owner(p);
  sink = *Owner;
}
""",
    "units": C_FLOWS["units"],
}

HEAD = {
    "c": """#include "suite.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

struct box {
  int tag;
  char *data;
};
struct node {
  struct node *next;
  char *data;
};
""",
    "cpp": """#include "suite.h"

#include <functional>
#include <map>
#include <memory>
#include <new>
#include <stdlib.h>
#include <thread>
#include <vector>

extern "C" void free_sized(void *, size_t);
extern "C" void free_aligned_sized(void *, size_t, size_t);

struct Actor {
  virtual void act(char *p) = 0;
  virtual ~Actor() = default;
};
""",
}

# Calls that are handed a buffer: function, what it does with it, the argument,
# and the call. No length is a constant: the compiler copies and fills short ones by
# instructions.
BUFFER_CALLS = [
    ("read", "WRITE", 2, "read(zeros(), P, N)"),
    ("pread", "WRITE", 2, "pread(zeros(), P, N, 0)"),
    ("readv", "WRITE", 2, "readv(zeros(), &(struct iovec){P, N}, 1)"),
    ("recv", "WRITE", 2, "recv(peer(), P, N, 0)"),
    ("recvfrom", "WRITE", 2, "recvfrom(peer(), P, N, 0, 0, 0)"),
    ("write", "READ", 2, "write(nowhere(), P, N)"),
    ("pwrite", "READ", 2, "pwrite(nowhere(), P, N, 0)"),
    ("writev", "READ", 2, "writev(nowhere(), &(struct iovec){P, N}, 1)"),
    ("send", "READ", 2, "send(peer(), P, N, 0)"),
    ("sendto", "READ", 2, "sendto(peer(), P, N, 0, 0, 0)"),
    ("fread", "WRITE", 1, "fread(P, 1, N, file())"),
    ("fwrite", "READ", 1, "fwrite(P, 1, N, file())"),
    ("fgets", "WRITE", 1, "fgets(P, N, file()) != 0"),
    ("snprintf", "WRITE", 1, 'snprintf(P, N, "%d", sink)'),
    ("strncpy", "WRITE", 1, 'strncpy(P, "text", N) != 0'),
    ("qsort", "WRITE", 1, "(qsort(P, N, 1, compare), 0)"),
    ("memcpy", "WRITE", 1, "memcpy(P, elsewhere, N) != 0"),
    ("memmove", "READ", 2, "memmove(anywhere(), P, N) != 0"),
    ("memset", "WRITE", 1, "memset(P, 0, N) != 0"),
    ("memcmp", "READ", 1, "memcmp(P, elsewhere, N)"),
]
BUFFER_HEAD = """#define _GNU_SOURCE
#include "suite.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

static char elsewhere[4096];

/* Else a memmove is a memcpy. */
static char *anywhere(void) {
  char *p = elsewhere;
  keep(&p);
  return p;
}
static int zeros(void) { return open("/dev/zero", O_RDONLY); }
static int nowhere(void) { return open("/dev/null", O_WRONLY); }
static FILE *file(void) { return fopen("/dev/null", "r+"); }
static int peer(void) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_DGRAM, 0, ends))
    abort();
  if (write(ends[1], elsewhere, 64) != 64)
    abort();
  return ends[0];
}
static int compare(const void *a, const void *b) {
  return *(const char *)a - *(const char *)b;
}
"""


def size_of(kind, family):
    if kind.size == "empty":
        return 0
    return family.flush if kind.size == "flush" else family.slack


def is_possible(kind, family):
    if kind.needs and not getattr(family, kind.needs):
        return False
    if kind.size == "empty":
        return family.can_be_empty
    return size_of(kind, family) > 0


def is_possible_in(kind, flow):
    # One makes the object larger, the other looks at its first byte.
    return not (kind.size == "empty" and flow in ("moved", "unique_ptr"))


def fill(text, pointer, size, family, kind):
    other = getattr(family, kind.needs) if kind.needs else ""
    text = re.sub(r"\bOTHER\b", lambda _: other, text)
    text = re.sub(r"(?<!// )\bFREE\b", lambda _: family.free, text)
    for token, value in [
        ("TEXT", f'"{TEXT[: max(size - 1, 0)]}"'),
        ("LAST", str(size - 1)),
        ("HALF", str(size // 2)),
        ("N", str(size)),
        ("P", pointer),
    ]:
        # Comments name markers, not tokens.
        text = re.sub(rf"(?<!//)(?<!// )\b{token}\b", lambda _: value, text)
    return re.sub(rf"\b{size} \+ 4\b", str(size + 4), text)


def expand(flow, kind, family, identifier):
    """The text of one program."""
    size = size_of(kind, family)
    malloced = Family("malloc", "")  # What realloc returns goes to free.
    moved_size = 21 if kind.size == "slack" else 32
    out = []
    for line in flow.strip("\n").splitlines():
        line = line.replace("@id", identifier).replace("@moved", str(moved_size))
        match = re.match(r"( *)@([a-z-]+) (.*)$", line)
        if not match:
            out.append(line)
            continue
        indent, word, pointer = match.groups()
        whole = "\n".join(filter(None, [kind.before, kind.act, kind.after]))
        text, of, bytes_ = {
            "alloc": (family.alloc, family, size),
            "alloc-other": (family.alloc.replace("  // ALLOC", ""), family, size),
            "use": ("use(P, N);", family, size),
            "free": ("FREE", family, size),
            "before": (kind.before, family, size),
            "act": (kind.act, family, size),
            "after": (kind.after, family, size),
            "rest": (whole, family, size),
            "rest-moved": (whole, malloced, moved_size),
        }[word]
        out += [indent + l for l in fill(text, pointer, bytes_, of, kind).splitlines()]
    return "\n".join(out) + "\n"


def generated(language):
    """Yields (flow, kind, family) for each program, each once."""
    flows = C_FLOWS if language == "c" else CPP_FLOWS
    families = C_FAMILIES if language == "c" else CPP_FAMILIES
    kinds = KINDS if language == "c" else KINDS + CPP_KINDS
    turn = 0
    for flow in flows:
        for kind in kinds:
            possible = [f for f in families if is_possible(kind, f)]
            if flow == "direct":
                yield from ((flow, kind, f) for f in possible)
            elif is_possible_in(kind, flow):
                yield flow, kind, possible[turn % len(possible)]
                turn += 1
        turn += 1


def buffer_programs():
    for function, how, argument, call in BUFFER_CALLS:
        for kind, head in [
            ("buffer-past", f"{how} heap-buffer-overflow"),
            ("buffer-freed", f"{how} heap-use-after-free"),
        ]:
            name = f"{kind}.call.{function}"
            is_past = kind == "buffer-past"
            code = call.replace("P", "p").replace("N", "20 + bug" if is_past else "19 + bug")
            body = [
                "char *p = malloc(20);  // ALLOC",
                "use(p, 20);",
                "" if is_past else "if (bug)\n  free(p);  // FREE",
                f"sink = {code};  // BUG",
                "keep(p);",
                "free(p);" if is_past else "if (!bug)\n  free(p);",
            ]
            lines = "\n".join(filter(None, body)).splitlines()
            yield name, (
                f"//=== {name}\n// EXPECT {head} in argument {argument} of {function}()\n"
                + f"PROGRAM({re.sub('[.-]', '_', name)}) {{\n"
                + "".join(f"  {line}\n" for line in lines)
                + "}\n"
            )


def sources(choose):
    """Returns {file name: text} of the programs whose name `choose` accepts."""
    files = {}

    def add(file, head, text):
        files.setdefault(file, head)
        files[file] += "\n" + text

    for language in ("c", "cpp"):
        flows = C_FLOWS if language == "c" else CPP_FLOWS
        for flow, kind, family in generated(language):
            name = f"{kind.name}.{flow}.{family.name}" + ("+" if language == "cpp" else "")
            if not choose(name):
                continue
            identifier = re.sub("[.-]", "_", name).replace("+", "_cpp")
            parts = expand(flows[flow], kind, family, identifier).split("====\n")
            head = f"//=== {name}\n"
            add(f"{flow}.{language}", HEAD[language],
                f"{head}// EXPECT {kind.expect}\n{parts[0]}")
            for part in parts[1:]:
                add(f"{flow}-other.{language}", HEAD[language], head + part)
    for name, text in buffer_programs():
        if choose(name):
            add("buffers.c", BUFFER_HEAD, text)
    return files
