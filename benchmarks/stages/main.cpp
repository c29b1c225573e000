// Each stage of the pipeline alone and all together, and what the device's kernels reach; the
// answer is verified against the host before anything is timed.
//   stages [--device cuda] [--size 1920x1080] [--seconds 4] [--clip dog.mp4] [--preset medium]
#include <cleanplate/device.h>
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <stdexcept>

#include "file/clips.h"
#include "quality/case.h"
#include "quality/scratch.h"
#include "quality/table.h"
#include "stages/bandwidth.h"
#include "stages/stages.h"

extern "C" {
#include <libavutil/log.h>
}

namespace {
using namespace cleanplate;

Device open(const Options& options) {
  auto device = Device::open(options);
  if (!device) throw std::runtime_error(device.error().message);
  return *device;
}

double share_of(const Report& report, const std::string& stage) {
  for (const StageReport& s : report.stages)
    if (s.stage == stage) return s.busy_seconds;
  return 0;
}

void print_kernels(const Device& device) {
  fmt::print("\n| kernel over 1080p | µs | GB/s |\n|---|---|---|\n");
  for (const bench::KernelRate& k : bench::kernel_rates(device))
    fmt::print("| {} | {:.1f} | {:.1f} |\n", k.kernel, 1e6 * k.seconds, 1e-9 * k.bytes / k.seconds);
}
}  // namespace

int main(int argc, char** argv) try {
  av_log_set_level(AV_LOG_ERROR);
  bench::ClipOrder clip;
  clip.seconds = 4;
  std::string size = "1920x1080", preset = "medium", device_name = "cpu";
  CLI::App app("Times the pipeline's stages");
  app.add_option("--device", device_name, "cpu, cuda, cuda:n");
  app.add_option("--size", size, "WIDTHxHEIGHT, even");
  app.add_option("--seconds", clip.seconds, "all frames are held in memory")
      ->check(CLI::PositiveNumber);
  app.add_option("--clip", clip.source, "scale this clip instead of making the demo scene");
  app.add_option("--preset", preset, "libx264's");
  CLI11_PARSE(app, argc, argv);
  if (std::sscanf(size.c_str(), "%dx%d", &clip.width, &clip.height) != 2)
    throw std::runtime_error("--size " + size + ": give it as 1920x1080.");

  const quality::Scratch scratch;
  const std::string input = scratch / "input.mp4", output = scratch / "output.mp4";
  const std::string words = bench::make_clip(clip, scratch / "clean.mp4");
  quality::CaseOrder order;
  order.clip = scratch / "clean.mp4";
  order.kind = "seethrough";
  order.preset = "veryfast";
  order.corner = 2;
  order.frames = 1 << 30;
  const quality::Case made(order, input, "");

  Options options;
  options.quality = 18;
  options.encoder_options = "preset=" + preset;
  options.device = "cpu";
  const Device host = open(options);
  options.device = device_name;
  const Device device = open(options);
  const auto loaded = bench::load(input, options, device);
  if (loaded.plan.overlays.empty()) throw std::runtime_error("The mark was not found.");
  const auto frames = static_cast<double>(loaded.frames.size());
  fmt::print("Machine: {}.\nDevice: {}.\nClip: {}, {} frames, a drawn mark; libx264 {}.\n",
             quality::machine(), device.name(), words, loaded.frames.size(), preset);

  std::vector<Frame> there, here;
  static_cast<void>(bench::restore_alone(loaded, device, &there));
  static_cast<void>(bench::restore_alone(loaded, host, &here));
  if (const auto wrong = bench::different(there, here); wrong != 0)
    throw std::runtime_error(
        fmt::format("{} samples differ from the host's, so no time says anything.", wrong));
  fmt::print("Verified: {} restored frames, every sample as on {}.\n", there.size(), host.name());
  there.clear(), here.clear();

  const double decode = bench::decode_alone(loaded);
  const double restore = bench::restore_alone(loaded, device, nullptr);
  const double encode = bench::encode_alone(loaded, output);
  const Report report = bench::all_together(loaded, device, output);
  if (report.frames_out != static_cast<std::int64_t>(loaded.frames.size()))
    throw std::runtime_error("Frames were lost.");
  for (const Degradation& d : report.degradations)
    fmt::print("Degraded: {}: {} → {}: {}\n", d.stage, d.from, d.to, d.reason);
  const double scan = share_of(report, "scan"), together = report.seconds - scan;

  fmt::print("\n| stage | frames/s alone | busy share together |\n|---|---|---|\n");
  const auto row = [&](const char* name, const char* stage, double alone) {
    fmt::print("| {} | {:.1f} | {:.0f} % |\n", name, frames / alone,
               100 * share_of(report, stage) / together);
  };
  row("decode", "decode", decode);
  row("restore", "inpaint", restore);
  row("encode", "encode", encode);
  const double slowest = std::max({decode, restore, encode});
  fmt::print(
      "| together | {:.1f} | |\n\nThe scan took {:.2f} s more. Overlap (together / slowest "
      "alone): {:.2f}; one after the other it would be {:.2f}.\n",
      frames / together, scan, slowest / together, slowest / (decode + restore + encode));

  const bench::Moved moved = bench::bytes_moved(loaded, 30);
  fmt::print(
      "\nA card would be sent {:.0f} KB a frame and send back {:.0f}; the least, the masked "
      "boxes once each way, is {:.0f}; the whole frame is {:.0f}.\n",
      moved.up / 1e3, moved.down / 1e3, moved.least / 1e3, moved.frame / 1e3);
  print_kernels(device);
  return 0;
} catch (const std::exception& failure) {
  std::fprintf(stderr, "stages: %s\n", failure.what());
  return 1;
}
