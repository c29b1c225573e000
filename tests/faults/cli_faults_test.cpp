// Bad input, bad places and bad options, as a user meets them: an exit code, one sentence, and
// nothing left behind.
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "frame/png.h"
#include "run_cli.h"
#include "small_clip.h"

namespace fs = std::filesystem;

namespace {

const std::string region = "--region=12,12,56,32";

/// One sentence on stderr, beginning with the program's name; the folder is as it was.
void check_failed(const Said& said, int code, const TestFolder& folder,
                  const std::vector<std::string>& names_before) {
  INFO("stdout: " << said.out << "\nstderr: " << said.err);
  REQUIRE(said.code == code);
  REQUIRE(said.error_lines().size() == 1);
  REQUIRE_THAT(said.err, Catch::StartsWith("cleanplate: ") && Catch::EndsWith(".\n"));
  REQUIRE(said.err.size() > 30);
  REQUIRE(folder.names() == names_before);
}

/// Runs on the input in a folder of its own; the output must not come to be.
void check_input_fails(const TestFolder& folder, const std::string& input,
                       const char* in_sentence) {
  const auto before = folder.names();
  const Said said = run_cli({"run", input, "-o", folder / "out.mkv", region});
  CAPTURE(input);
  check_failed(said, 1, folder, before);
  REQUIRE_THAT(said.err, Catch::Contains(in_sentence));
}

}  // namespace

TEST_CASE("an input that is missing, empty, or no media file fails with a sentence") {
  const TestFolder folder;
  check_input_fails(folder, folder / "missing.mp4", "missing.mp4");
  write_bytes(folder / "empty.mp4", "");
  check_input_fails(folder, folder / "empty.mp4", "empty.mp4");
  write_bytes(folder / "text.mp4", std::string(5000, 'x'));
  check_input_fails(folder, folder / "text.mp4", "text.mp4");
}

TEST_CASE("an input cut short fails, and is read as far as it goes when that is asked for") {
  const TestFolder folder;
  make_clip(folder / "whole.mp4");
  const std::string whole = read_bytes(folder / "whole.mp4");
  // An MP4's index is at its end: without it there is nothing to read.
  write_bytes(folder / "cut.mp4", whole.substr(0, whole.size() / 2));
  check_input_fails(folder, folder / "cut.mp4", "cut.mp4");

  make_clip(folder / "whole.mkv");
  const std::string matroska = read_bytes(folder / "whole.mkv");
  write_bytes(folder / "cut.mkv", matroska.substr(0, matroska.size() / 2));
  check_input_fails(folder, folder / "cut.mkv", "");
  const Said said = run_cli({"run", folder / "cut.mkv", "-o", folder / "out.mkv", "--tolerant",
                             region, "--report", folder / "r.json"});
  INFO(said.out << said.err);
  REQUIRE(said.code == 0);
  const auto report = nlohmann::json::parse(read_bytes(folder / "r.json"));
  REQUIRE(report["frames"]["out"].get<int>() > 10);
  REQUIRE(report["frames"]["out"].get<int>() < 50);
}

TEST_CASE("an input with sound alone fails with a sentence") {
  const TestFolder folder;
  ClipRecipe recipe;
  recipe.video = nullptr;
  recipe.sound = true;
  make_clip(folder / "sound.mkv", recipe);
  check_input_fails(folder, folder / "sound.mkv", "video");
}

TEST_CASE("an input of no width and height fails with a sentence") {
  const TestFolder folder;
  ClipRecipe recipe;
  recipe.video = "ffv1";  // has no size of its own: the container's counts
  recipe.width = 64;
  recipe.height = 48;
  recipe.frames = 3;
  make_clip(folder / "whole.mkv", recipe);
  std::string bytes = read_bytes(folder / "whole.mkv");
  // Matroska's PixelWidth and PixelHeight, one byte long each.
  const auto width = bytes.find("\xb0\x81\x40"), height = bytes.find("\xba\x81\x30");
  REQUIRE(width != std::string::npos);
  REQUIRE(height != std::string::npos);
  bytes[width + 2] = bytes[height + 2] = 0;
  write_bytes(folder / "none.mkv", bytes);
  check_input_fails(folder, folder / "none.mkv", "");
}

