# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the commands of test/bench share: where things are, how they are started."""

import argparse
import glob
import os
import subprocess

BENCH = os.path.dirname(os.path.abspath(__file__))
BUILD = os.environ.get("HEAPFENCE_BUILD", os.path.join(BENCH, "../../build"))
CLANG = os.path.join(BUILD, "bin/heapfence-clang")
# Each guard, no budget.
GUARD_ALL = "sample_every=1"
# To be preloaded; None: not installed.
SCUDO = next(iter(sorted(glob.glob(
    "/usr/lib/llvm-22/lib/clang/22/lib/*/"
    "libclang_rt.scudo_standalone-x86_64.so"))), None)


def arguments(name):
    """Of the command `name`: quick, json."""
    parser = argparse.ArgumentParser(
        usage=f"test/bench/{name} [--quick] [--json FILE]")
    parser.add_argument("--quick", action="store_true", help="fewer, shorter rounds")
    parser.add_argument("--json", metavar="FILE", help="append the figures to FILE")
    return parser.parse_args()


def environment(options):
    """With these options of HeapFence's, and no others."""
    rest = {k: v for k, v in os.environ.items() if k != "HEAPFENCE_OPTIONS"}
    return {**rest, "HEAPFENCE_OPTIONS": options} if options else rest


def output(command, options=""):
    return subprocess.run(command, env=environment(options), check=True,
                          capture_output=True, text=True).stdout
