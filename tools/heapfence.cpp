// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The tool `heapfence`: what is done with reports after the fact, and with
// running processes; one subcommand each.

#include "coverage.h"
#include "post_mortem.h"
#include "process.h"
#include "symbolize.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/raw_ostream.h"
#include <unistd.h>

using namespace llvm;

namespace {

int usageError(const Twine &Message) {
  errs() << "heapfence: " << Message << "; see heapfence --help\n";
  return 2;
}

cl::OptionCategory Category("Options");

cl::SubCommand
    SymbolizeCommand("symbolize",
                     "copy a log and symbolize the HeapFence reports in it");

cl::SubCommand
    CoreCommand("core", "report what a core file tells of the process's end");

cl::SubCommand DescribeCommand(
    "describe", "tell what is at an address of a running or stopped process");

cl::list<std::string>
    ModulePaths("module", cl::value_desc("old=new"), cl::cat(Category),
                cl::desc("read the module, or the modules below the directory, "
                         "<old> of the report from <new> (repeatable)"),
                cl::sub(SymbolizeCommand), cl::sub(CoreCommand),
                cl::sub(DescribeCommand));

cl::list<std::string> DebugFileDirectories(
    "debug-file-directory", cl::value_desc("directory"), cl::cat(Category),
    cl::desc("also search <directory>/.build-id for debug files (repeatable)"),
    cl::sub(SymbolizeCommand), cl::sub(CoreCommand), cl::sub(DescribeCommand));

cl::opt<bool> AfterRaw(
    "after-raw", cl::cat(Category),
    cl::desc("for the runtime: read one report, print it from the access line "
             "on in one piece; exit 3, silent, if nothing is known"),
    cl::sub(SymbolizeCommand));

cl::opt<int> StatusFd(
    "status-fd", cl::cat(Category), cl::init(-1), cl::value_desc("n"),
    cl::desc("with --after-raw: write the exit status there, as one digit"),
    cl::sub(SymbolizeCommand));

cl::opt<bool> Quiet("quiet", cl::cat(Category),
                    cl::desc("do not name the modules without symbols"),
                    cl::sub(SymbolizeCommand), cl::sub(CoreCommand),
                    cl::sub(DescribeCommand));

cl::opt<bool> Verbose("verbose", cl::cat(Category),
                      cl::desc("name every module without lines and say why"),
                      cl::sub(SymbolizeCommand), cl::sub(CoreCommand),
                      cl::sub(DescribeCommand));

cl::opt<std::string> CorePath(cl::Positional, cl::Required, cl::desc("<core>"),
                              cl::cat(Category), cl::sub(CoreCommand));

cl::opt<std::string> CoreExecutable(cl::Positional, cl::Required,
                                    cl::desc("<executable>"), cl::cat(Category),
                                    cl::sub(CoreCommand));

cl::opt<std::string> CoreAddress(cl::Positional, cl::desc("[<address>]"),
                                 cl::cat(Category), cl::sub(CoreCommand));

cl::opt<int> DescribePid(cl::Positional, cl::Required, cl::desc("<pid>"),
                         cl::cat(Category), cl::sub(DescribeCommand));

cl::opt<std::string> DescribeAddress(cl::Positional, cl::Required,
                                     cl::desc("<address>"), cl::cat(Category),
                                     cl::sub(DescribeCommand));

cl::SubCommand StatCommand("stat", "show what HeapFence does in a process");

cl::SubCommand SetCommand("set", "change what HeapFence does in a process");

cl::opt<int> StatPid(cl::Positional, cl::Required, cl::desc("<pid>"),
                     cl::cat(Category), cl::sub(StatCommand));

cl::opt<int> SetPid(cl::Positional, cl::Required, cl::desc("<pid>"),
                    cl::cat(Category), cl::sub(SetCommand));

cl::list<std::string> Changes(cl::Positional, cl::OneOrMore,
                              cl::desc("<name=value>..."), cl::cat(Category),
                              cl::sub(SetCommand));

cl::SubCommand CoverageCommand(
    "coverage", "merge coverage files, or show which sites were never guarded");

cl::opt<std::string> CoverageAction(cl::Positional, cl::Required,
                                    cl::desc("merge|show"), cl::cat(Category),
                                    cl::sub(CoverageCommand));

cl::list<std::string> CoverageFiles(cl::Positional, cl::OneOrMore,
                                    cl::desc("<file>..."), cl::cat(Category),
                                    cl::sub(CoverageCommand));

cl::opt<std::string> CoverageOutput("o", cl::init("-"), cl::value_desc("file"),
                                    cl::cat(Category),
                                    cl::desc("merge: write there"),
                                    cl::sub(CoverageCommand));

cl::opt<bool> CoverageAll("all", cl::cat(Category),
                          cl::desc("show: also the sites that were guarded"),
                          cl::sub(CoverageCommand));

void printVersion(raw_ostream &OS) {
  OS << "heapfence " HEAPFENCE_VERSION " (LLVM " LLVM_VERSION_STRING ")\n";
}

/// Returns: false after saying what is wrong with the options.
bool readSymbolizeOptions(heapfence::SymbolizeOptions &Options) {
  for (StringRef Pair : ModulePaths) {
    auto [Old, New] = Pair.split('=');
    if (Old.empty() || New.empty()) {
      usageError("--module=" + Pair + " is not <old>=<new>");
      return false;
    }
    Options.ModulePaths.emplace_back(Old.str(), New.str());
  }
  Options.DebugFileDirectories = DebugFileDirectories;
  if (Quiet)
    Options.Say = heapfence::Verbosity::Quiet;
  else if (Verbose)
    Options.Say = heapfence::Verbosity::EveryModule;
  return true;
}

int runSymbolize() {
  heapfence::SymbolizeOptions Options;
  if (!readSymbolizeOptions(Options))
    return 2;
  if (!AfterRaw)
    return heapfence::symbolizeStream(Options);
  int Status = heapfence::symbolizeAfterRaw(Options);
  char Digit = static_cast<char>('0' + Status);
  if (StatusFd >= 0 && write(StatusFd, &Digit, 1) != 1)
    return 1;
  return Status;
}

int runCore() {
  heapfence::CoreOptions Options{CorePath, CoreExecutable, {}, {}};
  uint64_t Address;
  if (!readSymbolizeOptions(Options.Symbolize))
    return 2;
  if (!CoreAddress.empty()) {
    if (StringRef(CoreAddress).getAsInteger(0, Address))
      return usageError("'" + CoreAddress + "' is not an address");
    Options.Address = Address;
  }
  return heapfence::judgeCore(Options);
}

int runDescribe() {
  heapfence::SymbolizeOptions Options;
  uint64_t Address;
  if (!readSymbolizeOptions(Options))
    return 2;
  if (StringRef(DescribeAddress).getAsInteger(0, Address))
    return usageError("'" + DescribeAddress + "' is not an address");
  return heapfence::describeInProcess(DescribePid, Address, Options);
}

int runCoverage() {
  std::vector<std::string> Files(CoverageFiles.begin(), CoverageFiles.end());
  if (CoverageAction == "merge")
    return heapfence::mergeCoverage(Files, CoverageOutput);
  if (CoverageAction == "show")
    return heapfence::showCoverage(Files, CoverageAll);
  return usageError("coverage wants merge or show, not '" + CoverageAction +
                    "'");
}

} // namespace

