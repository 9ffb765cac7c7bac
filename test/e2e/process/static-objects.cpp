// If this fails, constructors and destructors of static and thread-local
// objects do not run as they should when all they allocate is guarded.
// RUN: %clangxx -O0 -pthread %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %clangxx -O2 -pthread %s -o %t
// RUN: %run %t 2>&1 | %check %s
#include <cstdio>
#include <map>
#include <string>
#include <thread>

struct Registry {
  std::map<std::string, std::string *> Entries;
  const char *Name;
  explicit Registry(const char *Name) : Name(Name) {
    Entries[std::string(50, 'k')] = new std::string("value");
  }
  ~Registry() {
    for (auto &E : Entries)
      delete E.second;
    std::string Farewell = std::string("end of ") + Name + std::string(30, '.');
    std::puts(Farewell.c_str());
  }
};

static Registry Global("global");
static thread_local Registry Local("thread's");

int main() {
  std::thread([] { Local.Entries["a"] = new std::string(100, 'x'); }).join();
  Local.Entries["b"] = new std::string(100, 'y');
  static Registry InMain("main's");
  Global.Entries["c"] = nullptr;
}
// CHECK-NOT:  HeapFence
// CHECK:      {{^}}end of thread's..
// CHECK-NEXT: {{^}}end of thread's..
// CHECK-NEXT: {{^}}end of main's..
// CHECK-NEXT: {{^}}end of global..
