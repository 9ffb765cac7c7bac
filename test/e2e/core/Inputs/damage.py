# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# damage.py FROM TO WHAT: copies a core file and spoils the copy.
import struct
import sys

source, target, what = sys.argv[1:]
data = bytearray(open(source, "rb").read())


def place(address):
    """The offset of an address of the process in the core."""
    programs, count = struct.unpack_from("<Q", data, 32)[0], struct.unpack_from("<H", data, 56)[0]
    for at in range(programs, programs + 56 * count, 56):
        kind, _, offset, begin, _, size = struct.unpack_from("<IIQQQQ", data, at)
        if kind == 1 and begin <= address < begin + size:
            return offset + address - begin
    sys.exit(f"{address:#x} is not in the core")


block = data.find(struct.pack("<QI", 0x31656E6546706165, 2))
# The block ends with six numbers of 4 bytes and eight of 8.
tables = block + struct.unpack_from("<I", data, block + 12)[0] - 4 * 6 - 8 * 8
if what == "cut":
    del data[len(data) * 2 // 3 :]
elif what == "headers":
    del data[200:]
elif what == "empty":
    data.clear()
elif what == "machine":
    data[18:20] = struct.pack("<H", 243)
elif what == "32-bit":
    data[4] = 1
elif what == "version":
    struct.pack_into("<I", data, block + 8, 3)
elif what == "sizes":
    struct.pack_into("<I", data, tables + 4, 4096)
elif what == "layout":
    # The size of a page, behind the window's address.
    layout = struct.unpack_from("<Q", data, tables + 24)[0]
    struct.pack_into("<Q", data, place(layout) + 8, 0)
elif what == "slot":
    # All of the first slot but its state.
    size = struct.unpack_from("<I", data, tables + 4)[0]
    slot = place(struct.unpack_from("<Q", data, tables + 32)[0])
    data[slot + 1 : slot + size] = b"\xff" * (size - 1)
else:
    sys.exit(f"what is {what}?")
assert block > 0 or what in ("cut", "headers")
open(target, "wb").write(data)
