# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The programs with dormant bugs: their builds, workloads and sites."""

import array
import hashlib
import os
import subprocess
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
BUILD = Path(os.environ.get("HEAPFENCE_BUILD", ROOT / "build"))
RESULTS = BUILD / "bench"

KINDS = ["short-alloc", "early-free", "double-free", "dangling-read"]


# How many times 0.3 s of CPU time the workloads take, about.
scale = 3


def sqlite_script():
    """The corpus workload on fewer rows, over and over, each time in a new
    database."""
    text = (ROOT / "test/corpus/sqlite/workload.sql").read_text()
    for rows, fewer in (("i < 40000", "i < 24000"), ("i < 3000", "i < 2000"),
                        ("% 3000", "% 2000"), ("<= 15000", "<= 9000"),
                        ("<= 8000", "<= 5000"), ("<= 5000", "<= 3000")):
        assert rows in text, rows
        text = text.replace(rows, fewer)
    text = "".join(f".open work{i}.db\n{text}\n" for i in range(scale))
    path = RESULTS / f"sqlite-{scale}.sql"
    RESULTS.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_text() != text:
        path.write_text(text)
    return path


def arguments(name):
    """Of the workload, which runs in an empty folder."""
    return {
        "sqlite": ["sqlite3", "-batch", "-bail", "-init", "/dev/null",
                   ":memory:"],
        "libxml2": ["workload", str(2400 * scale)],
        "re2": ["workload", str(4000 * scale)],
        "leveldb": ["workload", "database", str(30000 * scale)],
    }[name]


@dataclass(frozen=True)
class Site:
    """A site, by what it is and not by its number in one build."""
    kind: str
    file: str
    line: int
    column: int
    function: str
    ordinal: int  # among sites that are alike

    def __str__(self):
        return (f"{self.kind} {self.file}:{self.line}:{self.column} "
                f"{self.function} #{self.ordinal}")


class Program:
    def __init__(self, name):
        self.name = name
        self.folders = {}
        self.numbers = {}  # by variant: site -> number

    def build(self, variant):
        out = subprocess.run([HERE / "build", self.name, variant], check=True,
                             stdout=subprocess.PIPE, text=True).stdout
        self.folders[variant] = Path(out.splitlines()[-1])

    def command(self, variant):
        first, *rest = arguments(self.name)
        return [str(self.folders[variant] / first), *rest]

    def input(self):
        return sqlite_script() if self.name == "sqlite" else os.devnull

    def binary_hash(self, *variants):
        digest = hashlib.sha256()
        for variant in variants:
            digest.update(Path(self.command(variant)[0]).read_bytes())
        digest.update(Path(self.input()).read_bytes())
        digest.update(repr(arguments(self.name)).encode())
        return digest.hexdigest()[:12]

    def load_sites(self, variant):
        """Asks the program for its sites."""
        out = subprocess.run(self.command(variant)[:1], check=True,
                             env={**os.environ, "MUTANT": "list"},
                             stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                             text=True).stdout
        seen = Counter()
        numbers = {}
        for row in out.splitlines():
            number, kind, file, line, column, function = row.split("\t")
            alike = (kind, file, int(line), int(column), function)
            numbers[Site(*alike, seen[alike])] = int(number)
            seen[alike] += 1
        self.numbers[variant] = numbers


def read_counts(path):
    """What MUTANT_COUNT wrote: executions by site number."""
    counts = array.array("I")
    try:
        counts.frombytes(Path(path).read_bytes())
    except FileNotFoundError:
        pass
    return counts
