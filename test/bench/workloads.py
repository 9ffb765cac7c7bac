# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The programs that are measured as a whole, and how long each is made to run."""

import os
import re
import sys
from dataclasses import dataclass

from command import BENCH, BUILD

CORPUS, STRESS = "corpus", "bench/programs"


@dataclass(frozen=True)
class Program:
    kind: str         # where it is built, in build/
    binary: str
    arguments: list   # "{n}" stands for the scale
    counted: int      # the scale to be run under callgrind, some fifty times slower;
    brief: int        # to take some 0.4 s;
    long: int         # and 5 s or more
    alone: tuple = ()  # added, it runs as one thread

    def command(self, scale):
        """Without the binary."""
        return [a.format(n=scale) for a in self.arguments]


# They rely on variables that an earlier repetition has changed; or look for a name
# that no earlier one has taken, in /tmp.
NOT_REPEATABLE = ("Int32FromEnvOrDieTest.ParsesAndReturnsValidValue:"
                  "Pred1Test.SingleEvaluationOnFailure:FlagfileTest.*")

PROGRAMS = {
    # The scale of SQLite is how often its workload is run.
    "sqlite": Program(CORPUS, "sqlite3", ["-batch", "-bail", "-init", "/dev/null",
                                          ":memory:"], 1, 1, 15),
    "libxml2": Program(CORPUS, "workload", ["{n}"], 600, 3000, 25_000),
    "re2": Program(CORPUS, "workload", ["{n}"], 1000, 6000, 140_000),
    "leveldb": Program(CORPUS, "workload", ["database", "{n}"], 8000, 40_000, 650_000),
    "lmdb": Program(CORPUS, "workload", ["database", "{n}"], 4000, 40_000, 320_000),
    "googletest": Program(CORPUS, "googletest/gtest_unittest",
                          ["--gtest_print_time=0", "--gtest_repeat={n}",
                           f"--gtest_filter=-{NOT_REPEATABLE}"], 1, 30, 400),
    "handoff": Program(STRESS, "handoff", ["{n}"], 5, 200, 2800, ("0",)),
    "server": Program(STRESS, "server", ["{n}"], 2, 50, 1500, ("0",)),
    "trees": Program(STRESS, "trees", ["{n}"], 4, 500, 8500),
    "sizes": Program(STRESS, "sizes", ["{n}"], 4, 300, 4000),
    "strings": Program(STRESS, "strings", ["{n}"], 4, 100, 1300),
    "messages": Program(STRESS, "messages", ["{n}"], 5, 60, 800, ("0",)),
    "files": Program(STRESS, "files", ["{n}"], 20, 400, 5000),
}


def unknown(names):
    """A sentence about those that there are not, or None."""
    wrong = sorted(set(names) - set(PROGRAMS))
    return (f"no program {', '.join(wrong)}; there are {', '.join(PROGRAMS)}"
            if wrong else None)


def build_folder(name, variant):
    kind = PROGRAMS[name].kind
    return os.path.join(BUILD, kind, *([name] if kind == CORPUS else []), variant)


def binary(name, variant):
    path = os.path.join(build_folder(name, variant), PROGRAMS[name].binary)
    if not os.path.exists(path):
        builder = (f"test/corpus/run --quick {name}" if PROGRAMS[name].kind == CORPUS
                   else f"test/bench/programs/build {variant}")
        sys.exit(f"{path} is missing: run {builder}.")
    return path


def standard_input(name, scale):
    """The text to be read by a run."""
    if name != "sqlite":
        return ""
    with open(os.path.join(BENCH, "../corpus/sqlite/workload.sql")) as script:
        text = script.read()
    if scale == 0:  # a tenth of its rows
        scale = 1
        text = re.sub(r"((?:<|<=|%) )(\d+)000\b", r"\g<1>\g<2>00", text)
    return "".join(f".open work{i}.db\n{text}\n" for i in range(scale))
