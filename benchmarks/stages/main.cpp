// Each stage of the pipeline alone and all together, and what the device's kernels reach; the
// answer is verified against the host before anything is timed.
//   stages [--device cuda] [--size 1920x1080] [--seconds 4] [--clip dog.mp4] [--preset medium]
//          [--rounds 3] [--json r.json]
#include <cleanplate/device.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <stdexcept>

#include "setup/results.h"
#include "setup/settings.h"
#include "stages/bandwidth.h"
#include "stages/kernel_times.h"
#include "stages/stages.h"

extern "C" {
#include <libavutil/log.h>
}

namespace {
using namespace bench;
using cleanplate::Device;
using cleanplate::Report;

Device open(const cleanplate::Options& options) {
  auto device = Device::open(options);
  if (!device) throw std::runtime_error(device.error().message);
  return *device;
}

double busy(const Report& report, const std::string& stage) {
  for (const auto& s : report.stages)
    if (s.stage == stage) return s.busy_seconds;
  return 0;
}

/// @throws where the device gives other samples than the host.
void verify(const Loaded& loaded, const Device& device, const Device& host) {
  std::vector<cleanplate::Frame> there, here;
  static_cast<void>(restore_alone(loaded, device, &there));
  static_cast<void>(restore_alone(loaded, host, &here));
  if (const auto wrong = different(there, here); wrong != 0)
    throw std::runtime_error(
        fmt::format("{} samples differ from the host's, so no time says anything.", wrong));
}

struct Times {
  std::vector<double> decode, restore, encode, together, scan;
  std::vector<double> decode_busy, restore_busy, encode_busy;  ///< shares of together
  std::vector<double> overlap;
};

void measure(const Loaded& loaded, const Device& device, const std::string& output, Times& times,
             Results& results) {
  times.decode.push_back(decode_alone(loaded, device));
  times.restore.push_back(restore_alone(loaded, device, nullptr));
  times.encode.push_back(encode_alone(loaded, device, output));
  const Report report = all_together(loaded, device, output);
  if (report.frames_out != static_cast<std::int64_t>(loaded.frames.size()))
    throw std::runtime_error("Frames were lost.");
  if (times.together.empty())
    for (const auto& d : report.degradations)
      results.notes.push_back(
          fmt::format("Degraded: {}: {} → {}: {}", d.stage, d.from, d.to, d.reason));
  const double scan = busy(report, "scan"), together = report.seconds - scan;
  times.scan.push_back(scan);
  times.together.push_back(together);
  times.decode_busy.push_back(busy(report, "decode") / together);
  times.restore_busy.push_back(busy(report, "inpaint") / together);
  times.encode_busy.push_back(busy(report, "encode") / together);
  times.overlap.push_back(
      std::max({times.decode.back(), times.restore.back(), times.encode.back()}) / together);
}

void tell(const Times& times, double frames, Results& results) {
  Table table{"Stages", {"stage", "frames/s alone", "busy share together"}, {}};
  const auto row = [&](const char* name, const std::vector<double>& seconds,
                       const std::vector<double>* share) {
    std::vector<double> rate;
    for (const double s : seconds) rate.push_back(frames / s);
    table.rows.push_back({name, text_of(interval_of(rate), 1),
                          share ? fmt::format("{:.0f} %", 100 * interval_of(*share).median) : ""});
    results.metrics.push_back({name, "frames/s", interval_of(rate), false, false, {}});
  };
  row("decode", times.decode, &times.decode_busy);
  row("restore", times.restore, &times.restore_busy);
  row("encode", times.encode, &times.encode_busy);
  row("together", times.together, nullptr);
  results.tables.push_back(std::move(table));
  const Interval overlap = interval_of(times.overlap), scan = interval_of(times.scan);
  results.metrics.push_back({"overlap", "×", overlap, false, true, {}});
  results.metrics.push_back({"scan", "s", scan, true, false, {}});
  results.notes.push_back(
      fmt::format("The scan took {} s more. Overlap (the slowest stage's time alone over all "
                  "together; 1 is best): {}.",
                  text_of(scan, 2), text_of(overlap, 2)));
}

void tell_kernels(const Device& device, Results& results) {
  Table table{
      "Kernels over 1080p on " + device.name(), {"kernel", "µs", "GB/s", "of a copy's"}, {}};
  for (const KernelRate& k : kernel_rates(device))
    table.rows.push_back({k.kernel, fmt::format("{:.1f}", 1e6 * k.seconds),
                          fmt::format("{:.1f}", 1e-9 * k.bytes / k.seconds),
                          fmt::format("{:.2f}", copy_seconds(device, k.bytes) / k.seconds)});
  results.tables.push_back(std::move(table));
}

/// @param together  frames/s of the whole job.
void tell_path(const Loaded& loaded, const Device& device, double together, Results& results) {
  Table table{"Kernels of the path on " + device.name(),
              {"kernel", "a frame", "KB", "µs", "GB/s", "of a copy's"},
              {}};
  double frame = 0;
  for (const KernelTime& k : kernel_times(loaded, device, 30)) {
    frame += k.launches * k.seconds;
    table.rows.push_back(
        {k.kernel, fmt::format("{:.1f}", k.launches), fmt::format("{:.0f}", k.bytes / 1e3),
         fmt::format("{:.1f}", 1e6 * k.seconds), fmt::format("{:.1f}", 1e-9 * k.bytes / k.seconds),
         fmt::format("{:.2f}", k.copy_seconds / k.seconds)});
  }
  results.tables.push_back(std::move(table));
  results.notes.push_back(fmt::format(
      "A frame's kernels take {:.3f} ms, so they keep the device busy {:.1f} % of all together.",
      1e3 * frame, 100 * frame * together));
}
}  // namespace

