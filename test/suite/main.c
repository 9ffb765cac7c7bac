/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
   Runs one program, or with a second argument its fixed twin. */

#include "suite.h"

#include <stdio.h>
#include <string.h>

struct entry {
  const char *name;
  void (*run)(void);
};
extern const struct entry programs[]; /* The last has no name. */

int main(int argc, char **argv) {
  for (const struct entry *e = programs; argc > 1 && e->name; ++e) {
    if (strcmp(e->name, argv[1]))
      continue;
    bug = argc == 2;
    e->run();
    puts("done");
    return 0;
  }
  return 2;
}
