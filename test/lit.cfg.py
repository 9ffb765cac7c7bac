# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# The lit suites: pass/ (IR), e2e/ (whole programs), tools/ (the heapfence
# tool). Parameters: build=DIR (the build tree), llvm=N (the LLVM to test);
# guard=static: %clang compiles with static branches (for e2e/); cpu=aarch64: for
# that CPU, where the kernel runs such programs by qemu (for e2e/), and there
# page=BYTES: with pages of that size.

import glob
import os
import platform
import shutil
import subprocess
import tempfile
import lit.formats

build = lit_config.params["build"]
llvm = lit_config.params["llvm"]

config.name = f"heapfence-llvm{llvm}"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".ll", ".c", ".cpp", ".test"]
config.excludes = ["Inputs", "unit", "bench", "corpus", "suite"]
config.test_source_root = os.path.dirname(os.path.abspath(__file__))
cpu = lit_config.params.get("cpu", platform.machine())
is_cross = cpu != platform.machine()
config.test_exec_root = os.path.join(
    build,
    "test",
    f"llvm-{llvm}-{lit_config.params.get('guard', 'countdown')}"
    + (f"-{cpu}" if is_cross else ""),
)

plugin = f"{build}/lib/heapfence/llvm-{llvm}/HeapFencePass.so"
wrapper = f"env HEAPFENCE_CLANG=clang-{llvm} {build}/bin/heapfence-clang"
guard = lit_config.params.get("guard", "countdown")
static = "--start-no-unused-arguments -Xclang -mllvm -Xclang -heapfence-guard=static --end-no-unused-arguments"
options = "" if guard == "countdown" else " " + static
target = ""
if is_cross:
    target = f" --target={cpu}-linux-gnu"
    config.environment["QEMU_LD_PREFIX"] = f"/usr/{cpu}-linux-gnu"
    if "page" in lit_config.params:
        config.environment["QEMU_PAGESIZE"] = lit_config.params["page"]
config.substitutions += [
    (r"%clangxx\b", f"{wrapper}++{target}{options}"),
    (r"%clang\b", f"{wrapper}{target}{options}"),
    (r"%static\b", static),
    (r"%plainxx\b", f"clang++-{llvm}{target}"),
    (r"%plain\b", f"clang-{llvm}{target}"),
    (r"%opt\b", f"opt-{llvm} -load-pass-plugin={plugin}"),
    (r"%plugin\b", plugin),
    (r"%lib\b", f"{build}/lib/heapfence" + (f"/{cpu}" if is_cross else "")),
    (r"%hf\b", f"{build}/bin/heapfence"),
    (r"%bin\b", f"{build}/bin"),
    (r"%readelf\b", f"llvm-readelf-{llvm}"),
    (r"%objdump\b", f"llvm-objdump-{llvm} --no-show-raw-insn"),
    (r"%check\b", f"FileCheck-{llvm}"),
    # clang takes the first ld.lld in the path, which may be one that cannot
    # read its bitcode.
    (r"%lld\b", f"-fuse-ld=lld --ld-path=ld.lld-{llvm}"),
]
# %run PROGRAM: every allocation guarded, raw reports, no random choice.
# HF= adds options to it: `env HF=placement=left %run %t`.
config.substitutions.append((r"%run\b", f"{config.test_source_root}/run-guarded"))

config.available_features.update([f"llvm-{llvm}", f"cpu-{cpu}"])
config.available_features.add(f"guard-{guard}")
# What some e2e tests need besides: lld, the sanitizers' runtimes, valgrind,
# allocators to run over, the rights to make a set-user-id program, gdb, and
# core files.
if shutil.which(f"ld.lld-{llvm}"):
    config.available_features.add("lld")
if glob.glob(f"/usr/lib/llvm-{llvm}/lib/clang/*/lib/*/libclang_rt.asan*.a"):
    config.available_features.add("compiler-rt")
if shutil.which("valgrind"):
    config.available_features.add("valgrind")
if os.geteuid() == 0:
    config.available_features.add("root")
# arm64's memory tagging: of real CPUs some have it; of qemu's programs that use it
# only those with pages of 4 KiB do not crash.
if is_cross and lit_config.params.get("page", "4096") == "4096":
    config.available_features.add("mte")
elif cpu == platform.machine() and " mte" in open("/proc/cpuinfo").read():
    config.available_features.add("mte")
for library in ("jemalloc", "tcmalloc_minimal", "mimalloc"):
    if glob.glob(f"/usr/lib/*/lib{library}.so.?"):
        config.available_features.add(library)
gdb = "gdb-multiarch" if is_cross else "gdb"
config.substitutions.append((r"%gdb\b", gdb))
if shutil.which(gdb):
    config.available_features.add("gdb")
# The kernel writes core files to the current directory.
with tempfile.TemporaryDirectory() as directory:
    crash = "ulimit -c unlimited; kill -SEGV $$"
    subprocess.run(["sh", "-c", crash], cwd=directory, stderr=subprocess.DEVNULL)
    if glob.glob(f"{directory}/core*"):
        config.available_features.add("core-files")
config.environment["LLVM_SYMBOLIZER_PATH"] = ""
for name in ("HEAPFENCE_OPTIONS", "HEAPFENCE_CLANG", "HEAPFENCE_RUNTIME"):
    config.environment.pop(name, None)