int main(int argc, char** argv) try {
  av_log_set_level(AV_LOG_ERROR);
  bench::Settings settings;
  settings.material.clip.seconds = 4;
  std::string device_name = "cpu";
  int rounds = 3;
  CLI::App app("Times the pipeline's stages");
  settings.add_to(app);  // all frames are held in memory
  app.add_option("--device", device_name, "cpu, cuda, cuda:n");
  app.add_option("--rounds", rounds, "runs of each")->check(CLI::Range(1, 100));
  CLI11_PARSE(app, argc, argv);
  if (settings.quick) settings.size = "1280x720", settings.material.clip.seconds = 2, rounds = 1;
  settings.settle();

  bench::Results results;
  results.program = "stages";
  results.machine = bench::this_machine();
  const bench::Material material(settings.material);
  cleanplate::Options options;
  options.quality = 18;
  options.encoder_options = "preset=" + settings.preset;
  options.threads = settings.threads;
  options.device = "cpu";
  const Device host = open(options);
  options.device = device_name;
  const Device device = open(options);
  const auto loaded = bench::load(material.input(), options, device, material / "scratch.mp4");
  if (loaded.plan.overlays.empty()) throw std::runtime_error("The mark was not found.");
  results.material = material.words() + "; device " + device.name();
  verify(loaded, device, host);
  results.notes.push_back(fmt::format("Verified: {} restored frames, every sample as on {}.",
                                      loaded.frames.size(), host.name()));
  if (!loaded.there.empty())
    results.notes.push_back("Frames stay in the card's memory from the decoder to the encoder.");
  Times times;
  for (int n = 0; n < rounds; ++n) measure(loaded, device, material / "output.mp4", times, results);
  tell(times, static_cast<double>(loaded.frames.size()), results);

  const bench::Moved moved = bench::bytes_moved(loaded, 30);
  results.notes.push_back(
      fmt::format("A card would be sent {:.0f} KB a frame and send back {:.0f}; of frames that "
                  "stay on it {:.0f} and {:.0f}, with {:.0f} kernels launched; the least, the "
                  "masked boxes once each way, is {:.0f}; the whole frame is {:.0f}.",
                  moved.up / 1e3, moved.down / 1e3, moved.up_there / 1e3, moved.down_there / 1e3,
                  moved.kernels, moved.least / 1e3, moved.frame / 1e3));
  results.metrics.push_back({"bytes to a card and back",
                             "KB",
                             bench::exactly((moved.up + moved.down) / 1e3),
                             true,
                             true,
                             {}});
  tell_kernels(device, results);
  tell_path(loaded, device,
            static_cast<double>(loaded.frames.size()) / interval_of(times.together).median,
            results);
  return bench::finish(results, settings.json);
} catch (const std::exception& failure) {
  std::fprintf(stderr, "stages: %s\n", failure.what());
  return 1;
}
