// A program whose guarded objects are freed by itself, by the C library and by
// the C++ library.
#include <cstdio>
#include <cstdlib>
#include <locale>
#include <memory>
#include <string>
#include <vector>

struct Facet : std::numpunct<char> {};

int main(int argc, char **argv) {
  volatile char *P = static_cast<char *>(std::malloc(20));
  std::free((void *)P);
  if (argc == 1)
    P[1] = 1;
  std::size_t Size = 8;
  char *Line = static_cast<char *>(std::malloc(Size));
  std::FILE *File = std::fopen("/proc/self/status", "r");
  while (getline(&Line, &Size, File) > 0)
    ;
  std::fclose(File);
  std::free(Line);
  {
    std::locale Locale(std::locale::classic(), new Facet);
    std::vector<std::string> Texts(50, std::string(200, 'x'));
    for (auto &Text : Texts)
      Text.append(500, 'y');
    auto Shared = std::make_shared<std::vector<int>>(1000);
    auto *volatile Aligned = new (std::align_val_t(64)) double[3];
    ::operator delete[](Aligned, std::align_val_t(64));
  }
  P = static_cast<char *>(std::realloc(nullptr, 10));
  P = static_cast<char *>(std::realloc((void *)P, 100000));
  std::free((void *)P);
  std::puts("done");
}
