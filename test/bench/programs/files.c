// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Reads and writes blocks of a few files at random, in the current folder, each
// in a heap buffer, and brings them to the disk now and then.
//   files SCALE
#include "work.h"

#include <fcntl.h>
#include <unistd.h>

enum {
  FILES = 4,
  BLOCKS = 64,
  BLOCK = 16384,
  REQUESTS = 1000,
  SYNC_EVERY = 500
};

static int files[FILES];
static uint64_t written[FILES][BLOCKS]; // the stamp of each block

static void write_block(int file, int block, uint64_t value) {
  char *buffer = malloc(BLOCK);
  memset(buffer, (int)(value & 0xff), BLOCK);
  stamp(buffer, BLOCK, value);
  require(pwrite(files[file], buffer, BLOCK, (off_t)block * BLOCK) == BLOCK,
          "write a block");
  written[file][block] = value;
  free(buffer);
}

static uint64_t read_block(int file, int block) {
  char *buffer = malloc(BLOCK);
  require(pread(files[file], buffer, BLOCK, (off_t)block * BLOCK) == BLOCK,
          "read a block");
  uint64_t value = stamp_of(buffer, BLOCK);
  require(value == written[file][block] &&
              buffer[BLOCK / 2] == (char)(value & 0xff),
          "a block is what was written");
  free(buffer);
  return value;
}

static void create_files(uint64_t *random) {
  for (int i = 0; i < FILES; ++i) {
    char name[] = "files-N.data";
    name[6] = (char)('0' + i);
    files[i] = open(name, O_RDWR | O_CREAT | O_TRUNC, 0600);
    require(files[i] >= 0 && !unlink(name), "create a file");
    for (int block = 0; block < BLOCKS; ++block)
      write_block(i, block, draw(random));
  }
}

int main(int count, char **arguments) {
  long requests = REQUESTS * argument(count, arguments, 1, 1);
  uint64_t random = 1, sum = 0;
  create_files(&random);
  for (long i = 0; i < requests; ++i) {
    uint64_t r = draw(&random);
    int file = (int)(r % FILES), block = (int)((r >> 8) % BLOCKS);
    // Three reads to two writes.
    if ((r >> 32) % 5 < 3)
      sum = sum * 31 + read_block(file, block);
    else
      write_block(file, block, r);
    if (i % SYNC_EVERY == SYNC_EVERY - 1)
      require(!fsync(files[file]), "bring a file to the disk");
  }
  print_checksum(sum);
  return 0;
}
