// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Registration and pipeline position. Differences between LLVM versions stand
// here and nowhere else in the pass.

#include "HeapFencePass.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Passes/PassBuilder.h"
#if __has_include("llvm/Plugins/PassPlugin.h")
#include "llvm/Plugins/PassPlugin.h"
#else
#include "llvm/Passes/PassPlugin.h"
#endif
#include "llvm/Support/raw_ostream.h"
#include <cstdio>
#include <cstdlib>
#include <dlfcn.h>

using namespace llvm;
using namespace heapfence;

/// The major version of the LLVM that loaded this plugin; 0 if it is too old
/// to say (before 16).
static unsigned hostVersion() {
  using GetVersion = void (*)(unsigned *, unsigned *, unsigned *);
  auto Get =
      reinterpret_cast<GetVersion>(dlsym(RTLD_DEFAULT, "LLVMGetVersion"));
  unsigned Major = 0;
  if (Get)
    Get(&Major, nullptr, nullptr);
  return Major;
}

// -fplugin= loads this before the command line is parsed: the options must
// exist by then, but only in the LLVM they were compiled for.
__attribute__((constructor)) static void registerOptions() {
  if (hostVersion() == LLVM_VERSION_MAJOR)
    registerCommandLineOptions();
}

static bool parsePass(StringRef Name, ModulePassManager &MPM) {
  if (!Name.consume_front("heapfence"))
    return false;
  PassOptions Options = commandLineOptions();
  std::string Error;
  if (!Name.empty() && !(Name.consume_front("<") && Name.consume_back(">")))
    return false;
  if (!parsePipelineParameters(Name, Options, Error)) {
    errs() << "heapfence: " << Error << "\n";
    return false;
  }
  MPM.addPass(HeapFencePass(Options));
  return true;
}

static void registerPass(PassBuilder &PB) {
  PB.registerPipelineParsingCallback(
      [](StringRef Name, ModulePassManager &MPM,
         ArrayRef<PassBuilder::PipelineElement>) {
        return parsePass(Name, MPM);
      });
  PB.registerPipelineStartEPCallback(
      [](ModulePassManager &MPM, OptimizationLevel) {
        MPM.addPass(ExemptionPass(commandLineOptions()));
      });
  // Last: neither heap elision nor inlining is hindered. From LLVM 20 on the
  // callback is also told the link-time phase, which does not matter here: the
  // pass leaves alone what it guarded before.
  PB.registerOptimizerLastEPCallback(
      [](ModulePassManager &MPM, OptimizationLevel, auto &&...) {
        MPM.addPass(HeapFencePass(commandLineOptions()));
      });
  PB.registerFullLinkTimeOptimizationLastEPCallback(
      [](ModulePassManager &MPM, OptimizationLevel) {
        MPM.addPass(HeapFencePass(commandLineOptions()));
      });
}

extern "C" __attribute__((visibility("default"))) PassPluginLibraryInfo
llvmGetPassPluginInfo() {
  if (unsigned Host = hostVersion(); Host != LLVM_VERSION_MAJOR) {
    // stdio: the host's raw_ostream may not be the one compiled against.
    std::fprintf(stderr,
                 "error: this HeapFence pass was built for LLVM %d, but it was "
                 "loaded into LLVM %u%s: use the plugin of that version\n",
                 LLVM_VERSION_MAJOR, Host, Host ? "" : " (older than 16)");
    std::exit(1);
  }
  return {LLVM_PLUGIN_API_VERSION, "HeapFence", "0.1.0", registerPass};
}
