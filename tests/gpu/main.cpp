// Runs on a CUDA card; where there is none each test is skipped, and says why.
#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>
#include <cstdio>
#include <cstring>

#include "device/cuda_facts.h"

int main(int argc, char** argv) {
  constexpr int skipped = 77;  // ctest's SKIP_RETURN_CODE
  bool lists = false;
  for (int i = 1; i < argc; ++i) lists = lists || std::strncmp(argv[i], "--list", 6) == 0;
  const std::string reason = cleanplate::why_no_card(cleanplate::cuda_facts(), 0);
  if (!lists && !reason.empty()) {
    std::printf("Skipped: %s\n", reason.c_str());
    return skipped;
  }
  return Catch::Session().run(argc, argv);
}
