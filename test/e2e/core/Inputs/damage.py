# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# damage.py FROM TO WHAT: copies a core file and spoils the copy.
import struct
import sys

source, target, what = sys.argv[1:]
data = bytearray(open(source, "rb").read())
block = data.find(struct.pack("<QI", 0x31656E6546706165, 2))
if what == "cut":
    del data[len(data) * 2 // 3 :]
elif what == "headers":
    del data[200:]
elif what == "empty":
    data.clear()
elif what == "arm64":
    data[18:20] = struct.pack("<H", 183)
elif what == "32-bit":
    data[4] = 1
elif what == "version":
    struct.pack_into("<I", data, block + 8, 3)
elif what == "slots":
    # The size of a slot: past the block's head and knobs (16 + 24), two counts
    # and four addresses, the layout's size.
    struct.pack_into("<I", data, block + 16 + 24 + 8 + 32 + 4, 4096)
else:
    sys.exit(f"what is {what}?")
assert block > 0 or what in ("cut", "headers")
open(target, "wb").write(data)
