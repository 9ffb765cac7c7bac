# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# What `run` and `seeded` share: where things are, how a program is fetched,
# built and run, and how a check is told.
#
# A program is a folder NAME. Its program.sh says NAME_title, and NAME_package
# (for npm) with the function NAME_unpack, or NAME_source; its CMakeLists.txt
# builds it from CORPUS_SOURCE. NAME_quick_targets are enough for the workload;
# a program that says them has tests of its own.

corpus=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build=${HEAPFENCE_BUILD:-$(cd "$corpus/../.." && pwd)/build}
work=$build/corpus
jobs=${CORPUS_JOBS:-2}
time_limit_s=${CORPUS_TIME_LIMIT_S:-600}
# -g: what a report says about a line is part of what is checked.
compile_flags="-O2 -g -ffunction-sections"
clang=clang-22
clangxx=clang++-22
quick=no
passed=0
failed=0

for program_file in "$corpus"/*/program.sh; do
  . "$program_file"
done

die() {
  echo "${0##*/}: $*" >&2
  exit 2
}

need() { # COMMAND WHAT-TO-DO
  command -v "$1" >/dev/null || die "$1 is missing: $2."
}

need_tools() { # VARIANT...
  need npm "install the package npm"
  need cmake "install the package cmake"
  need ninja "install the package ninja-build"
  need patch "install the package patch"
  need $clang "install the package $clang"
  need $clangxx "install the package $clang"
  case " $* " in *" arm64 "*)
    [ -e /proc/sys/fs/binfmt_misc/qemu-aarch64 ] ||
      die "arm64 programs cannot be run here: see tools/setup check."
    [ -f "$build/lib/heapfence/aarch64/libheapfence_rt.a" ] ||
      die "no runtime for arm64 in $build: cmake --preset arm64 and build it."
    export QEMU_LD_PREFIX=/usr/aarch64-linux-gnu
  esac
  case " $* " in *" heapfence "*)
    [ -x "$build/bin/heapfence-clang" ] && [ -x "$build/bin/heapfence-clang++" ] ||
      die "no HeapFence compiler in $build/bin: build HeapFence first, or set HEAPFENCE_BUILD."
  esac
}

# Two runs at once would build in the same folders.
lock_work() {
  mkdir -p "$work" || die "cannot create $work."
  exec 9>"$work/lock"
  flock -n 9 || { echo "waiting for another run in $work"; flock 9; }
}

# --- Checks -----------------------------------------------------------------

pass() {
  passed=$((passed + 1))
  echo "PASS: $*"
}

fail() { # WHAT LOGS
  failed=$((failed + 1))
  echo "FAIL: $1 (see $2)"
}

print_total_and_exit() {
  echo "$passed passed, $failed failed"
  [ $failed -eq 0 ]
  exit
}

# --- Long steps -------------------------------------------------------------

# A step's command ends with an exec: what is killed here is the tool itself.
trap 'kill $(jobs -p) 2>/dev/null' EXIT

last_line() { # FILE
  tail -n 1 "$1" | cut -c 1-100
}

# Runs a command with its output in LOG; says how far it is every 20 seconds.
step() { # LABEL LOG COMMAND...
  local label=$1 log=$2 begin=$SECONDS told=$SECONDS status
  shift 2
  mkdir -p "${log%/*}"
  echo "... $label"
  "$@" >"$log" 2>&1 9>&- &
  while kill -0 $! 2>/dev/null; do
    sleep 0.1
    [ $((SECONDS - told)) -lt 20 ] && continue
    told=$SECONDS
    echo "    $((SECONDS - begin)) s: $(last_line "$log")"
  done
  wait $!
  status=$?
  echo "... $label: $((SECONDS - begin)) s"
  return $status
}

# Whether FOLDER was finished for STAMP; if not, it is emptied.
is_current() { # FOLDER STAMP
  [ "$(cat "$1/.stamp" 2>/dev/null)" = "$2" ] && return
  rm -rf "$1"
  mkdir -p "$1"
  return 1
}

mark_current() { # FOLDER STAMP
  echo "$2" >"$1/.stamp"
}

hash_of() { # FILE...
  cat -- "$@" | sha256sum | cut -d ' ' -f 1
}

# --- Sources ----------------------------------------------------------------

# What program.sh says: NAME_ASPECT, or nothing.
about() { # PROGRAM ASPECT
  local name=$1_$2
  echo "${!name-}"
}

source_of() { # PROGRAM
  local installed
  installed=$(about "$1" source)
  echo "${installed:-$work/$1/source}"
}

# Brings the package and unpacks what the program is built from.
fetch() { # PROGRAM
  local package folder stamp tarball
  package=$(about "$1" package)
  folder=$(source_of "$1")
  if [ -z "$package" ]; then
    [ -d "$folder" ] || die "$folder is missing: $(about "$1" source_hint)."
    return
  fi
  stamp="$package $(declare -f "$1_unpack" | hash_of -)"
  is_current "$folder" "$stamp" && return
  mkdir -p "$work/packages"
  echo "... fetching $package"
  tarball=$(cd "$work/packages" && npm pack --silent "$package" \
    2>"$work/packages/npm.log") ||
    die "cannot fetch $package with npm pack: is there a network? ($work/packages/npm.log)"
  rm -rf "$work/packages/$1"
  mkdir "$work/packages/$1"
  tar -xzf "$work/packages/$tarball" -C "$work/packages/$1" --strip-components=1 &&
    "$1_unpack" "$work/packages/$1" "$folder" ||
    die "cannot unpack $package into $folder."
  mark_current "$folder" "$stamp"
}

