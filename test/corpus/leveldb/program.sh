# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# LevelDB with Snappy.

leveldb_title=LevelDB
leveldb_package=classic-level@3.0.0
leveldb_quick_targets=workload
leveldb_timed_tests=db_test

# The package's own patch is taken back: it changes DB::Get, which LevelDB's C
# binding and its test do not follow.
leveldb_unpack() { # PACKAGE SOURCE
  cp -r "$1/deps/leveldb" "$1/deps/snappy" "$2" &&
    patch -s -R -p3 -d "$2/leveldb" <"$2/leveldb/patches/001-value-sink.patch"
}

leveldb_workload() { # BUILD
  limited "$1/workload" database
}
