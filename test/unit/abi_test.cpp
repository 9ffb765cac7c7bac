// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// If this fails, compiled code and the runtime read each other's records
// differently.

#include "heapfence/abi.h"
#include "test_site.h"

#include <gtest/gtest.h>

#include <cstring>
#include <set>
#include <string>

using namespace heapfence;

namespace {

SourceFrame frameAt(uint32_t Line, uint32_t Column) {
  SourceFrame F = {};
  F.LineAndColumn = SourceFrame::packLine(Line, Column);
  return F;
}

TEST(Abi, LinesAndColumnsAreUnpackedAsPacked) {
  for (uint32_t Line : {0u, 1u, 2u, 1023u, 1024u, 65536u, SourceFrame::MaxLine})
    for (uint32_t Column : {0u, 1u, 80u, SourceFrame::MaxColumn}) {
      const SourceFrame F = frameAt(Line, Column);
      EXPECT_EQ(F.line(), Line);
      EXPECT_EQ(F.column(), Column);
    }
}

TEST(Abi, WhatDoesNotFitIsUnknown) {
  EXPECT_EQ(frameAt(7, SourceFrame::MaxColumn + 1).line(), 7u);
  EXPECT_EQ(frameAt(7, SourceFrame::MaxColumn + 1).column(), 0u);
  EXPECT_EQ(frameAt(7, ~0u).column(), 0u);
  for (uint32_t Line : {SourceFrame::MaxLine + 1, ~0u}) {
    EXPECT_EQ(frameAt(Line, 5).line(), 0u);
    EXPECT_EQ(frameAt(Line, 5).column(), 0u);
  }
}

TEST(Abi, RelativeReferences) {
  struct {
    Relative<int> Forward;
    int Value;
    Relative<int> Backward, Nothing;
  } Record = {{}, 5, {}, {0}};
  refer(Record.Forward, &Record.Value);
  refer(Record.Backward, &Record.Value);
  EXPECT_EQ(Record.Forward.get(), &Record.Value);
  EXPECT_EQ(Record.Backward.get(), &Record.Value);
  EXPECT_EQ(Record.Nothing.get(), nullptr);
}

TEST(Abi, FamiliesFollowTheSymbols) {
  struct {
    HeapFunction Id;
    std::string Symbol;
  } Functions[] = {
#define HEAP_FUNCTION(Id, Symbol, Shape, Family) {HeapFunction::Id, Symbol},
#include "heapfence/heap_functions.def"
  };
  std::set<std::string> Symbols;
  for (auto &F : Functions) {
    EXPECT_TRUE(Symbols.insert(F.Symbol).second) << F.Symbol;
    const std::string Prefix = F.Symbol.substr(0, 4);
    const Family Expected =
        Prefix == "_Zna" || Prefix == "_Zda"   ? Family::NewArray
        : Prefix == "_Znw" || Prefix == "_Zdl" ? Family::New
                                               : Family::Malloc;
    EXPECT_EQ(familyOf(F.Id), Expected) << F.Symbol;
  }
}

} // namespace
