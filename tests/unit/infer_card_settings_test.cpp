// What a job's options set of libtorch, in processes of their own with a library that only keeps
// it.
#include <cleanplate/detector.h>
#include <cleanplate/inpainter.h>
#include <cleanplate/network.h>
#include <dlfcn.h>

#include <catch2/catch.hpp>
#include <fstream>

#include "device/strict_device.h"
#include "infer/table.h"
#include "own_process.h"

using namespace cleanplate;

namespace {

const std::string model = std::string(CLEANPLATE_INFER_TEST_FOLDER) + "/any_file.pt";

/// The first card, in part taken by others.
class HalfFullCard final : public StrictDevice {
 public:
  explicit HalfFullCard(std::size_t free) : free_(free) {}
  [[nodiscard]] std::optional<int> card() const override { return 0; }
  [[nodiscard]] MemoryInfo memory() const override { return {free_, free_, 1000}; }

 private:
  std::size_t free_;
};

struct Recorded {
  int sets = 0;
  cleanplate_infer_settings last{};
};
/// What libtorch would have been set to so far.
Recorded recorded() {
  void* library = dlopen(CLEANPLATE_INFER_RECORDING, RTLD_NOW);
  const auto sets = reinterpret_cast<int (*)()>(dlsym(library, "recorded_sets"));
  const auto last =
      reinterpret_cast<const cleanplate_infer_settings* (*)()>(dlsym(library, "recorded_settings"));
  return {sets(), *last()};
}

bool set_to(bool tf32, bool benchmark, double fraction) {
  const Recorded now = recorded();
  return now.sets > 0 && (now.last.tf32 != 0) == tf32 &&
         (now.last.cudnn_benchmark != 0) == benchmark && now.last.threads == 0 &&
         now.last.gpu_memory_fraction == fraction;
}

Options options_of(bool tf32, bool benchmark) {
  Options o;
  o.device = "cuda";
  o.detect = "network";
  o.tf32 = tf32;
  o.cudnn_benchmark = benchmark;
  return o;
}

VideoInfo video() {
  VideoInfo v;
  v.size = {64, 48};
  v.format = {Layout::yuv420, 8};
  v.time_base = {1, 25};
  return v;
}

Device card(std::size_t free) { return Device(std::make_shared<HalfFullCard>(free)); }

/// A job's stage with the user's network; how many steps down it tells of, -1: it failed.
int detects(Options options, const Device& device) {
  options.detector_model = model;
  const auto made = Detector::create(options, video(), device);
  return made ? static_cast<int>((*made)->degradations().size()) : -1;
}
int inpaints(Options options, const Device& device) {
  options.inpaint_model = model;
  const auto made = Inpainter::create(options, video(), {}, device);
  return made ? static_cast<int>((*made)->degradations().size()) : -1;
}

bool with_recording(const std::function<bool()>& claim) {
  std::ofstream(model) << "any";
  return holds_in_own_process([&] {
    return network_library({"cpu", CLEANPLATE_INFER_RECORDING}) ? claim() : false;
  });
}

}  // namespace

TEST_CASE("tf32, cudnn_benchmark and the card's share reach libtorch with a job's first network") {
  REQUIRE(with_recording(
      [] { return detects(options_of(false, true), card(500)) == 0 && set_to(false, true, .5); }));
  REQUIRE(with_recording([] {
    return inpaints(options_of(true, false), card(250)) == 0 && set_to(true, false, .25);
  }));
}

TEST_CASE("libtorch is left as it is where the networks work on the host") {
  REQUIRE(with_recording([] {
    const Device host(std::make_shared<StrictDevice>());
    return inpaints(options_of(false, false), host) == 0 &&
           detects(options_of(false, false), Device()) == 0 && recorded().sets == 0;
  }));
}

TEST_CASE("a later job that wants libtorch otherwise goes on, and its report says so") {
  REQUIRE(with_recording([] {
    const Options first = options_of(true, true);
    if (detects(first, card(500)) != 0 || inpaints(first, card(500)) != 0) return false;
    if (recorded().sets != 1) return false;
    Options later = options_of(false, true);
    later.inpaint_model = model;
    const auto made = Inpainter::create(later, video(), {}, card(500));
    if (!made || !set_to(true, true, .5)) return false;
    const auto steps = (*made)->degradations();
    return steps.size() == 1 && steps[0].stage == "inpaint" &&
           steps[0].from == "tf32=false cudnn_benchmark=true" &&
           steps[0].to == "tf32=true cudnn_benchmark=true" &&
           detects(options_of(true, false), card(500)) == 1;
  }));
}

TEST_CASE("a card that was fuller in an earlier job may be used further, and none is bound anew") {
  REQUIRE(with_recording([] {
    const Options o = options_of(true, true);
    return detects(o, card(100)) == 0 && set_to(true, true, .1) && detects(o, card(700)) == 0 &&
           set_to(true, true, .7) && detects(o, card(300)) == 0 && set_to(true, true, .7) &&
           recorded().sets == 2;
  }));
}

TEST_CASE("what the host program set itself is not touched by a job") {
  REQUIRE(with_recording([] {
    NetworkSettings own;
    own.tf32 = false;
    own.gpu_memory_fraction = .3;
    if (!set_network_settings(own)) return false;
    return detects(options_of(false, false), card(900)) == 0 && recorded().sets == 1 &&
           detects(options_of(true, false), card(900)) == 1 && set_to(false, false, .3);
  }));
}
