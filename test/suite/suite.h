/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
   What the programs of the suite share. README.md says how they are written. */

#ifndef SUITE_H
#define SUITE_H

#ifdef __cplusplus
#define PROGRAM(Name) extern "C" void Name(void)
extern "C" {
#else
#define PROGRAM(Name) void Name(void)
#endif
#define NOINLINE __attribute__((noinline))

/* 0 in the fixed twin. */
extern int bug;

/* Where what was read goes to. */
extern volatile int sink;

/* Writes and reads all of an object. */
void use(char *p, int size);

/* The optimizer must believe that somebody looks at what `p` points to. */
void keep(const void *p);

/* Call `act` with `p`: here, or in a thread of its own. */
void call_with(void (*act)(char *), char *p);
void call_in_thread(void (*act)(char *), char *p);

#ifdef __cplusplus
}

template <int N> struct Bytes {
  char At[N];
};
template <int N> struct alignas(64) Line {
  char At[N];
};
#endif

#endif
