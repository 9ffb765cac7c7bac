# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes the programs that hand functions of the C library a buffer that is too small,
or freed."""

import re

from listing import identifier

# Calls that are handed a buffer: function, what it does with it, the argument,
# and the call. No length is a constant: the compiler copies and fills short ones by
# instructions.
CALLS = [
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
HEAD = """#define _GNU_SOURCE
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


def programs():
    """Yields the name and the text of each."""
    for function, how, argument, call in CALLS:
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
                + f"PROGRAM({identifier(name)}) {{\n"
                + "".join(f"  {line}\n" for line in lines)
                + "}\n"
            )
