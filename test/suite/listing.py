# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Reads from the sources which programs there are and what each declares."""

import re
from dataclasses import dataclass, field

MARKERS = ("BUG", "ALLOC", "FREE")


def identifier(name):
    """The C function of a program."""
    return re.sub("[.-]", "_", name).replace("+", "_cpp")


@dataclass
class Program:
    name: str  # kind.flow.what
    kinds: list = field(default_factory=list)  # Any of these reports is right.
    access: str = ""  # READ or WRITE, where it is declared.
    function: str = ""  # "in argument 2 of read()"
    placement: str = ""  # Where not every placement is to show it.
    marks: dict = field(default_factory=lambda: {m: set() for m in MARKERS})

    @property
    def kind(self):
        return self.name.split(".")[0]

    @property
    def flow(self):
        return self.name.split(".")[1]


EXPECT = re.compile(
    r"// EXPECT (?:(READ|WRITE) )?([a-z-]+(?: or [a-z-]+)*)"
    r"(?: (in argument \d+ of \w+\(\)))?(?: with placement=(left|right))?$"
)


def read(sources):
    """Returns {name: Program} of all the sources, {file name: text}."""
    programs = {}
    for file, text in sources.items():
        program = None
        for number, line in enumerate(text.splitlines(), 1):
            if line.startswith("//=== "):
                name = line.split()[1]
                program = programs.setdefault(name, Program(name))
            elif "// EXPECT" in line:
                match = EXPECT.match(line)
                if not match or not program or program.kinds:
                    raise ValueError(f"{file}:{number}: cannot be understood: {line}")
                program.access = match[1] or ""
                program.kinds = match[2].split(" or ")
                program.function = match[3] or ""
                program.placement = match[4] or ""
            for marker in MARKERS:
                if re.search(rf"// {marker}\b", line):
                    program.marks[marker].add(f"{file}:{number}")
    for program in programs.values():
        if not program.kinds:
            raise ValueError(f"{program.name} declares no report")
        if not program.marks["BUG"]:
            raise ValueError(f"{program.name} marks no line as its BUG")
    return programs
