# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""How many instructions a program executes, by callgrind.

Under valgrind HeapFence stands down, and the heap of every program lies in the
lower half of the address space. There the test of whether an address is guarded
takes instructions that it does not take for the addresses of other processes
(abi.h, X86OutsideBit): they are counted apart, by where they are in the code. (What
they do for null, which is low in any process, counts as well.)
"""

import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass

from command import environment
from disassembly import disassemble

OUTSIDE_BIT = "$0x2e"
# Where valgrind loads position-independent programs. Code outside .text it tells by
# the address in memory, of no object.
LOADED_AT = 0x108000


@dataclass(frozen=True)
class Executed:
    total: int
    for_low_addresses: int = 0  # of these

    @property
    def usual(self):
        return self.total - self.for_low_addresses


def low_address_code(program):
    """The addresses of the instructions that are executed for low addresses alone:
    from where the test of the bit goes to the jump, or the way, back."""
    code = disassemble(program)
    at = {address: i for i, (address, _, _) in enumerate(code)}
    found = set()
    for i, (_, what, operands) in enumerate(code[:-1]):
        if not (what.startswith("bt") and operands.startswith(OUTSIDE_BIT)):
            continue
        _, jump, target = code[i + 1]
        target = re.match(r"0x([0-9a-f]+)", target)
        if jump not in ("jae", "jb") or not target:
            sys.exit(f"callgrind: {program}: a test of the bit without its jump, "
                     f"at {code[i][0]:x}")
        low, back = at[int(target[1], 16)], i + 2
        if jump == "jb":
            low, back = back, low
        while low != back:
            found.add(code[low][0])
            if code[low][1].startswith("jmp"):
                break
            low += 1
    return found


def costs(profile, program):
    """Self cost of each instruction of `program`, by its address in the file."""
    seen = Counter()
    is_call = False
    loaded_at = None
    biases = {os.path.basename(program): 0, "???": LOADED_AT}
    with open(profile) as lines:
        for line in lines:
            if line.startswith("ob="):
                loaded_at = biases.get(os.path.basename(line[3:].strip()))
            elif line.startswith("calls="):
                is_call = True  # The next line's is the cost of what is called.
            elif line.startswith("0x"):
                if loaded_at is not None and not is_call:
                    address, cost = line.split()
                    seen[int(address, 16) - loaded_at] += int(cost)
                is_call = False
    return seen


def collect(program, arguments, options=(), profile=os.devnull, **how):
    """Runs `program` under callgrind, and no options of HeapFence's; `how` is for
    subprocess. Returns: the instructions executed."""
    out = subprocess.run(
        ["valgrind", "--tool=callgrind", *options, f"--callgrind-out-file={profile}",
         program, *arguments], env=environment(""), stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, text=True, **how)
    # The last is its own: processes that it forked have ended before.
    total = re.findall(r"Collected : (\d+)", out.stderr)
    if out.returncode or not total:
        sys.exit(f"callgrind: {program} fails under valgrind:\n{out.stderr[-500:]}")
    return int(total[-1])


def count(program, arguments, source=os.devnull):
    """Runs `program`, with `source` as its standard input, in an empty folder."""
    with tempfile.TemporaryDirectory() as folder, open(source) as stdin:
        # Valgrind cannot read all debug information that compilers write.
        copy = os.path.join(folder, "program")
        profile = os.path.join(folder, "profile")
        scratch = os.path.join(folder, "scratch")
        os.mkdir(scratch)
        subprocess.run(["objcopy", "--strip-debug", program, copy], check=True)
        total = collect(copy, arguments,
                        ["--dump-instr=yes", "--dump-line=no", "--compress-pos=no",
                         "--compress-strings=no"], profile, cwd=scratch, stdin=stdin)
        low = low_address_code(copy)
        if not low:
            return Executed(total)
        seen = costs(profile, copy)
        return Executed(total, sum(seen[a] for a in low))
