# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Checks the static branches of a linked program: each record's branch is a nop
of 5 bytes within a naturally aligned word of 8, and its slow side loads a site.
Prints how many there are.
"""
import struct
import subprocess
import sys

path = sys.argv[1]
sections = []
for line in subprocess.run(
    ["readelf", "-SW", path], capture_output=True, text=True, check=True
).stdout.splitlines():
    fields = line.split("]", 1)[-1].split()
    if len(fields) > 8 and len(fields[2]) == 16:
        sections.append((fields[0], *(int(f, 16) for f in fields[2:5])))
data = open(path, "rb").read()


def at(address, size):
    for name, start, offset, length in sections:
        if start and start <= address < start + length:
            return name, data[offset + address - start :][:size]
    sys.exit(f"nothing at {address:#x}")


count = 0
for name, start, offset, length in sections:
    if name != "heapfence_branches":
        continue
    for record in range(start, start + length, 12):
        branch, slow, site = (
            record + 4 * i + v
            for i, v in enumerate(struct.unpack("<iii", at(record, 12)[1]))
        )
        if at(branch, 5)[1] != bytes.fromhex("0f1f440000"):
            sys.exit(f"no nop at {branch:#x}")
        if branch % 8 > 3:
            sys.exit(f"the branch at {branch:#x} straddles two words")
        if at(site, 1)[0] != "heapfence_sites":
            sys.exit(f"no site at {site:#x}")
        # lea site(%rip), %r10; mov $site, %r10d; movabs $site, %r10
        loads = (b"\x4c\x8d\x15", b"\x41\xba", b"\x49\xba")
        if not any(load in at(slow, 64)[1] for load in loads):
            sys.exit(f"{slow:#x} is no slow side")
        count += 1
print(f"{count} branches" if count else "none")
