// What `cleanplate doctor` tells of a made-up card before a job, and of each thing that is amiss.
#include <cleanplate/network.h>
#include <cleanplate/options.h>
#include <dlfcn.h>
#include <unistd.h>

#include <cstdio>
#include <functional>

#include "commands.h"
#include "cuda_fake/fake_cudart.h"
#include "fake_nvenc.h"
#include "media/card_reason.h"
#include "nvdec_fake/fake_nvdec.h"
#include "path/device_job.h"
#include "unit/own_process.h"

using namespace cleanplate;

namespace {

/// All that it prints.
std::string told(const Options& options) {
  std::fflush(stdout);
  const int before = dup(STDOUT_FILENO);
  std::FILE* file = std::tmpfile();
  dup2(fileno(file), STDOUT_FILENO);
  const cli::ExitCode code = cli::doctor(options);
  std::fflush(stdout);
  dup2(before, STDOUT_FILENO);
  close(before);
  std::rewind(file);
  std::string text;
  for (int c = std::fgetc(file); c != EOF; c = std::fgetc(file)) text += static_cast<char>(c);
  std::fclose(file);
  REQUIRE(code == cli::done);
  return text;
}

struct Amiss {
  std::function<void(fake::Card&)> what;
  std::vector<std::string> says;
};

Options on_card() {
  fake::set({});
  Options options = quick_options();
  options.device = "cuda";
  return options;
}

}  // namespace

#ifdef CLEANPLATE_OTHER_LIBTORCH
TEST_CASE("the doctor tells of another libtorch in the process, and what to do") {
  REQUIRE(holds_in_own_process([] {
    if (!dlopen(CLEANPLATE_OTHER_LIBTORCH, RTLD_NOW)) return false;
    const std::string text = told(on_card());
    return text.find("Another libtorch is in this process") != std::string::npos &&
           text.find("process of its own") != std::string::npos;
  }));
}
#endif

TEST_CASE("the doctor tells where networks work beside a card, and what would bring them there") {
  const std::string text = told(on_card());
  INFO(text);
  const auto network = network_library();
  if (!network)
    REQUIRE_THAT(text, Catch::Contains(network.error().message));
  else if (network->cuda_devices == 0)
    REQUIRE_THAT(text, Catch::Contains("shows no card, so networks run on the host; install one"));
}

TEST_CASE(
    "the doctor tells what a card offers, and of each thing that is amiss why and what to do") {
  // As much as a picture of 10 bits that the decoder is tried with.
  const std::vector<std::uint8_t> picture(std::size_t{320} * 240 * 3, 16);
  const std::vector<Amiss> cases = {
      {[](fake::Card&) {},
       {"cuda:0 (made-up card, 9.0, 1024 MiB)", "cuda:0 (NVDEC)", "h264_nvenc: used", "small tier",
        "MiB for networks on cuda:0"}},
      {[](fake::Card& card) { card.driver = 0; },
       {"No NVIDIA driver was found", "start a container with its GPUs passed in",
        "MiB for networks on cpu"}},
      {[](fake::Card& card) { card.driver = 12040; }, {"driver is too old", "install version 580"}},
      {[](fake::Card& card) { card.cards = 0; }, {"gives no card", "CUDA_VISIBLE_DEVICES"}},
      {[](fake::Card& card) { card.capability = 61; }, {"older than what the kernels"}},
      {[](fake::Card& card) { card.wrong_numbers = true; }, {"gives other numbers than the host"}},
      {[](fake::Card& card) { card.fail_call = 4; }, {"The CUDA card failed"}},
      {[](fake::Card& card) { card.memory = std::size_t{40} << 30; },
       {"large tier", "detect_batch 24"}},
      {[](fake::Card&) { fake_nvdec()->opens = false; },
       {"The card does not decode h264 of 8 bits", "CreateDecoder", "software does"}},
      {[](fake::Card&) { fake_nvenc()->sessions_from = 0; },
       {"h264_nvenc: The encoder h264_nvenc cannot be used", "no NVENC session left",
        "libx264: used"}},
  };
  for (const Amiss& amiss : cases) {
    CAPTURE(amiss.says[0]);
    *fake_nvenc() = {};
    fake_nvenc()->registers = fake::is_plain;
    *fake_nvdec() = {};
    fake_nvdec()->width = 320;
    fake_nvdec()->pictures.assign(8, picture);
    fake_nvdec()->lend = fake::lend;
    fake_nvdec()->take_away = fake::take_away;
    fake::Card card;
    amiss.what(card);
    fake::set(card);
    Options options = quick_options();
    options.device = "cuda";
    const std::string text = told(options);
    INFO(text);
    for (const std::string& words : amiss.says) REQUIRE_THAT(text, Catch::Contains(words));
    REQUIRE(fake::complaints() == std::vector<std::string>{});
  }
  *fake_nvenc() = {};
  *fake_nvdec() = {};
  fake::set({});
}

TEST_CASE("what is known to keep a card's codecs from being used has its remedy told") {
  for (const char* words : {"Cannot load libnvidia-encode.so.1", "Cannot load libnvcuvid.so.1"})
    REQUIRE_THAT(media::with_remedy(words),
                 Catch::StartsWith(words) && Catch::Contains("NVIDIA_DRIVER_CAPABILITIES"));
  REQUIRE_THAT(media::with_remedy("OpenEncodeSessionEx failed: unsupported device (2)"),
               Catch::Contains("this card has no NVENC"));
  REQUIRE(media::with_remedy("another reason") == "another reason");
}