int main(int Argc, char **Argv) {
  StringRef First = Argc > 1 ? Argv[1] : "";
  auto IsNamed = [&](const cl::SubCommand *C) { return C->getName() == First; };
  const cl::SubCommand *Known[] = {&SymbolizeCommand, &StatCommand,
                                   &SetCommand,       &CoverageCommand,
                                   &CoreCommand,      &DescribeCommand};
  if (!First.empty() && First[0] != '-' && none_of(Known, IsNamed))
    return usageError("unknown subcommand '" + First + "'");
  cl::HideUnrelatedOptions(Category);
  cl::HideUnrelatedOptions(Category, SymbolizeCommand);
  cl::HideUnrelatedOptions(Category, StatCommand);
  cl::HideUnrelatedOptions(Category, SetCommand);
  cl::HideUnrelatedOptions(Category, CoverageCommand);
  cl::HideUnrelatedOptions(Category, CoreCommand);
  cl::HideUnrelatedOptions(Category, DescribeCommand);
  cl::SetVersionPrinter(printVersion);
  if (!cl::ParseCommandLineOptions(
          Argc, Argv, "Works on HeapFence's reports and processes.\n", &errs()))
    return 2;
  if (SymbolizeCommand)
    return runSymbolize();
  if (StatCommand)
    return heapfence::showProcess(StatPid);
  if (SetCommand)
    return heapfence::changeProcess(
        SetPid, std::vector<std::string>(Changes.begin(), Changes.end()));
  if (CoverageCommand)
    return runCoverage();
  if (CoreCommand)
    return runCore();
  if (DescribeCommand)
    return runDescribe();
  return usageError("no subcommand");
}
