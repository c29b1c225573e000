#include <cleanplate/report.h>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace cleanplate;

TEST_CASE("a report's JSON has its version and all that happened") {
  Report report;
  report.input = "in\xff.mp4";  // a path's bytes need not be UTF-8
  report.output = "out.mp4";
  report.frames_in = report.frames_out = 300;
  report.frames_changed = 120;
  report.frames_lost = 1;
  report.encoder = "libx264";
  report.candidates.push_back({{{1, 2, 3, 4}, 0.5, "logo", nullptr}, true, "It \"stays\"."});
  report.methods.push_back({0, "unblend", 120, 0.9});
  report.stages.push_back({"decode", "cpu", 1.5, 0.25, 1});
  report.degradations.push_back({"encode", "h264_nvenc", "libx264", "no driver", 0});
  report.warnings = {"a\nb"};
  const auto json = nlohmann::json::parse(to_json(report));
  REQUIRE(json["version"] == 1);
  REQUIRE(json["output"] == "out.mp4");
  REQUIRE(json["frames"]["in"] == 300);
  REQUIRE(json["frames"]["changed"] == 120);
  REQUIRE(json["frames"]["lost"] == 1);
  REQUIRE(json["nothing_found"] == false);
  REQUIRE(json["candidates"][0]["box"] == std::vector<int>{1, 2, 3, 4});
  REQUIRE(json["candidates"][0]["reason"] == "It \"stays\".");
  REQUIRE(json["methods"][0]["method"] == "unblend");
  REQUIRE(json["stages"][0]["busy_share"] == 0.25);
  REQUIRE(json["degradations"][0]["to"] == "libx264");
  REQUIRE(json["warnings"][0] == "a\nb");
}