TEST_CASE("an encrypted input fails with a sentence that says so") {
  const TestFolder folder;
  ClipRecipe recipe;
  recipe.muxer_options = {{"encryption_scheme", "cenc-aes-ctr"},
                          {"encryption_key", "00112233445566778899aabbccddeeff"},
                          {"encryption_kid", "ffeeddccbbaa99887766554433221100"}};
  make_clip(folder / "closed.mp4", recipe);
  check_input_fails(folder, folder / "closed.mp4", "encrypted");
}

TEST_CASE("an input with damaged packets fails, or loses no frame unsaid when told to go on") {
  const TestFolder folder;
  make_clip(folder / "whole.mp4");
  std::string bytes = read_bytes(folder / "whole.mp4");
  // In an MP4 the packets lie together and the index apart, so this hits packets alone.
  for (std::size_t i = bytes.size() / 3; i < bytes.size() * 2 / 3; i += 7)
    bytes[i] = static_cast<char>(bytes[i] ^ 0x5a);
  write_bytes(folder / "damaged.mp4", bytes);
  check_input_fails(folder, folder / "damaged.mp4", "damaged");

  const Said said = run_cli({"run", folder / "damaged.mp4", "-o", folder / "out.mkv", "--tolerant",
                             region, "--report", folder / "r.json"});
  INFO(said.out << said.err);
  REQUIRE(said.code == 0);
  const auto frames = nlohmann::json::parse(read_bytes(folder / "r.json"))["frames"];
  REQUIRE(frames["lost"].get<int>() > 0);
}

TEST_CASE("an output that cannot be written fails before anything is made") {
  const TestFolder folder;
  make_clip(folder / "in.mp4");
  write_bytes(folder / "file", "a file");
  const auto before = folder.names();
  std::vector<std::string> places{folder / "no_such/out.mp4", folder / "file/out.mp4",
                                  "/proc/out.mp4", folder / "out.noext", folder / "out"};
  if (geteuid() != 0) {  // a superuser may write everywhere
    fs::create_directory(folder / "closed");
    fs::permissions(folder / "closed", fs::perms::owner_read | fs::perms::owner_exec);
    places.push_back(folder / "closed/out.mp4");
  }
  for (const auto& place : places) {
    CAPTURE(place);
    const auto names = folder.names();
    check_failed(run_cli({"run", folder / "in.mp4", "-o", place, region}), 1, folder, names);
  }
}

TEST_CASE(
    "an output that is the input by any of its names is refused, and the input is untouched") {
  const TestFolder folder;
  make_clip(folder / "in.mp4");
  const std::string bytes = read_bytes(folder / "in.mp4");
  fs::create_symlink(folder / "in.mp4", folder / "link.mp4");
  fs::create_hard_link(folder / "in.mp4", folder / "other.mp4");
  const auto before = folder.names();
  for (const auto& output : {folder / "in.mp4", folder / "./in.mp4", folder / "link.mp4",
                             folder / "other.mp4", folder.path()}) {
    CAPTURE(output);
    check_failed(run_cli({"run", folder / "in.mp4", "-o", output, region}), 1, folder, before);
    REQUIRE(read_bytes(folder / "in.mp4") == bytes);
  }
}

TEST_CASE("a write that fails in mid-file fails with a sentence and leaves nothing") {
  const TestFolder folder;
  ClipRecipe recipe;
  recipe.noise = true;  // the output passes every buffer
  make_clip(folder / "in.mp4", recipe);
  const auto before = folder.names();
  RunSetup setup;
  setup.before = [] {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{16384, 16384};
    return setrlimit(RLIMIT_FSIZE, &limit) == 0;
  };
  check_failed(run_cli({"run", folder / "in.mp4", "-o", folder / "out.mkv", region}, setup), 1,
               folder, before);
}

