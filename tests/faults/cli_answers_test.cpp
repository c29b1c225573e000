// What the command line tool answers when all is well.
#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "run_cli.h"
#include "small_clip.h"

namespace fs = std::filesystem;

TEST_CASE("docs/options.md is what the option table gives") {
  const Said said = run_cli({"options", "--markdown"});
  REQUIRE(said.code == 0);
  INFO("Run: cleanplate options --markdown > docs/options.md");
  REQUIRE(said.out == read_bytes(CLEANPLATE_SOURCE_DIR "/docs/options.md"));
}

TEST_CASE("the option table as JSON names every option once") {
  const auto table = nlohmann::json::parse(run_cli({"options", "--json"}).out);
  REQUIRE(table["version"] == 1);
  REQUIRE(table["options"].size() > 20);
  REQUIRE(run_cli({"options"}).out.find("min_score") != std::string::npos);
}

TEST_CASE("the doctor names devices, codecs, libraries and memory, and says nothing on stderr") {
  const Said said = run_cli({"doctor"});
  INFO(said.out);
  REQUIRE(said.code == 0);
  REQUIRE(said.err.empty());
  for (const char* word :
       {"baseline", "cuda", "h264", "libavcodec", "networks", "MiB", "threads", "tier"})
    REQUIRE_THAT(said.out, Catch::Contains(word));
}

TEST_CASE("a run tells its progress and its result, writes a report and a picture") {
  const TestFolder folder;
  make_clip(folder / "in.mp4");
  const Said said =
      run_cli({"run", folder / "in.mp4", "-o", folder / "out.mp4", "--region=12,12,56,32",
               "--report", folder / "r.json", "--preview", folder / "p.png"});
  INFO(said.out << said.err);
  REQUIRE(said.code == 0);
  REQUIRE(said.err.empty());
  REQUIRE_THAT(said.out, Catch::Contains("restore") && Catch::Contains("50 frames"));
  const auto report = nlohmann::json::parse(read_bytes(folder / "r.json"));
  REQUIRE(report["version"] == 1);
  REQUIRE(report["frames"]["in"] == 50);
  REQUIRE(report["frames"]["out"] == 50);
  REQUIRE(report["frames"]["changed"] == 50);
  REQUIRE(read_bytes(folder / "p.png").substr(1, 3) == "PNG");
  REQUIRE(fs::file_size(folder / "out.mp4") > 1000);
}

TEST_CASE("a quiet run says nothing") {
  const TestFolder folder;
  make_clip(folder / "in.mp4");
  const Said said = run_cli(
      {"run", folder / "in.mp4", "-o", folder / "out.mp4", "--region=12,12,56,32", "--quiet"});
  REQUIRE(said.code == 0);
  REQUIRE(said.out.empty());
  REQUIRE(said.err.empty());
}

TEST_CASE("detect tells what it would remove as words, as JSON and as a picture") {
  const TestFolder folder;
  make_clip(folder / "in.mp4");
  const std::string region = "--region=12,12,56,32";
  const Said words = run_cli({"detect", folder / "in.mp4", region, "--preview", folder / "p.png"});
  INFO(words.out << words.err);
  REQUIRE(words.code == 0);
  REQUIRE_THAT(words.out, Catch::Contains("12,12,56,32"));
  REQUIRE(read_bytes(folder / "p.png").substr(1, 3) == "PNG");
  const Said json = run_cli({"detect", folder / "in.mp4", region, "--json"});
  const auto answer = nlohmann::json::parse(json.out);
  REQUIRE(answer["files"].size() == 1);
  REQUIRE(answer["files"][0]["overlays"].size() == 1);
  REQUIRE(answer["files"][0]["candidates"][0]["accepted"] == true);
}
