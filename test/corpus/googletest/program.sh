# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# GoogleTest with its own tests: death tests, forks, threads and exceptions.

googletest_title=GoogleTest
googletest_source=/usr/src/googletest
googletest_source_hint="install the package googletest"
googletest_quick_targets="gtest_unittest googletest-death-test-test"
googletest_cmake_arguments="-DBUILD_GMOCK=OFF -DINSTALL_GTEST=OFF -Dgtest_build_tests=ON"

# Its largest test, and the one whose children die.
googletest_workload() { # BUILD
  limited "$1/googletest/gtest_unittest" --gtest_print_time=0 &&
    limited "$1/googletest/googletest-death-test-test" --gtest_print_time=0
}
