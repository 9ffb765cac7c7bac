// If this fails, strings that have sites cost more than those of the C++ library:
// their functions are inlined, or those that do not allocate are there as well.
// RUN: %clangxx -std=c++17 -O2 -S -emit-llvm %s -o - | %check %s
// RUN: %clangxx -std=gnu++98 -O2 -S -emit-llvm %s -o - | %check %s
// From C++20 on a program has its own strings anyway, and they stay as they are.
// RUN: %clangxx -std=c++20 -O2 -S -emit-llvm %s -o - | %check %s --check-prefix=OWN
#include <string>

void grow(std::string &S, const char *P, std::string &T, std::wstring &W) {
  S.append(P, 9);
  S.swap(T);
  W.swap(W);
  W.append(L"wide", S.find('/'));
}

// CHECK-NOT: own_strings
// CHECK-LABEL: define {{.*}}4grow
// CHECK:     call {{.*}}@_ZNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEE9_M_appendEPKcm(
// CHECK:     call {{.*}}4swapERS4_(
// CHECK:     call {{.*}}EE9_M_appendEPKwm(
// CHECK:     {{^}}}
// CHECK-DAG: define linkonce_odr {{.*}}@_ZNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEE9_M_appendEPKcm({{.*}} [[NOINLINE:#[0-9]+]] comdat
// CHECK-DAG: declare {{.*}}@_ZNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEE4swapERS4_(
// CHECK-DAG: declare {{.*}}@_ZNSt7__cxx1112basic_stringIwSt11char_traitsIwESaIwEE4swapERS4_(
// CHECK-DAG: attributes [[NOINLINE]] = { {{.*}}noinline

// OWN-LABEL: define {{.*}}4grow
// OWN-NOT:   IcSt11char_traitsIcESaIcEE9_M_append
// OWN:       {{^}}}
