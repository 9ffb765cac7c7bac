# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# LMDB: pages that are written lie in the heap until their transaction ends.

lmdb_title=LMDB
lmdb_package=node-lmdb@0.10.1

lmdb_unpack() { # PACKAGE SOURCE
  cp -r "$1"/dependencies/lmdb/libraries/liblmdb/. "$2"
}

lmdb_workload() { # BUILD
  limited "$1/workload" database
}
