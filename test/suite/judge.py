# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compares the reports of a run with what its program declares."""

import re
from dataclasses import dataclass, field

HEADLINE = re.compile(r"^==\d+==ERROR: HeapFence: ([a-z-]+) on address")
FRAME = re.compile(r"^    #\d+ .* (?:.*/)?([^/: ]+):(\d+)(?::\d+)? \(")
SUPPORT = {"opaque.c", "main.c"}


@dataclass
class Report:
    kind: str
    action: str = ""  # The second line.
    stacks: dict = field(default_factory=lambda: {"error": [], "free": [], "alloc": []})


def parse(lines):
    """The reports in what a run wrote, symbolized."""
    reports = []
    stack = None
    for line in lines:
        match = HEADLINE.match(line)
        if match:
            reports.append(Report(match[1]))
            stack = reports[-1].stacks["error"]
            continue
        if not reports:
            continue
        report = reports[-1]
        if not report.action:
            report.action = line
        elif line.startswith("freed by"):
            stack = report.stacks["free"]
        elif re.match(r"(previously )?allocated by", line):
            stack = report.stacks["alloc"]
        match = FRAME.match(line)
        if match:
            stack.append(f"{match[1]}:{match[2]}")
    return reports


def own_line(stack, files):
    """Where a stack was in the program: its innermost frame there."""
    return next((f for f in stack if f.rsplit(":", 1)[0] in files), "nowhere")


def in_report(program, report, files):
    """What is wrong with a report; empty: nothing."""
    if report.kind not in program.kinds:
        return report.kind
    if program.access and report.kind != "heap-corruption":
        if not report.action.startswith(program.access + " at "):
            return f"{report.kind}, {report.action.split(' ')[0]}"
    if program.function and program.function not in report.action:
        return f"{report.kind}, not {program.function}"
    marks = program.marks
    # A write beside an object is found by the free; at the end of the process
    # there is no line of the program.
    wanted = [("alloc", marks["ALLOC"])]
    if report.kind != "heap-corruption":
        wanted += [("error", marks["BUG"])]
        if report.kind in ("heap-use-after-free", "double-free"):
            wanted += [("free", marks["FREE"])]
    elif marks["FREE"]:
        wanted += [("error", marks["FREE"])]
    for stack, lines in wanted:
        line = own_line(report.stacks[stack], files)
        if lines and line not in lines:
            return f"{report.kind}, {stack} at {line}, not {' or '.join(sorted(lines))}"
    return ""


def run(program, lines, status, files):
    """What is wrong with a run of the buggy program; "silent": no report."""
    reports = parse(lines)
    if not reports:
        return "silent" if status == 0 else f"no report, status {status}"
    wrong = in_report(program, reports[0], files)
    if wrong:
        return wrong
    if len(reports) > 1:
        return f"{len(reports)} reports: " + ", ".join(r.kind for r in reports)
    return "" if status == 0 else f"reported, then status {status}"


def program(program, runs):
    """What is wrong with a program whose runs, {placement: what is wrong}, are
    judged; empty: it is reported as declared. A read is reported if it is with one
    placement, and nothing wrong is with the other."""
    return "; ".join(
        f"{wrong} (placement={placement})"
        for placement, wrong in runs.items()
        if wrong and not (wrong == "silent" and program.placement not in ("", placement))
    )


def twin(lines, status):
    """What is wrong with a run of the fixed twin."""
    told = [l for l in lines if "HeapFence" in l]
    if told:
        return "twin: " + re.sub(r"==\d+==(ERROR: )?", "", told[0])[:80]
    return "" if status == 0 else f"twin: status {status}"