TEST_CASE("a full disk fails with a sentence that says so and leaves nothing") {
  const TestFolder folder;
  ClipRecipe recipe;
  recipe.noise = true;  // the output passes every buffer
  make_clip(folder / "in.mp4", recipe);
  fs::create_directory(folder / "small");
  RunSetup setup;  // a file system of 32 KiB that only the child sees
  setup.before = [&] {
    if (unshare(CLONE_NEWNS) != 0 && unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return false;
    mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr);
    return mount("tmpfs", (folder / "small").c_str(), "tmpfs", 0, "size=32k") == 0;
  };
  const std::string out = folder / "small/out.mkv";
  const Said said = run_program(
      {"/bin/sh", "-c", "\"$0\" run \"$1\" -o \"$2\" \"$3\"; code=$?; ls -A \"$4\"; exit $code",
       CLEANPLATE_CLI, folder / "in.mp4", out, region, folder / "small"},
      setup);
  if (said.code == 99) {
    WARN("A small file system cannot be mounted here; the case was not run.");
    return;
  }
  INFO(said.out << said.err);
  REQUIRE(said.code == 1);
  REQUIRE(said.error_lines().size() == 1);
  REQUIRE_THAT(said.err, Catch::Contains("full") || Catch::Contains("space"));
  REQUIRE(said.out.find("out.mkv\n") == std::string::npos);
}

