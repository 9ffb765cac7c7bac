// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Fills a database with 200,000 entries, reads, deletes, compacts, iterates
// and opens it again. Prints counts and hashes, so that two runs can be
// compared. Arguments: an empty folder; another number of entries, if wanted.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

#include "leveldb/cache.h"
#include "leveldb/db.h"
#include "leveldb/filter_policy.h"
#include "leveldb/write_batch.h"

namespace {

int Entries = 200000;

void require(const leveldb::Status &Status, const char *What) {
  if (Status.ok())
    return;
  std::printf("failed: %s: %s\n", What, Status.ToString().c_str());
  std::exit(1);
}

uint64_t hash(const leveldb::Slice &Bytes, uint64_t Hash) {
  for (size_t I = 0; I < Bytes.size(); ++I)
    Hash = (Hash ^ static_cast<unsigned char>(Bytes[I])) * 0x100000001b3;
  return Hash;
}

std::string keyOf(int Index) {
  char Text[32];
  std::snprintf(Text, sizeof(Text), "key-%08u",
                static_cast<unsigned>(Index) * 2654435761u % 100000007u);
  return Text;
}

std::string valueOf(int Index, int Version) {
  std::string Value = "value " + std::to_string(Index * 7 + Version) + ' ';
  Value.append(Index % 90, static_cast<char>('a' + Index % 26));
  return Value;
}

void put(leveldb::DB &Database) {
  for (int I = 0; I < Entries;) {
    leveldb::WriteBatch Batch;
    for (int End = I + 1 + I % 50; I < End && I < Entries; ++I)
      Batch.Put(keyOf(I), valueOf(I, 0));
    require(Database.Write(leveldb::WriteOptions(), &Batch), "write a batch");
  }
  for (int I = 0; I < Entries; I += 5)
    require(Database.Put(leveldb::WriteOptions(), keyOf(I), valueOf(I, 1)),
            "overwrite");
  for (int I = 0; I < Entries; I += 11)
    require(Database.Delete(leveldb::WriteOptions(), keyOf(I)), "delete");
}

void get(leveldb::DB &Database, const leveldb::Snapshot *Snapshot,
         const char *What) {
  leveldb::ReadOptions Options;
  Options.snapshot = Snapshot;
  uint64_t Hash = 0;
  int Found = 0;
  std::string Value;
  for (int I = 0; I < Entries + 1000; I += 3) {
    leveldb::Status Status = Database.Get(Options, keyOf(I), &Value);
    if (Status.IsNotFound())
      continue;
    require(Status, "get");
    ++Found;
    Hash = hash(Value, Hash);
  }
  std::printf("%s: found %d, %016llx\n", What, Found,
              static_cast<unsigned long long>(Hash));
}

void iterate(leveldb::DB &Database, const char *What) {
  std::unique_ptr<leveldb::Iterator> Cursor(
      Database.NewIterator(leveldb::ReadOptions()));
  uint64_t Hash = 0;
  int Count = 0;
  for (Cursor->SeekToFirst(); Cursor->Valid(); Cursor->Next(), ++Count)
    Hash = hash(Cursor->value(), hash(Cursor->key(), Hash));
  for (Cursor->SeekToLast(); Cursor->Valid() && Count % 1000; Cursor->Prev())
    ++Count;
  require(Cursor->status(), "iterate");
  std::printf("%s: iterated %d, %016llx\n", What, Count,
              static_cast<unsigned long long>(Hash));
}

std::unique_ptr<leveldb::DB> open(const leveldb::Options &Options,
                                  const char *Folder) {
  leveldb::DB *Database = nullptr;
  require(leveldb::DB::Open(Options, Folder, &Database), "open");
  return std::unique_ptr<leveldb::DB>(Database);
}

} // namespace

int main(int Count, char **Arguments) {
  if (Count != 2 && Count != 3)
    return 2;
  if (Count == 3)
    Entries = std::atoi(Arguments[2]);
  std::unique_ptr<const leveldb::FilterPolicy> Filter(
      leveldb::NewBloomFilterPolicy(10));
  std::unique_ptr<leveldb::Cache> Cache(leveldb::NewLRUCache(2 << 20));
  leveldb::Options Options;
  Options.create_if_missing = true;
  Options.write_buffer_size = 1 << 20; // several compactions in one run
  Options.filter_policy = Filter.get();
  Options.block_cache = Cache.get();

  std::unique_ptr<leveldb::DB> Database = open(Options, Arguments[1]);
  put(*Database);
  get(*Database, nullptr, "after put");
  const leveldb::Snapshot *Before = Database->GetSnapshot();
  for (int I = 0; I < Entries; I += 2)
    require(Database->Delete(leveldb::WriteOptions(), keyOf(I)), "delete");
  Database->CompactRange(nullptr, nullptr);
  get(*Database, Before, "snapshot");
  Database->ReleaseSnapshot(Before);
  get(*Database, nullptr, "after compaction");
  iterate(*Database, "after compaction");
  Database.reset();

  Database = open(Options, Arguments[1]);
  Database->CompactRange(nullptr, nullptr);
  iterate(*Database, "opened again");
  Database.reset();
  require(leveldb::DestroyDB(Arguments[1], Options), "destroy");
  return 0;
}