# --- Builds -----------------------------------------------------------------

# A build VARIANT is a compiler: plain, heapfence, static (the same, with static
# branches), memory (with memcpy and its kin checked), arm64 (for that CPU, run by qemu),
# or asan (a second opinion on the seeded bugs).
is_ours() {
  case $1 in heapfence | static | memory | arm64) ;; *) return 1 ;; esac
}

c_compiler() {
  is_ours "$1" && echo "$build/bin/heapfence-clang" || command -v $clang
}

cxx_compiler() {
  is_ours "$1" && echo "$build/bin/heapfence-clang++" || command -v $clangxx
}

flags_of() {
  case $1 in
  asan) echo "$compile_flags -fsanitize=address -fno-omit-frame-pointer" ;;
  static) echo "$compile_flags -Xclang -mllvm -Xclang -heapfence-guard=static" ;;
  arm64) echo "$compile_flags --target=aarch64-linux-gnu" ;;
  memory) echo "$compile_flags -Xclang -mllvm -Xclang -heapfence-memory-buffers" ;;
  *) echo "$compile_flags" ;;
  esac
}

# Changes when an object file made by this compiler may come out different.
compiler_stamp() { # VARIANT
  ! is_ours "$1" ||
    hash_of "$build"/bin/heapfence-clang* "$build/lib/heapfence/llvm-${clang#clang-}"/* \
      "$build"/lib/heapfence/include/bits/*
  $clang --version
  flags_of "$1"
}

# Changes when only linking again gives a different program.
runtime_stamp() { # VARIANT
  ! is_ours "$1" || hash_of $(runtime_files)
}

runtime_files() {
  find "$build/lib" -type f \( -name '*.a' -o -name '*.so*' -o -name '*.o' \) \
    ! -path '*/llvm-*' | sort
}

cmake_folder() { # PROGRAM
  [ -f "$corpus/$1/CMakeLists.txt" ] && echo "$corpus/$1" || source_of "$1"
}

configure() { # PROGRAM VARIANT SOURCE FOLDER
  cmake -G Ninja -S "$(cmake_folder "$1")" -B "$4" -DCORPUS_SOURCE="$3" \
    -DCMAKE_BUILD_TYPE= $(about "$1" cmake_arguments) \
    -DCMAKE_C_COMPILER="$(c_compiler "$2")" \
    -DCMAKE_CXX_COMPILER="$(cxx_compiler "$2")" \
    -DCMAKE_C_FLAGS="$(flags_of "$2")" -DCMAKE_CXX_FLAGS="$(flags_of "$2")"
}

# CMake's Ninja files do not know that the driver links a runtime.
forget_linked_programs() { # FOLDER
  find "$1" -maxdepth 3 -type f -executable ! -path '*/CMakeFiles/*' -delete
}

configure_and_compile() { # PROGRAM VARIANT SOURCE FOLDER
  local targets=
  [ $quick = no ] || targets=$(about "$1" quick_targets)
  [ -f "$4/build.ninja" ] || configure "$@" || return
  exec nice ninja -C "$4" -j "$jobs" $targets
}

# Builds SOURCE into FOLDER. What is up to date stays.
build_from() { # PROGRAM VARIANT SOURCE FOLDER LABEL
  local stamp runtime
  stamp=$(compiler_stamp "$2"; about "$1" cmake_arguments; cat "$3/.stamp" 2>/dev/null)
  runtime=$(runtime_stamp "$2")
  # Marked before the build ends: Ninja carries on where it was stopped.
  is_current "$4" "$stamp" || mark_current "$4" "$stamp"
  if [ "$(cat "$4/.runtime" 2>/dev/null)" != "$runtime" ]; then
    forget_linked_programs "$4"
    echo "$runtime" >"$4/.runtime"
  fi
  step "$5" "$4/build.log" configure_and_compile "$1" "$2" "$3" "$4"
}

build_program() { # PROGRAM VARIANT
  build_from "$1" "$2" "$(source_of "$1")" "$work/$1/$2" \
    "building $(about "$1" title), $2"
}

# --- Runs -------------------------------------------------------------------

# The time limit is for a hang, not a measure of speed.
limited() {
  timeout -k 5 "$time_limit_s" "$@" 9>&-
}

set_options() { # OPTIONS
  unset HEAPFENCE_OPTIONS
  [ -z "$1" ] || export HEAPFENCE_OPTIONS=$1
}

# Runs a function in an empty folder with HEAPFENCE_OPTIONS; leaves stdout,
# stderr, status and seconds in OUT.
run_into() { # OUT OPTIONS FUNCTION ARGUMENT...
  local out=$1 options=$2 begin
  shift 2
  rm -rf "$out"
  mkdir -p "$out/scratch"
  begin=$EPOCHREALTIME
  (
    cd "$out/scratch" || exit
    set_options "$options"
    "$@"
  ) >"$out/stdout" 2>"$out/stderr" </dev/null
  echo $? >"$out/status"
  awk -v a="$begin" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.1f\n", b - a }' >"$out/seconds"
}
