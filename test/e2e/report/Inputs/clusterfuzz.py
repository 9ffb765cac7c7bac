# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What ClusterFuzz would make of a log: a line for each report, and what was
understood in all.

  clusterfuzz.py LOG

The patterns are our own and accept what those of ClusterFuzz do whose names are
given (google/clusterfuzz, src/clusterfuzz/stacktraces/constants.py); the steps are
those of its StackParser, as far as they are about AddressSanitizer: a kind, an
address, the accesses, and a state of up to three functions. The lines that it does
not look at, of regions and stacks, are held against what AddressSanitizer prints."""

import re
import sys
from pathlib import Path

HEX = r"[xX\da-fA-F]+"
# SAN_ADDR_REGEX, ASAN_DOUBLE_FREE_REGEX, ASAN_INVALID_FREE_REGEX.
ADDRESS = rf"(?:unknown address |address )?(?P<address>{HEX})"
ERROR = re.compile(rf".*ERROR: [A-Za-z]+Sanitizer[: ]*(?P<kind>.*) on {ADDRESS}")
DOUBLE_FREE = re.compile(rf".*AddressSanitizer.*double-free on {ADDRESS}")
INVALID_FREE = re.compile(
    rf".*AddressSanitizer: attempting free on address which was not malloc\(\)-ed: (?P<address>{HEX})"
)
# SAN_CRASH_TYPE_ADDRESS_REGEX.
ACCESS = re.compile(r" *(?P<how>[^ ]*) of size (?P<size>[^ ]*) at (?P<address>[^ ]*)")
# SAN_STACK_FRAME_REGEX: names and a position or a module, names, or a module.
FRAME = re.compile(
    rf"\s*#\d+\s+{HEX}\s+(?:in (?P<function>.*) (?:[^ ]+:\d+(?::\d+)?|\([^+]+(?:\+{HEX})?\))"
    rf"|in (?P<unplaced>.*)|\((?P<module>.*\+{HEX}|.*)\))"
)
# STATE_STOP_MARKERS; STACK_FRAME_IGNORE_REGEXES, what our programs call of it.
STOP = "allocated by thread"
IGNORED = re.compile(r"main|malloc|free|operator|_start|__libc_|.*libc\.so")
REGION = re.compile(
    rf"{HEX} is located \d+ bytes? (?:inside of|before|after) \d+-byte region \[{HEX},{HEX}\)"
)
STACK = re.compile(r"(?:freed|previously allocated|allocated) by thread T\d+ here:")


def head_of(line):
    for pattern, kind in (INVALID_FREE, "invalid-free"), (DOUBLE_FREE, "heap-double-free"), (ERROR, ""):
        if found := pattern.match(line):
            return kind or found["kind"], found["address"]
    return None


def name_of(frame):
    """As _filter_stack_frame: up to a bracket, else to a blank."""
    if frame["module"]:
        return frame["module"].rpartition("/")[2]
    whole = frame.string[frame.start("function" if frame["function"] else "unplaced"):]
    cut = re.match(r"(.+?)[(\[]", whole)
    return cut[1].strip() if cut else whole.split(" ")[0]


reports, understood, missed = [], {"frames": 0, "regions": 0, "stacks": 0}, []
for line in Path(sys.argv[1]).read_text().splitlines():
    if "SUMMARY:" in line:
        continue
    frame = FRAME.match(line)
    understood["frames"] += bool(frame)
    understood["regions"] += bool(REGION.fullmatch(line) or "heapfence-#" in line and REGION.match(line))
    understood["stacks"] += bool(STACK.fullmatch(line))
    if line.startswith("    #") and not frame:
        missed.append(line)
    if head := head_of(line):
        reports.append({"head": head, "accesses": [], "state": [], "ended": False})
        continue
    if not reports:
        continue
    report = reports[-1]
    if access := ACCESS.match(line):
        is_same = access["address"] == report["head"][1]
        report["accesses"].append(f"{access['how']} {access['size']}" + ("" if is_same else " elsewhere"))
    report["ended"] |= bool(report["state"]) and STOP in line
    if frame and not report["ended"] and len(report["state"]) < 3 and not IGNORED.match(name_of(frame)):
        report["state"].append(name_of(frame))

for report in reports:
    print(", ".join([report["head"][0], *report["accesses"]]) + ":", " < ".join(report["state"]))
print(f"{len(reports)} reports,", ", ".join(f"{count} {what}" for what, count in understood.items()))
print("missed:", *missed or ["none"])
