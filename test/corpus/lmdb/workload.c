// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Fills a database with 60,000 entries and an index of them, reads, scans
// ranges, abandons changes, deletes, copies and opens it again. Prints counts
// and hashes, so that two runs can be compared. Arguments: a folder, which is
// made; another number of entries, if wanted.

#include "lmdb.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static int Entries = 60000;
static MDB_env *Environment;
static MDB_dbi Table, Index;

static void require(int Status, const char *What) {
  if (Status == 0)
    return;
  printf("failed: %s: %s\n", What, mdb_strerror(Status));
  exit(1);
}

static unsigned long long hash(MDB_val Bytes, unsigned long long Hash) {
  for (size_t I = 0; I < Bytes.mv_size; ++I)
    Hash = (Hash ^ ((unsigned char *)Bytes.mv_data)[I]) * 0x100000001b3;
  return Hash;
}

static MDB_val keyOf(int Number) {
  static char Text[32];
  int Size = snprintf(Text, sizeof(Text), "key-%08u",
                      (unsigned)Number * 2654435761u % 100000007u);
  MDB_val Key = {(size_t)Size, Text};
  return Key;
}

// One in 500 takes pages of its own.
static MDB_val valueOf(int Number, int Version) {
  static char Text[10000];
  int Size = Number % 500 ? 20 + Number % 180 : 5000 + Number % 4000;
  memset(Text, 'a' + (Number + Version) % 26, (size_t)Size);
  snprintf(Text, sizeof(Text), "%d", Number * 7 + Version);
  MDB_val Value = {(size_t)Size, Text};
  return Value;
}

static MDB_val groupOf(int Number) {
  static char Text[32];
  int Size = snprintf(Text, sizeof(Text), "group-%d", Number % 97);
  MDB_val Group = {(size_t)Size, Text};
  return Group;
}

static MDB_txn *begin(MDB_txn *Parent, unsigned Flags) {
  MDB_txn *Transaction;
  require(mdb_txn_begin(Environment, Parent, Flags, &Transaction), "begin");
  return Transaction;
}

static MDB_cursor *openCursor(MDB_txn *Transaction, MDB_dbi Of) {
  MDB_cursor *Cursor;
  require(mdb_cursor_open(Transaction, Of, &Cursor), "open a cursor");
  return Cursor;
}

static void openDatabase(const char *Folder) {
  require(mdb_env_create(&Environment), "create");
  require(mdb_env_set_mapsize(Environment, (size_t)1 << 30), "set the size");
  require(mdb_env_set_maxdbs(Environment, 4), "set the number of tables");
  require(mdb_env_open(Environment, Folder, MDB_NOSYNC, 0600), "open");
  MDB_txn *Transaction = begin(NULL, 0);
  require(mdb_dbi_open(Transaction, "table", MDB_CREATE, &Table), "open table");
  require(mdb_dbi_open(Transaction, "index", MDB_CREATE | MDB_DUPSORT, &Index),
          "open index");
  require(mdb_txn_commit(Transaction), "commit");
}

static void put(MDB_txn *Transaction, int Number, int Version) {
  MDB_val Key = keyOf(Number), Value = valueOf(Number, Version);
  require(mdb_put(Transaction, Table, &Key, &Value, 0), "put");
  MDB_val Group = groupOf(Number);
  int Status = mdb_put(Transaction, Index, &Group, &Key, MDB_NODUPDATA);
  require(Status == MDB_KEYEXIST ? 0 : Status, "put in the index");
}

static void fill(int Step, int Version) {
  for (int I = 0; I < Entries;) {
    MDB_txn *Transaction = begin(NULL, 0);
    for (int End = I + 100 * Step; I < End && I < Entries; I += Step)
      put(Transaction, I, Version);
    require(mdb_txn_commit(Transaction), "commit");
  }
}

static void get(const char *What) {
  MDB_txn *Transaction = begin(NULL, MDB_RDONLY);
  unsigned long long Hash = 0;
  int Found = 0;
  for (int I = 0; I < Entries + 1000; ++I) {
    MDB_val Key = keyOf(I), Value;
    int Status = mdb_get(Transaction, Table, &Key, &Value);
    if (Status == MDB_NOTFOUND)
      continue;
    require(Status, "get");
    ++Found;
    Hash = hash(Value, Hash);
  }
  mdb_txn_abort(Transaction);
  printf("%s: found %d, %016llx\n", What, Found, Hash);
}

