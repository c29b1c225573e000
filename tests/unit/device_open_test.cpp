// Which device a job gets on a machine without a card: this one, and most that build this.
#include <cleanplate/pipeline.h>

#include <catch2/catch.hpp>

#include "device/cuda_facts.h"
#include "device/open_device.h"

using namespace cleanplate;

TEST_CASE("every reason against a card names what to do") {
  CudaFacts facts;
  REQUIRE(why_no_card(facts, 0).find("CLEANPLATE_CUDA=ON") != std::string::npos);
  facts.built = true;
  facts.runtime = 13000;
  REQUIRE(why_no_card(facts, 0).find("580 or later for CUDA 13.0") != std::string::npos);
  facts.driver = 12080;
  REQUIRE(why_no_card(facts, 0).find("offers CUDA 12.8") != std::string::npos);
  facts.driver = 13010;
  REQUIRE(why_no_card(facts, 0).find("shows no card") != std::string::npos);
  facts.cards = 2;
  REQUIRE(why_no_card(facts, 0).empty());
  REQUIRE(why_no_card(facts, 1).empty());
  REQUIRE(why_no_card(facts, 2).find("2 cards") != std::string::npos);
  facts.runtime = 12040;  // a driver serves older CUDA
  REQUIRE(why_no_card(facts, 0).empty());
  REQUIRE(oldest_driver(12040) == 525);
}

TEST_CASE("without a card device=auto is the host, and a card asked for by name is no failure") {
  const std::string reason = why_no_card(cuda_facts(), 0);
  if (reason.empty()) return;  // a machine with a card: tests/gpu
  Options options;
  const auto any = open_device(options);
  REQUIRE(any);
  REQUIRE(any->device.name().starts_with("cpu"));
  REQUIRE(any->instead.has_value() == cuda_facts().built);
  if (any->instead) REQUIRE(any->instead->reason == reason);

  options.device = "cuda";
  const auto named = open_device(options);
  REQUIRE(named);
  REQUIRE(named->device.name().starts_with("cpu"));
  REQUIRE(named->instead->stage == "device");
  REQUIRE(named->instead->from == "cuda");
  REQUIRE(named->instead->to == named->device.name());
  REQUIRE(named->instead->reason == reason);

  const auto exactly = Device::open(options);
  REQUIRE_FALSE(exactly);
  REQUIRE(exactly.error().code == Code::device);
  REQUIRE(exactly.error().message == reason);
  options.strict = true;
  const auto strict = Pipeline::create(options);
  REQUIRE_FALSE(strict);
  REQUIRE(strict.error().code == Code::device);
  options.device = "auto";
  REQUIRE(Pipeline::create(options));
}
