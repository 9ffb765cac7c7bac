# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Which of the tests that a document names are not there.

  named_tests.py DOCUMENT TEST_FOLDER"""

import re
import sys
from pathlib import Path

document, folder = Path(sys.argv[1]), Path(sys.argv[2])
named = set(re.findall(r"`([^`]+)`", document.read_text()))
files = {n for n in named if re.fullmatch(r"(e2e|tools|corpus)/[\w./-]+|test/[\w./-]+", n)}
units = {n for n in named if re.fullmatch(r"[A-Z]\w+\.[A-Z]\w+", n)}
known = set()
for source in (folder / "unit").glob("*.cpp"):
    known |= set(re.findall(r"^TEST(?:_F|_P)?\((\w+, \w+)\)", source.read_text(), re.M))

missing = {f for f in files if not (folder / f.removeprefix("test/")).exists()}
missing |= {u for u in units if u.replace(".", ", ") not in known}
count = len(files) + len(units)
print("100 tests and more" if count >= 100 else f"{count} tests", end=", ")
print("missing:", " ".join(sorted(missing)) or "none")
