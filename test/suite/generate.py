# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes the systematic programs: each kind of error along each flow, with the
allocation functions in turn, and each kind with each allocation function."""

import re

import buffers
import flows
from kinds import C_FAMILIES, CPP_FAMILIES, CPP_KINDS, KINDS, TEXT, Family
from listing import identifier


def size_of(kind, family):
    if kind.size == "empty":
        return 0
    return family.flush if kind.size == "flush" else family.slack


def is_possible(kind, family):
    if kind.needs and not getattr(family, kind.needs):
        return False
    if kind.size == "empty":
        return family.can_be_empty
    return size_of(kind, family) > 0


def is_possible_in(kind, flow):
    # One makes the object larger, the other looks at its first byte.
    return not (kind.size == "empty" and flow in ("moved", "unique_ptr"))


def fill(text, pointer, size, family, kind):
    other = getattr(family, kind.needs) if kind.needs else ""
    text = re.sub(r"\bOTHER\b", lambda _: other, text)
    text = re.sub(r"(?<!// )\bFREE\b", lambda _: family.free, text)
    for token, value in [
        ("TEXT", f'"{TEXT[: max(size - 1, 0)]}"'),
        ("LAST", str(size - 1)),
        ("HALF", str(size // 2)),
        ("N", str(size)),
        ("P", pointer),
    ]:
        # Comments name markers, not tokens.
        text = re.sub(rf"(?<!//)(?<!// )\b{token}\b", lambda _: value, text)
    return re.sub(rf"\b{size} \+ 4\b", str(size + 4), text)


def expand(flow, kind, family, name):
    """The text of one program."""
    size = size_of(kind, family)
    malloced = Family("malloc", "")  # What realloc returns goes to free.
    moved_size = 21 if kind.size == "slack" else 32
    out = []
    for line in flow.strip("\n").splitlines():
        line = line.replace("@id", name).replace("@moved", str(moved_size))
        match = re.match(r"( *)@([a-z-]+) (.*)$", line)
        if not match:
            out.append(line)
            continue
        indent, word, pointer = match.groups()
        whole = "\n".join(filter(None, [kind.before, kind.act, kind.after]))
        text, of, bytes_ = {
            "alloc": (family.alloc, family, size),
            "alloc-other": (family.alloc.replace("  // ALLOC", ""), family, size),
            "use": ("use(P, N);", family, size),
            "free": ("FREE", family, size),
            "before": (kind.before, family, size),
            "act": (kind.act, family, size),
            "after": (kind.after, family, size),
            "rest": (whole, family, size),
            "rest-moved": (whole, malloced, moved_size),
        }[word]
        out += [indent + l for l in fill(text, pointer, bytes_, of, kind).splitlines()]
    return "\n".join(out) + "\n"


def generated(language):
    """Yields (flow, kind, family) for each program, each once."""
    is_c = language == "c"
    families = C_FAMILIES if is_c else CPP_FAMILIES
    turn = 0
    for flow in flows.C_FLOWS if is_c else flows.CPP_FLOWS:
        for kind in KINDS if is_c else KINDS + CPP_KINDS:
            possible = [f for f in families if is_possible(kind, f)]
            if flow == "direct":
                yield from ((flow, kind, f) for f in possible)
            elif is_possible_in(kind, flow):
                yield flow, kind, possible[turn % len(possible)]
                turn += 1
        turn += 1


def sources(choose):
    """Returns {file name: text} of the programs whose name `choose` accepts."""
    files = {}

    def add(file, head, text):
        files.setdefault(file, head)
        files[file] += "\n" + text

    for language in ("c", "cpp"):
        of_language = flows.C_FLOWS if language == "c" else flows.CPP_FLOWS
        for flow, kind, family in generated(language):
            name = f"{kind.name}.{flow}.{family.name}" + ("+" if language == "cpp" else "")
            if not choose(name):
                continue
            parts = expand(of_language[flow], kind, family, identifier(name)).split("====\n")
            head = f"//=== {name}\n"
            top = flows.HEAD[language]
            if language == "cpp":
                top += flows.CPP_HEAD_OF.get(flow, "")
            add(f"{flow}.{language}", top, f"{head}// EXPECT {kind.expect}\n{parts[0]}")
            for part in parts[1:]:
                add(f"{flow}-other.{language}", flows.HEAD[language], head + part)
    for name, text in buffers.programs():
        if choose(name):
            add("buffers.c", buffers.HEAD, text)
    return files
