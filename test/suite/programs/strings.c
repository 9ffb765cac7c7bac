// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Strings that are not as long as somebody thought.

#define _GNU_SOURCE
#include "suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *words(void) {
  static char text[] = "four words of text";
  keep(text);
  return text;
}

//=== write-slack.string.no-room-for-the-end
// EXPECT WRITE heap-buffer-overflow in argument 1 of strcpy()
PROGRAM(write_slack_string_no_room_for_the_end) {
  const char *text = words();
  char *copy = malloc(strlen(text) + !bug); // ALLOC
  strcpy(copy, text);                       // BUG
  keep(copy);
  free(copy);
}

//=== write-slack.string.appended
// EXPECT WRITE heap-buffer-overflow in argument 1 of strcat()
PROGRAM(write_slack_string_appended) {
  size_t length = strlen(words());
  char *twice = malloc(2 * length + !bug); // ALLOC
  memcpy(twice, words(), length + 1);
  strcat(twice, words()); // BUG
  keep(twice);
  free(twice);
}

//=== write-slack.string.end-by-hand
// EXPECT heap-corruption or heap-buffer-overflow
PROGRAM(write_slack_string_end_by_hand) {
  char *line = malloc(21); // ALLOC
  int length = 0;
  while (length != 20 + bug)
    line[length++] = 'x';
  // Any byte may be there already: not the same twice.
  line[length] = (char)~line[length]; // BUG
  keep(line);
  free(line); // FREE
}

//=== read-slack.string.without-end
// EXPECT READ heap-buffer-overflow in argument 2 of strcpy()
PROGRAM(read_slack_string_without_end) {
  char out[4096];
  char *name = malloc(30); // ALLOC
  memset(name, 'n', 30);
  if (!bug)
    name[29] = 0;
  strcpy(out, name); // BUG
  keep(out);
  free(name);
}

//=== write-slack.string.printed
// EXPECT WRITE heap-buffer-overflow in argument 1 of snprintf()
PROGRAM(write_slack_string_printed) {
  char *field = malloc(12); // ALLOC
  int room = bug ? 16 : 12;
  keep(&room);
  sink = snprintf(field, room, "%d", sink); // BUG
  keep(field);
  free(field);
}

//=== write-slack.string.working-folder
// EXPECT WRITE heap-buffer-overflow in argument 1 of getcwd()
PROGRAM(write_slack_string_working_folder) {
  char *path = malloc(2000); // ALLOC
  sink = getcwd(path, 2000 + bug) != 0; // BUG
  free(path);
}

//=== read-freed.string.token
// EXPECT READ heap-use-after-free
PROGRAM(read_freed_string_token) {
  char *line = strdup(words()); // ALLOC
  char *rest;
  char *second = strtok_r(line, " ", &rest);
  second = strtok_r(0, " ", &rest);
  if (bug)
    free(line); // FREE
  sink = second[0]; // BUG
  if (!bug)
    free(line);
}

//=== read-freed.string.in-the-library
// EXPECT READ heap-use-after-free
PROGRAM(read_freed_string_in_the_library) {
  char *line = strdup(words()); // ALLOC
  keep(line);
  if (bug)
    free(line); // FREE
  sink = (int)strlen(line); // BUG
  if (!bug)
    free(line);
}

//=== read-past.string.in-the-library
// EXPECT READ heap-buffer-overflow with placement=right
PROGRAM(read_past_string_in_the_library) {
  char *line = malloc(64); // ALLOC
  memset(line, 'x', 64);
  line[bug ? 0 : 63] = bug ? 'x' : 0;
  keep(line);
  sink = (int)strlen(line); // BUG
  free(line);
}

//=== double-free.string.getline
// EXPECT double-free
PROGRAM(double_free_string_getline) {
  // The C library reallocates what we allocated.
  FILE *in = fmemopen((char *)words(), 8, "r");
  size_t room = 2;
  char *line = malloc(room);
  if (getline(&line, &room, in) < 0)
    abort();
  char *copy = strdup(line); // ALLOC
  keep(copy);
  free(line);
  free(copy); // FREE
  if (bug)
    free(copy); // BUG
  fclose(in);
}

//=== read-before.string.trim
// EXPECT READ heap-buffer-underflow with placement=left
PROGRAM(read_before_string_trim) {
  char *line = calloc(1, 16); // ALLOC
  memset(line, bug ? ' ' : 'x', 15);
  keep(line);
  char *end = line + 14;
  while (*end == ' ') // BUG
    --end;
  sink = (int)(end - line);
  free(line);
}
