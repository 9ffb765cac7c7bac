# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Links a program again, its functions and data in another order.

How fast a program runs depends on where its code and its objects happen to lie, by
more than what is to be measured. So each round has layouts of its own: of code and
data (by the linker), of the heap (layout.c), of the stack (the size of the
environment), and of all addresses (by the kernel).
"""

import os
import subprocess

from command import BENCH
from workloads import PROGRAMS, binary, build_folder

SHUFFLED = (".text*", ".rodata*", ".data*", ".bss*")


def compile_start(folder):
    """layout.c, without HeapFence in any arm."""
    path = os.path.join(folder, "layout.o")
    subprocess.run(["clang-22", "-O2", "-c", os.path.join(BENCH, "layout.c"), "-o", path],
                   check=True)
    return path


def link_command(name, variant):
    binary(name, variant)
    target = PROGRAMS[name].binary
    commands = subprocess.run(
        ["ninja", "-C", build_folder(name, variant), "-t", "commands", target],
        check=True, capture_output=True, text=True).stdout.strip().splitlines()
    before, output, after = commands[-1].partition(f" -o {target} ")
    assert output, commands[-1]
    return before, after


def link(name, variant, seed, start, output):
    before, after = link_command(name, variant)
    flags = " ".join(f"'-Wl,--shuffle-sections={s}={seed}'" for s in SHUFFLED)
    subprocess.run(
        f"{before} -o {output} -fuse-ld=lld -Wl,--strip-debug {flags} {start} {after}",
        shell=True, check=True, cwd=build_folder(name, variant),
        stdout=subprocess.DEVNULL)


def environment(random):
    """What a run's environment has more."""
    return {"LAYOUT": str(random.randrange(1 << 16)), "PADDING": "x" * random.randrange(4096)}
