# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The gdb command `heapfence ADDRESS`: what HeapFence knows of an address, in a
stopped process or a core file. Runs the tool `heapfence`, and nothing in the
process. Load it with gdb's `source`."""

import os
import re
import shutil
import subprocess

import gdb

_HERE = os.path.dirname(os.path.realpath(__file__))


def _tool():
    """The tool that this file was installed or built with, else one in PATH."""
    for above, path in (("../../..", "bin"), ("../..", "build/bin")):
        tool = os.path.join(_HERE, above, path, "heapfence")
        if os.access(tool, os.X_OK):
            return tool
    tool = shutil.which("heapfence")
    if not tool:
        raise gdb.GdbError("The tool heapfence is not in PATH.")
    return tool


def _address(expression):
    value = gdb.parse_and_eval(expression)
    kind = value.type.strip_typedefs().code
    if kind in (gdb.TYPE_CODE_ARRAY, gdb.TYPE_CODE_STRUCT, gdb.TYPE_CODE_UNION):
        value = value.address
    return hex(int(value.cast(gdb.lookup_type("unsigned long"))))


def _core_file():
    """The path of the core file that is looked at; None: there is none."""
    files = gdb.execute("info files", to_string=True)
    found = re.search(r"^Local core dump file:\s*`(.*)', file type", files, re.M)
    return found and found[1]


def _is_here():
    """Whether the process runs on this machine, under this gdb."""
    connection = getattr(gdb.selected_inferior(), "connection", None)
    return connection is None or connection.type == "native"


class HeapFenceCommand(gdb.Command):
    """Tell what HeapFence knows of an address.
Usage: heapfence EXPRESSION
The live or freed object in or near it, and who allocated and freed that.
After a fault: heapfence $_siginfo._sifields._sigfault.si_addr"""

    def __init__(self):
        super().__init__("heapfence", gdb.COMMAND_DATA, gdb.COMPLETE_EXPRESSION)

    def invoke(self, argument, from_tty):
        if not argument:
            raise gdb.GdbError("Usage: heapfence EXPRESSION")
        core, pid = _core_file(), gdb.selected_inferior().pid
        if core:
            program = gdb.current_progspace().filename
            command = ["core", core, program or "", _address(argument)]
        elif pid and _is_here():
            command = ["describe", str(pid), _address(argument)]
        else:
            raise gdb.GdbError("There is no process of this machine.")
        done = subprocess.run(
            [_tool()] + command, capture_output=True, encoding="utf-8", errors="replace"
        )
        gdb.write(done.stdout)
        if done.returncode:
            raise gdb.GdbError(done.stderr.strip())


HeapFenceCommand()
