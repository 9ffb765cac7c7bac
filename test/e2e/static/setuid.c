// If this fails, a change of user hangs or does not reach the ticker.
// REQUIRES: root
// RUN: %clang %static -O2 %s -o %t
// RUN: %run %t 2>&1 | %check %s
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
int main(void) {
  void *volatile p = malloc(1);
  free(p);
  if (setuid(65534))
    return 1;
  DIR *tasks = opendir("/proc/self/task");
  for (struct dirent *d; (d = readdir(tasks));) {
    char path[300], line[100];
    if (d->d_name[0] == '.')
      continue;
    snprintf(path, sizeof(path), "/proc/self/task/%s/status", d->d_name);
    FILE *f = fopen(path, "r");
    while (fgets(line, sizeof(line), f))
      if (!strncmp(line, "Uid:", 4))
        printf("%s", line);
    fclose(f);
  }
}
// CHECK-NOT: HeapFence
// CHECK: Uid: 65534 65534
// CHECK-NEXT: Uid: 65534 65534