TEST_CASE("options that cannot be meant are refused with exit code 2") {
  const TestFolder folder;
  make_clip(folder / "in.mp4");
  const auto before = folder.names();
  const std::vector<std::vector<std::string>> wrong{
      {"--quality", "99"},     {"--quality", "good"},  {"--detect", "magic"},
      {"--set", "quality"},    {"--set", "no_such=1"}, {"--no-such-flag"},
      {"--device", "tpu"},     {"--region", "1,2,3"},  {"--region", "5000,0,10,10"},
      {"--min-score", "nan"},  {"--threads", "-1"},    {"--region"},
      {"--detect", "template"}};
  for (const auto& options : wrong) {
    std::vector<std::string> arguments{"run", folder / "in.mp4", "-o", folder / "out.mp4"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    CAPTURE(options);
    check_failed(run_cli(arguments), 2, folder, before);
  }
  check_failed(run_cli({"run", folder / "in.mp4"}), 2, folder, before);
  check_failed(run_cli({"run", "-o", folder / "out.mp4"}), 2, folder, before);
  check_failed(run_cli({"remove", folder / "in.mp4"}), 2, folder, before);
  check_failed(run_cli({}), 2, folder, before);
}

TEST_CASE("a mask, a template or an options' file that cannot be read fails with a sentence") {
  const TestFolder folder;
  make_clip(folder / "in.mp4");
  write_bytes(folder / "mask.png", "no picture");
  write_bytes(folder / "options.json", "{");
  const auto before = folder.names();
  const std::vector<std::string> run{"run", folder / "in.mp4", "-o", folder / "out.mp4"};
  const auto with = [&](const std::string& flag, const std::string& value) {
    auto arguments = run;
    arguments.insert(arguments.end(), {flag, value});
    return run_cli(arguments);
  };
  check_failed(with("--mask", folder / "mask.png"), 1, folder, before);
  check_failed(with("--mask", folder / "none.png"), 1, folder, before);
  check_failed(with("--template", folder / "mask.png"), 1, folder, before);
  check_failed(with("--template", folder / "none.lgd"), 1, folder, before);
  check_failed(with("--options-file", folder / "none.json"), 1, folder, before);
  check_failed(with("--options-file", folder / "options.json"), 2, folder, before);
}

TEST_CASE("where nothing is found the exit code is 3 and no output is made, unless always") {
  const TestFolder folder;
  make_clip(folder / "in.mp4");
  const auto before = folder.names();
  const Said none = run_cli({"run", folder / "in.mp4", "-o", folder / "out.mp4", "--detect=none"});
  INFO(none.out << none.err);
  REQUIRE(none.code == 3);
  REQUIRE(none.err.empty());
  REQUIRE(folder.names() == before);
  const Said always =
      run_cli({"run", folder / "in.mp4", "-o", folder / "out.mp4", "--detect=none", "--always"});
  INFO(always.out << always.err);
  REQUIRE(always.code == 0);
  REQUIRE(fs::exists(folder / "out.mp4"));
}

TEST_CASE("a template that is not in the clip gives exit code 3 and says so") {
  const TestFolder folder;
  make_clip(folder / "in.mp4");
  cleanplate::Picture ring({64, 64}, 4);
  for (int y = 0; y < 64; ++y)
    for (int x = 0; x < 64; ++x) {
      const int r = (x - 32) * (x - 32) + (y - 32) * (y - 32);
      const auto i = static_cast<std::size_t>(4 * (64 * y + x));
      ring.samples[i] = ring.samples[i + 1] = ring.samples[i + 2] = 255;
      ring.samples[i + 3] = r > 400 && r < 900 ? 255 : 0;
    }
  REQUIRE(cleanplate::write_png(folder / "ring.png", ring));
  const auto before = folder.names();
  const Said said = run_cli(
      {"run", folder / "in.mp4", "-o", folder / "out.mp4", "--template", folder / "ring.png"});
  INFO(said.out << said.err);
  REQUIRE(said.code == 3);
  REQUIRE_THAT(said.out, Catch::Contains("ring.png' is not found") &&
                             Catch::Contains("nothing to remove was found"));
  REQUIRE(folder.names() == before);
}

TEST_CASE("ctrl-C stops a job at once with exit code 130 and nothing left behind") {
  const TestFolder folder;
  ClipRecipe recipe;
  recipe.width = 640;
  recipe.height = 360;
  recipe.frames = 1500;
  make_clip(folder / "in.mp4", recipe);
  const auto before = folder.names();
  RunSetup setup;
  setup.wait_for = "restore ";
  setup.signal = SIGINT;
  const Said said = run_cli({"run", folder / "in.mp4", "-o", folder / "out.mp4", region,
                             "--encoder-options=preset=veryslow"},
                            setup);
  INFO(said.out << said.err);
  REQUIRE(said.code == 130);
  REQUIRE(said.error_lines().size() == 1);
  REQUIRE(folder.names() == before);
  REQUIRE(said.seconds_after_signal < 1.0);
}

TEST_CASE("several files go into a folder, and a failure of one does not stop the others") {
  const TestFolder folder;
  fs::create_directory(folder / "in");
  make_clip(folder / "in/a.mp4");
  make_clip(folder / "in/c.mp4");
  const Said good =
      run_cli({"run", folder / "in", "-o", folder / "out", region, "--report", folder / "r.json"});
  INFO(good.out << good.err);
  REQUIRE(good.code == 0);
  REQUIRE(fs::exists(folder / "out/a.mp4"));
  REQUIRE(fs::exists(folder / "out/c.mp4"));
  REQUIRE(nlohmann::json::parse(read_bytes(folder / "r.json")).size() == 2);

  REQUIRE(run_cli({"run", folder / "in/a.mp4", "-o", folder / "one/", region}).code == 0);
  REQUIRE(fs::exists(folder / "one/a.mp4"));

  write_bytes(folder / "in/b.mp4", "no media");
  fs::remove_all(folder / "out");
  const Said mixed = run_cli({"run", folder / "in", "-o", folder / "out", region, "--quiet"});
  REQUIRE(mixed.code == 1);
  REQUIRE(mixed.out.empty());
  REQUIRE(mixed.error_lines().size() == 1);
  REQUIRE_THAT(mixed.err, Catch::Contains("b.mp4"));
  REQUIRE(fs::exists(folder / "out/a.mp4"));
  REQUIRE_FALSE(fs::exists(folder / "out/b.mp4"));
  REQUIRE(fs::exists(folder / "out/c.mp4"));
}
