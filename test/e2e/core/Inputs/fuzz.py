# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# fuzz.py TOOL CORE EXECUTABLE ROUNDS: spoils copies of a core file where it
# hurts: its headers and notes, HeapFence's tables, the stack. Fails if the tool
# ever does anything but end with 0 or 1 in ten seconds.
import os
import random
import struct
import subprocess
import sys

tool, core, executable, rounds = sys.argv[1:]
good = open(core, "rb").read()
programs, count = struct.unpack_from("<Q", good, 32)[0], struct.unpack_from("<H", good, 56)[0]
loads, notes = [], None
for at in range(programs, programs + 56 * count, 56):
    kind, _, offset, address, _, size, _, _ = struct.unpack_from("<IIQQQQQQ", good, at)
    if kind == 4:
        notes = (offset, size)
    elif kind == 1 and size:
        loads.append((address, offset, size))


def place(address, size):
    for begin, offset, length in loads:
        if begin <= address < begin + length:
            return offset + address - begin, size
    sys.exit(f"{address:#x} is not in the core")


block = good.find(struct.pack("<QI", 0x31656E6546706165, 2))
# The tail of the block: six numbers of 4 bytes, then addresses.
tables = block + struct.unpack_from("<I", good, block + 12)[0] - 4 * 6 - 8 * 8
sizes = struct.unpack_from("<6I", good, tables)
layout, slots, _, canary, modules, module_count, _, _ = struct.unpack_from("<8Q", good, tables + 24)
first_module = struct.unpack_from("<Q", good, place(modules, 8)[0])[0]
stack = max(loads)
places = [
    (0, programs + 56 * count),
    notes,
    (block, 256),
    (tables, 88),
    place(layout, 64),
    place(slots, 4 * sizes[1]),
    place(modules, 2 * sizes[5]),
    place(first_module, 96),
    (stack[1], stack[2]),
    (0, len(good)),
]

draw = random.Random(1)
numbers = [0, 1, 8, 0xFFFF, 1 << 31, 1 << 32, (1 << 63) - 1, (1 << 64) - 1, layout, slots]
spoilt = core + ".spoilt"
statuses = {0: 0, 1: 0}
for _ in range(int(rounds)):
    data = bytearray(good)
    edits = []
    if draw.randrange(10) == 0:
        edits.append(("cut", draw.randrange(len(data))))
        del data[edits[0][1] :]
    for _ in range(draw.randrange(1, 9)):
        begin, size = draw.choice(places)
        at = begin + draw.randrange(size)
        value = struct.pack("<Q", draw.choice(numbers))
        length = draw.choice((1, 1, 2, 4, 8))
        if length > 1:
            at -= at % length
        if length == 1:
            value = bytes([draw.randrange(256)])
        edits.append((at, value[:length]))
        if at + length <= len(data):
            data[at : at + length] = value[:length]
    with open(spoilt, "wb") as file:
        file.write(data)
    command = [tool, "core", "--quiet", spoilt, executable]
    if draw.randrange(4) == 0:
        command.append(hex(slots + draw.randrange(1 << 20)))
    done = subprocess.run(command, timeout=10, capture_output=True)
    if done.returncode not in statuses:
        sys.exit(f"status {done.returncode} after {edits}\n{done.stderr.decode()}")
    statuses[done.returncode] += 1
os.remove(spoilt)
print(statuses)
