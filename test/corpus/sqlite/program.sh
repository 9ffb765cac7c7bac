# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# SQLite: the shell over its single-file library.

sqlite_title=SQLite
sqlite_package=sqlite3@5.1.7

sqlite_unpack() { # PACKAGE SOURCE
  tar -xzf "$1"/deps/sqlite-autoconf-*.tar.gz -C "$2" --strip-components=1
}

sqlite_workload() { # BUILD
  limited "$1/sqlite3" -batch -bail -init /dev/null work.db <"$corpus/sqlite/workload.sql"
}

sqlite_trigger() { # BUILD BUG
  limited "$1/sqlite3" -batch -init /dev/null :memory: <"$corpus/sqlite/bugs/$2.sql"
}
