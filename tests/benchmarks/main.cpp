// Jobs run in fresh processes of this program.
#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>

#include "setup/job.h"

int main(int argc, char** argv) {
  if (const auto status = bench::as_child(argc, argv)) return *status;
  return Catch::Session().run(argc, argv);
}
