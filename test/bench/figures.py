# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A figure that a measurement prints: its values, its bound, and whether it is held.

A command of test/bench makes Figures, prints them with `tell`, and, started with
`--json FILE`, appends them to FILE, a line each: from there test/bench/run takes
them.
"""

import json
import math
import statistics
import sys
from dataclasses import asdict, dataclass, field


@dataclass
class Figure:
    section: str            # the command, or a part of it
    name: str
    unit: str               # "us", "%", "instructions", "x", ...
    values: list            # of the rounds; min, median and max are told
    bound: float = None     # of the median
    at_least: bool = False  # the bound is a least, not a most
    aim: float = None       # wished for, not asked for
    x: float = None         # for a plot: where on the x axis
    arm: str = None         # for a table: whose figure it is
    notes: list = field(default_factory=list)
    fails: bool = False     # its command fails if it is not held: no noise in it

    @property
    def full_name(self):
        return f"{self.name}, {self.arm}" if self.arm else self.name

    @property
    def median(self):
        return statistics.median(self.values)

    @property
    def is_held(self):
        if self.bound is None:
            return None
        return (self.median >= self.bound if self.at_least
                else self.median <= self.bound)

    @property
    def verdict(self):
        return {None: "", True: "held", False: "not held"}[self.is_held]


def geomean(ratios):
    return math.exp(statistics.fmean(map(math.log, ratios)))


def standard_error(values):
    """Of their mean; of two at least."""
    return statistics.stdev(values) / math.sqrt(len(values))


def number(value):
    """Four digits at least, none that say nothing."""
    if value == int(value) or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.{2 if abs(value) >= 10 else 3}f}"


def tell(figures, json_path=None):
    """Prints one line each."""
    for f in figures:
        spread = (f"  ({number(min(f.values))} to {number(max(f.values))})"
                  if len(f.values) > 1 else "")
        bound = ("" if f.bound is None else
                 f"  bound {'>=' if f.at_least else '<='} {number(f.bound)}: "
                 f"{f.verdict}")
        print(f"{f.full_name:58} {number(f.median):>12} {f.unit}{spread}{bound}",
              flush=True)
        for note in f.notes:
            print(f"    {note}")
    if json_path:
        with open(json_path, "a") as out:
            for f in figures:
                out.write(json.dumps(asdict(f)) + "\n")


def conclude(figures):
    """Ends the command, with 1 if a figure that `fails` is not held."""
    bound = [f for f in figures if f.bound is not None]
    held = sum(f.is_held for f in bound)
    failed = [f.name for f in bound if f.fails and not f.is_held]
    print(f"{held} of {len(bound)} bounds held" +
          "".join(f"; failed: {name}" for name in failed))
    sys.exit(1 if failed else 0)


def load(json_path):
    with open(json_path) as lines:
        return [Figure(**json.loads(line)) for line in lines]