static void scanRanges(const char *What) {
  MDB_txn *Transaction = begin(NULL, MDB_RDONLY);
  unsigned long long Hash = 0;
  int Count = 0;
  for (int I = 0; I < Entries; I += 200) {
    MDB_cursor *Cursor = openCursor(Transaction, Table);
    MDB_val Key = keyOf(I), Value;
    int Status = mdb_cursor_get(Cursor, &Key, &Value, MDB_SET_RANGE);
    for (int Row = 0; Row < 100 && Status == 0; ++Row, ++Count) {
      Hash = hash(Value, hash(Key, Hash));
      Status =
          mdb_cursor_get(Cursor, &Key, &Value, I % 400 ? MDB_PREV : MDB_NEXT);
    }
    require(Status == MDB_NOTFOUND ? 0 : Status, "scan");
    mdb_cursor_close(Cursor);
  }
  mdb_txn_abort(Transaction);
  printf("%s: scanned %d, %016llx\n", What, Count, Hash);
}

static void scanIndex(const char *What) {
  MDB_txn *Transaction = begin(NULL, MDB_RDONLY);
  unsigned long long Hash = 0;
  size_t Sum = 0;
  for (int I = 0; I < 97; ++I) {
    MDB_cursor *Cursor = openCursor(Transaction, Index);
    MDB_val Group = groupOf(I), Key;
    size_t Count = 0;
    int Status = mdb_cursor_get(Cursor, &Group, &Key, MDB_SET);
    if (Status == 0)
      require(mdb_cursor_count(Cursor, &Count), "count");
    Sum += Count;
    for (; Status == 0;
         Status = mdb_cursor_get(Cursor, &Group, &Key, MDB_NEXT_DUP))
      Hash = hash(Key, Hash);
    mdb_cursor_close(Cursor);
  }
  mdb_txn_abort(Transaction);
  printf("%s: %zu in the index, %016llx\n", What, Sum, Hash);
}

/// A transaction inside another is given up, then the other one as well.
static void abandon(void) {
  MDB_txn *Outer = begin(NULL, 0);
  for (int I = 0; I < Entries; I += 50)
    put(Outer, I, 2);
  MDB_txn *Inner = begin(Outer, 0);
  for (int I = 0; I < Entries; I += 25)
    put(Inner, I, 3);
  mdb_txn_abort(Inner);
  MDB_val Key = keyOf(0), Value;
  require(mdb_get(Outer, Table, &Key, &Value), "get what was put");
  printf("inside: %.4s\n", (char *)Value.mv_data);
  mdb_txn_abort(Outer);
}

static void deleteSome(void) {
  MDB_txn *Transaction = begin(NULL, 0);
  for (int I = 0; I < Entries; I += 3) {
    MDB_val Key = keyOf(I), Group = groupOf(I);
    require(mdb_del(Transaction, Table, &Key, NULL), "delete");
    require(mdb_del(Transaction, Index, &Group, &Key), "delete in the index");
  }
  MDB_cursor *Cursor = openCursor(Transaction, Table);
  MDB_val Key = keyOf(1), Value;
  int Status = mdb_cursor_get(Cursor, &Key, &Value, MDB_SET_RANGE);
  for (int I = 0; I < Entries / 10 && Status == 0; ++I) {
    require(mdb_cursor_del(Cursor, 0), "delete at the cursor");
    Status = mdb_cursor_get(Cursor, &Key, &Value, MDB_NEXT);
  }
  mdb_cursor_close(Cursor);
  require(mdb_txn_commit(Transaction), "commit");
}

static void printShape(void) {
  MDB_txn *Transaction = begin(NULL, MDB_RDONLY);
  MDB_stat Shape;
  require(mdb_stat(Transaction, Table, &Shape), "stat");
  mdb_txn_abort(Transaction);
  printf("%zu entries, depth %u, %zu leaves, %zu overflow pages\n",
         Shape.ms_entries, Shape.ms_depth, Shape.ms_leaf_pages,
         Shape.ms_overflow_pages);
}

static void removeFolder(const char *Folder) {
  char Path[512];
  snprintf(Path, sizeof(Path), "%s/data.mdb", Folder);
  require(remove(Path), Path);
  snprintf(Path, sizeof(Path), "%s/lock.mdb", Folder);
  remove(Path);
  require(remove(Folder), Folder);
}

int main(int Count, char **Arguments) {
  char Copy[256];
  if (Count != 2 && Count != 3)
    return 2;
  if (Count == 3)
    Entries = atoi(Arguments[2]);
  snprintf(Copy, sizeof(Copy), "%s-copy", Arguments[1]);
  require(mkdir(Arguments[1], 0700), "make the folder");
  require(mkdir(Copy, 0700), "make the folder of the copy");

  openDatabase(Arguments[1]);
  fill(1, 0);
  fill(5, 1);
  get("filled");
  scanRanges("filled");
  scanIndex("filled");
  abandon();
  get("after what was abandoned");
  deleteSome();
  printShape();
  require(mdb_env_copy2(Environment, Copy, MDB_CP_COMPACT), "copy");
  mdb_env_close(Environment);
  removeFolder(Arguments[1]);

  openDatabase(Copy);
  get("copied");
  scanRanges("copied");
  fill(2, 4);
  scanIndex("filled again");
  printShape();
  mdb_env_close(Environment);
  removeFolder(Copy);
  return 0;
}
