# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The instructions of a program."""

import re

from command import output


def disassemble(program, function=None):
    """(address, mnemonic, operands) of each instruction, of `function` alone if it is
    named. Operands are "" where there are none."""
    chosen = [f"--disassemble-symbols={function}"] if function else []
    text = output(["llvm-objdump-22", "-d", "--no-show-raw-insn", *chosen, program])
    return [(int(m[1], 16), m[2], m[3] or "") for m in re.finditer(
        r"^ *([0-9a-f]+): *\t(\w+)(?:[ \t]+([^#\n]*))?", text, re.M)]
