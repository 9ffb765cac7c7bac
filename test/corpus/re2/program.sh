# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# RE2 over Abseil.

re2_title=RE2
re2_package=re2@1.24.0

re2_unpack() { # PACKAGE SOURCE
  cp -r "$1/vendor/re2" "$1/vendor/abseil-cpp" "$2"
}

re2_workload() { # BUILD
  limited "$1/workload"
}
