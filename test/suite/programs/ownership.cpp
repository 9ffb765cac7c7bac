// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Who owns an object, and what it is deleted as.

#include "suite.h"

#include <functional>
#include <memory>
#include <new>
#include <stdlib.h>
#include <string>
#include <utility>

namespace {
struct Item {
  long Value = 1;
  long Rest[5] = {};
};
struct Named {
  std::string Name = "a name";
  ~Named() { keep(this); }
};
struct Base {
  long X = 1;
};
struct Derived : Base {
  long Y[6] = {};
};
struct Wide {
  alignas(64) char Bytes[64];
};
} // namespace

//=== read-freed.owner.unique-reset
// EXPECT READ heap-use-after-free
PROGRAM(read_freed_owner_unique_reset) {
  auto Owner = std::make_unique<Item>(); // ALLOC
  Item *Raw = Owner.get();
  keep(Raw);
  if (bug)
    Owner.reset(); // FREE
  sink = int(Raw->Value); // BUG
}

//=== write-freed.owner.moved-to-a-callee
// EXPECT WRITE heap-use-after-free
static NOINLINE void consume(std::unique_ptr<Item> I) { keep(I.get()); }
PROGRAM(write_freed_owner_moved_to_a_callee) {
  auto Owner = std::make_unique<Item>(); // ALLOC
  auto Kept = std::make_unique<Item>();
  Item *Raw = bug ? Owner.get() : Kept.get();
  consume(std::move(Owner)); // FREE
  Raw->Value = 2; // BUG
  keep(Raw);
}

//=== read-freed.owner.shared-by-raw-pointer
// EXPECT READ heap-use-after-free
PROGRAM(read_freed_owner_shared_by_raw_pointer) {
  Item *Raw;
  auto Kept = std::make_shared<Item>();
  {
    auto Owner = std::make_shared<Item>(); // ALLOC
    Raw = bug ? Owner.get() : Kept.get();
    keep(Owner.get());
  } // FREE
  sink = int(Raw->Value); // BUG
}

//=== double-free.owner.two-unique-owners
// EXPECT double-free
PROGRAM(double_free_owner_two_unique_owners) {
  Item *Raw = new Item; // ALLOC
  keep(Raw);
  std::unique_ptr<Item> A(Raw);
  if (bug) {
    std::unique_ptr<Item> B(Raw);
    keep(B.get());
  } // FREE
  keep(A.get());
} // BUG

//=== read-freed.owner.captured-by-reference
// EXPECT READ heap-use-after-free
PROGRAM(read_freed_owner_captured_by_reference) {
  auto Owner = std::make_unique<Item>(); // ALLOC
  std::function<int()> Later = [&I = *Owner] {
    return int(I.Value); // BUG
  };
  keep(Owner.get());
  if (bug)
    Owner = nullptr; // FREE
  sink = Later();
}

//=== wrong-family.owner.unique-of-array
// EXPECT alloc-dealloc-mismatch
PROGRAM(wrong_family_owner_unique_of_array) {
  long *Numbers = new long[4]; // ALLOC
  keep(Numbers);
  if (bug) {
    std::unique_ptr<long> Owner(Numbers);
    keep(Owner.get());
  } // BUG
  else
    delete[] Numbers;
}

//=== wrong-family.owner.unique-of-malloc
// EXPECT alloc-dealloc-mismatch
PROGRAM(wrong_family_owner_unique_of_malloc) {
  void *Memory = malloc(sizeof(Item)); // ALLOC
  Item *I = new (Memory) Item;
  keep(I);
  if (bug)
    delete I; // BUG
  else
    free(I);
}

//=== free-before.owner.delete-of-array-with-destructors
// EXPECT invalid-free
PROGRAM(free_before_owner_delete_of_array_with_destructors) {
  // delete[] looks for a count in front of an object that has none.
  Named *One = new Named; // ALLOC
  keep(One);
  if (bug)
    ::operator delete[](reinterpret_cast<size_t *>(One) - 1); // BUG
  else
    delete One;
}

//=== free-inside.owner.delete-of-array-with-destructors
// EXPECT invalid-free
PROGRAM(free_inside_owner_delete_of_array_with_destructors) {
  Named *Three = new Named[3]; // ALLOC
  keep(Three);
  if (bug)
    delete Three; // BUG
  else
    delete[] Three;
}

//=== free-inside.owner.second-base
// EXPECT invalid-free
namespace {
struct Other {
  long Z = 3;
};
struct Both : Base, Other {};
} // namespace
PROGRAM(free_inside_owner_second_base) {
  Both *B = new Both; // ALLOC
  keep(B);
  Other *O = B;
  if (bug)
    delete O; // BUG
  else
    delete B;
}

//=== wrong-size.owner.no-virtual-destructor
// EXPECT sized-delete-mismatch
PROGRAM(wrong_size_owner_no_virtual_destructor) {
  Base *B = new Derived; // ALLOC
  keep(B);
  if (bug) {
    delete B; // BUG
    sink = 1;
  } else {
    delete static_cast<Derived *>(B);
  }
}

//=== wrong-alignment.owner.deleted-as-bytes
// EXPECT aligned-delete-mismatch
PROGRAM(wrong_alignment_owner_deleted_as_bytes) {
  Wide *W = new Wide; // ALLOC
  keep(W);
  if (bug)
    delete reinterpret_cast<char *>(W); // BUG
  else
    delete W;
}

//=== write-freed.owner.destroyed-by-itself
// EXPECT WRITE heap-use-after-free
namespace {
struct Session {
  long State = 0;
  NOINLINE void close() {
    if (bug)
      delete this; // FREE
    State = 2; // BUG
    keep(this);
  }
};
} // namespace
PROGRAM(write_freed_owner_destroyed_by_itself) {
  Session *S = new Session; // ALLOC
  S->close();
  if (!bug)
    delete S;
}

//=== read-freed.owner.static-object
// EXPECT READ heap-use-after-free
namespace {
Item *Registry;
struct Last {
  ~Last() {
    if (Registry)
      sink = int(Registry->Value); // BUG
  }
};
} // namespace
PROGRAM(read_freed_owner_static_object) {
  static Last AtExit;
  keep(&AtExit);
  Registry = new Item; // ALLOC
  keep(Registry);
  if (bug)
    delete Registry; // FREE
}

//=== read-freed.owner.constructor-throws
// EXPECT READ heap-use-after-free
namespace {
Item *Early;
struct Throws {
  Item Part;
  Throws() {
    Early = &Part;
    keep(this);
    if (bug)
      throw 1;
  }
};
} // namespace
PROGRAM(read_freed_owner_constructor_throws) {
  Throws *T = nullptr;
  try {
    T = new Throws; // ALLOC FREE
  } catch (int) {
  }
  sink = int(Early->Value); // BUG
  delete T;
}
