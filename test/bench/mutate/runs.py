# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""One run of a program under one of the tools, and what came of it."""

import os
import re
import resource
import shutil
import signal
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import programs
from command import SCUDO

# Its test of the size told to operator delete would end a run before GWP-ASan
# could see the bug.
SCUDO_OPTIONS = "delete_size_mismatch=0"


@dataclass(frozen=True)
class Arm:
    name: str
    title: str
    variant: str  # of the build, without "mutate-"
    report: str   # what its report says
    options: dict = field(hash=False, default_factory=dict)

    @property
    def key(self):
        """What the results are kept under: other options, other results."""
        return " ".join([self.name, *self.options.values()])

    def environment(self, seed):
        env = {k: v.format(seed=seed) for k, v in self.options.items()}
        if "SCUDO_OPTIONS" in env:
            env["LD_PRELOAD"] = SCUDO
        return env


def heapfence(name, title, options):
    return Arm(name, title, "heapfence", "ERROR: HeapFence:",
               {"HEAPFENCE_OPTIONS":
                "symbolize=0:on_error=exit:seed={seed}" + options})


def scudo(name, title, options):
    return Arm(name, title, "plain", "*** GWP-ASan detected a memory error",
               {"SCUDO_OPTIONS": SCUDO_OPTIONS + options})


ARMS = [
    heapfence("heapfence", "HeapFence default", ""),
    heapfence("heapfence-5000", "HeapFence sample_every=5000",
              ":sample_every=5000"),
    scudo("gwp-asan", "GWP-ASan default (1/5000)", ""),
    scudo("gwp-asan-1000", "GWP-ASan 1/1000", ":GWP_ASAN_SampleRate=1000"),
]
CEILING = heapfence("ceiling", "HeapFence, every allocation",
                    ":sample_every=1:slots=65536:max_live=30000")
GLIBC = Arm("glibc", "glibc", "plain", "")
SCUDO_ALONE = scudo("scudo", "scudo without GWP-ASan", ":GWP_ASAN_Enabled=0")
# Says whether the bug that was reached is an access that a tool could see.
ORACLE = Arm("asan", "AddressSanitizer", "asan", "ERROR: AddressSanitizer:", {
    "ASAN_OPTIONS": "detect_leaks=0:alloc_dealloc_mismatch=0:symbolize=0:"
                    "new_delete_type_mismatch=0:allocator_may_return_null=1"})
# HeapFence's, of what glibc found by itself.
BY_ALLOCATOR = "the allocator found an error"
HEAP_ERROR = re.compile(
    r"ERROR: AddressSanitizer: (heap-|attempting |use-after-poison|"
    r"negative-size|memcpy-param)")


def limit_files():
    """A program gone wrong leaves no core and no huge file."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 30, 1 << 30))


@dataclass
class Outcome:
    errors: str       # the beginning of its standard error
    status: str       # "exit 0", "signal 11", "timeout"
    cpu_s: float      # of all children meanwhile: told only if runs are serial
    counts: object    # executions by site number


def run(program, variant, environment, timeout_s, output=subprocess.DEVNULL):
    """Runs the workload in an empty folder."""
    folder = Path(tempfile.mkdtemp(prefix="heapfence-detection-"))
    env = {k: v for k, v in os.environ.items()
           if k not in ("HEAPFENCE_OPTIONS", "LD_PRELOAD", "SCUDO_OPTIONS",
                        "ASAN_OPTIONS") and not k.startswith("MUTANT")}
    env.update(environment, MUTANT_COUNT=str(folder / "counts"))
    scratch = folder / "scratch"
    scratch.mkdir()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    try:
        with open(program.input(), "rb") as source, \
                open(folder / "stderr", "wb") as errors:
            status = wait(subprocess.Popen(
                program.command(variant), cwd=scratch, env=env, stdin=source,
                stdout=output, stderr=errors, start_new_session=True),
                timeout_s)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        with open(folder / "stderr", "rb") as errors:
            text = errors.read(1 << 20).decode(errors="replace")
        return Outcome(text, status, after.ru_utime + after.ru_stime -
                       before.ru_utime - before.ru_stime,
                       programs.read_counts(folder / "counts"))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def wait(process, timeout_s):
    try:
        code = process.wait(timeout_s)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return "timeout"
    return f"signal {-code}" if code < 0 else f"exit {code}"


def mutant_environment(program, variant, site, strike):
    return {"MUTANT": str(program.numbers[variant][site]),
            "MUTANT_AT": str(strike or "every")}


def run_mutant(program, arm, site, strike, seed, timeout_s):
    """strike: which execution of the site; 0: every one."""
    variant = "mutate-" + arm.variant
    out = run(program, variant,
              {**arm.environment(seed),
               **mutant_environment(program, variant, site, strike)},
              timeout_s)
    number = program.numbers[variant][site]
    executions = out.counts[number] if number < len(out.counts) else 0
    seen = (bool(HEAP_ERROR.search(out.errors)) if arm is ORACLE
            else arm.report in out.errors)
    return {"detected": seen,
            "by_allocator": seen and BY_ALLOCATOR in out.errors,
            "scudo_error": "Scudo ERROR:" in out.errors,
            "struck": executions >= (strike or 1),
            "status": out.status}
