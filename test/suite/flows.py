# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The ways from an allocation to an error, as texts of C and C++.

@alloc X: allocates X. @use X: a legal use of all of it. @before X, @act X and @after X:
the kind's three parts. @rest X: the same together. @free X: the right free of another
object. @id: the program's name. What follows ==== is in a file of its own."""

C_FLOWS = {
    "direct": """
PROGRAM(@id) {
  char *p;
  @alloc p
  @use p
  @rest p
}
""",
    "field": """
PROGRAM(@id) {
  struct box b = {1, 0};
  @alloc b.data
  @use b.data
  @rest b.data
}
""",
    "heap-field": """
PROGRAM(@id) {
  struct box *b = malloc(sizeof *b);
  @alloc b->data
  @use b->data
  @rest b->data
  free(b);
}
""",
    "callback": """
static void spoil_@id(char *p) {
  @rest p
}

PROGRAM(@id) {
  char *p;
  @alloc p
  @use p
  call_with(spoil_@id, p);
}
""",
    "functions": """
static NOINLINE char *make_@id(void) {
  char *p;
  @alloc p
  return p;
}

static NOINLINE void prepare_@id(char *p) {
  @before p
  keep(p);
}

static NOINLINE void spoil_@id(char *p) {
  @act p
  keep(p);
}

PROGRAM(@id) {
  char *p = make_@id();
  @use p
  prepare_@id(p);
  spoil_@id(p);
  @after p
}
""",
    "units": """
char *make_@id(void);
void prepare_@id(char *p);
void finish_@id(char *p);

PROGRAM(@id) {
  char *p = make_@id();
  @use p
  prepare_@id(p);
  @act p
  finish_@id(p);
}
====
char *make_@id(void) {
  char *p;
  @alloc p
  return p;
}

void prepare_@id(char *p) {
  @before p
}

void finish_@id(char *p) {
  @after p
}
""",
    "loop": """
PROGRAM(@id) {
  for (int i = 0; i != 4; ++i) {
    char *p;
    @alloc p
    @use p
    if (i != 2) {
      @free p
      continue;
    }
    @rest p
  }
}
""",
    "thread": """
static void spoil_@id(char *p) {
  @act p
}

PROGRAM(@id) {
  char *p;
  @alloc p
  @use p
  @before p
  call_in_thread(spoil_@id, p);
  @after p
}
""",
    "table": """
PROGRAM(@id) {
  char **table = 0;
  for (int i = 0; i != 5; ++i) {
    table = realloc(table, (i + 1) * sizeof *table);
    @alloc table[i]
    @use table[i]
  }
  @rest table[3]
  for (int i = 0; i != 5; ++i)
    if (i != 3)
      @free table[i]
  free(table);
}
""",
    "list": """
PROGRAM(@id) {
  struct node *head = 0;
  for (int i = 0; i != 3; ++i) {
    struct node *n = malloc(sizeof *n);
    @alloc n->data
    @use n->data
    n->next = head;
    head = n;
  }
  struct node *second = head->next;
  @rest second->data
  @free head->data
  @free second->next->data
  free(second->next);
  free(second);
  free(head);
}
""",
    "moved": """
PROGRAM(@id) {
  char *p;
  @alloc-other p
  @use p
  p = realloc(p, @moved);  // ALLOC
  use(p, @moved);
  @rest-moved p
}
""",
    "recursion": """
static void down_@id(int depth, char *p) {
  if (depth) {
    down_@id(depth - 1, p);
    keep(p);
    return;
  }
  @rest p
}

PROGRAM(@id) {
  char *p;
  @alloc p
  @use p
  down_@id(3, p);
}
""",
    "cleanup": """
PROGRAM(@id) {
  char *p;
  @alloc p
  @use p
  @before p
  keep(p);
  if (sink == 12345)
    goto out;
  sink = 1;
out:
  @act p
  @after p
}
""",
    "at-exit": """
static char *kept_@id;

static void last_@id(void) {
  char *p = kept_@id;
  @rest p
}

PROGRAM(@id) {
  @alloc kept_@id
  @use kept_@id
  atexit(last_@id);
}
""",
}

CPP_FLOWS = {
    "direct": C_FLOWS["direct"],
    "class": """
namespace {
class Owner_@id {
public:
  Owner_@id() {
    @alloc Data
    @use Data
  }
  void spoil() {
    @before Data
    @act Data
  }
  ~Owner_@id() {
    @after Data
  }

private:
  char *Data;
};
} // namespace

PROGRAM(@id) {
  Owner_@id Owner;
  Owner.spoil();
}
""",
    "destructor": """
namespace {
struct Owner_@id {
  char *Data;
  ~Owner_@id() {
    @rest Data
  }
};
} // namespace

PROGRAM(@id) {
  char *p;
  @alloc p
  @use p
  Owner_@id Owner{p};
}
""",
    "lambda": """
PROGRAM(@id) {
  char *p;
  @alloc p
  @use p
  std::function<void()> Later = [p]() mutable {
    @rest p
  };
  Later();
}
""",
    "vector": """
PROGRAM(@id) {
  std::vector<char *> All;
  for (int i = 0; i != 3; ++i) {
    char *p;
    @alloc p
    @use p
    All.push_back(p);
  }
  @free All[0]
  @free All[2]
  @rest All[1]
}
""",
    "map": """
PROGRAM(@id) {
  std::map<int, char *> All;
  char *p;
  @alloc p
  @use p
  All[7] = p;
  char *&q = All.find(7)->second;
  @rest q
}
""",
    "exception": """
PROGRAM(@id) {
  char *p;
  @alloc p
  @use p
  try {
    @before p
    throw p;
  } catch (char *q) {
    @act q
    @after q
  }
}
""",
    "virtual": """
namespace {
struct Spoiler_@id : Actor {
  void act(char *p) override {
    @rest p
  }
};
} // namespace

PROGRAM(@id) {
  char *p;
  @alloc p
  @use p
  std::unique_ptr<Actor> Spoiler = std::make_unique<Spoiler_@id>();
  Spoiler->act(p);
}
""",
    "template": """
namespace {
template <typename T> void spoil_@id(T p) {
  @rest p
}
} // namespace

PROGRAM(@id) {
  char *p;
  @alloc p
  @use p
  spoil_@id(p);
}
""",
    "thread": """
PROGRAM(@id) {
  char *p;
  @alloc p
  @use p
  @before p
  std::thread Other([=]() mutable {
    @act p
  });
  Other.join();
  @after p
}
""",
    "unique_ptr": """
namespace {
struct Drop_@id {
  void operator()(char *p) const {
    @rest p
  }
};
} // namespace

PROGRAM(@id) {
  char *p;
  @alloc p
  @use p
  std::unique_ptr<char, Drop_@id> Owner(p);
  sink = *Owner;
}
""",
    "units": C_FLOWS["units"],
}

HEAD = {
    "c": """#include "suite.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

struct box {
  int tag;
  char *data;
};
struct node {
  struct node *next;
  char *data;
};
""",
    "cpp": """#include "suite.h"

#include <new>
#include <stdlib.h>

extern "C" void free_sized(void *, size_t);
extern "C" void free_aligned_sized(void *, size_t, size_t);
""",
}
# What only some flows need: half the time goes to the C++ library's headers.
CPP_HEAD_OF = {
    "lambda": "#include <functional>\n",
    "map": "#include <map>\n",
    "thread": "#include <thread>\n",
    "unique_ptr": "#include <memory>\n",
    "vector": "#include <vector>\n",
    "virtual": """#include <memory>

struct Actor {
  virtual void act(char *p) = 0;
  virtual ~Actor() = default;
};
""",
}
