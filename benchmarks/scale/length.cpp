#include <fmt/format.h>

#include <array>
#include <cmath>

#include "scale/scale.h"

namespace bench {

void measure_length(Settings settings, const Lengths& lengths, int rounds, Results& results) {
  constexpr double part = 10;  // seconds
  settings.size = lengths.size;
  settings.preset = lengths.preset;
  settings.settle();
  settings.material.clip.seconds = std::min(part, lengths.brief);
  settings.material.clip.frames = 0;
  Material material(settings.material);
  const auto times = [&](double seconds) {
    return std::max(1, static_cast<int>(std::lround(seconds / settings.material.clip.seconds)));
  };
  const std::array<int, 2> loops{times(lengths.brief), times(lengths.lengthy)};
  Table table{fmt::format("Length, {}, x264 {}", lengths.size, lengths.preset),
              {"way", "frames", "ms a frame, wall", "ms a frame, CPU", "against the shorter, wall",
               "against the shorter, CPU"},
              {}};
  for (const char* way : {"plain", "told auto", "found auto"}) {
    std::array<std::vector<double>, 2> wall, cpu;
    std::array<std::int64_t, 2> frames{};
    for (int round = 0; round < rounds; ++round)
      for (std::size_t i = 0; i < 2; ++i) {
        fmt::print(stderr, "scale: {}, {} times the clip\n", way, loops[i]);
        Job job = settings.job(material, way);
        job.input = material.looped(loops[i]);
        const Run done = run_in_child(job);
        frames[i] = std::int64_t{loops[i]} * material.frames();
        if (done.frames != frames[i])
          throw std::runtime_error(fmt::format("{}: {} of {} frames of the looped clip came out.",
                                               way, done.frames, frames[i]));
        wall[i].push_back(1e3 * done.wall / static_cast<double>(frames[i]));
        cpu[i].push_back(1e3 * done.cpu / static_cast<double>(frames[i]));
      }
    std::vector<double> wall_ratio, cpu_ratio;
    for (std::size_t r = 0; r < wall[0].size(); ++r) {
      wall_ratio.push_back(wall[1][r] / wall[0][r]);
      cpu_ratio.push_back(cpu[1][r] / cpu[0][r]);
    }
    for (std::size_t i = 0; i < 2; ++i)
      table.rows.push_back({way, std::to_string(frames[i]), text_of(interval_of(wall[i]), 2),
                            text_of(interval_of(cpu[i]), 2),
                            i ? text_of(interval_of(wall_ratio), 3) : "",
                            i ? text_of(interval_of(cpu_ratio), 3) : ""});
    results.metrics.push_back(
        {fmt::format("{} {} {}: wall a frame of {:.0f} s / of {:.0f} s", lengths.size,
                     lengths.preset, way, lengths.lengthy, lengths.brief),
         "×", interval_of(wall_ratio), true, true,
         is_ours(way) && lengths.brief >= 60 ? std::optional<double>(1.1) : std::nullopt});
    results.metrics.push_back(
        {fmt::format("{} {} {}: CPU a frame of {:.0f} s / of {:.0f} s", lengths.size,
                     lengths.preset, way, lengths.lengthy, lengths.brief),
         "×",
         interval_of(cpu_ratio),
         true,
         true,
         {}});
  }
  results.tables.push_back(std::move(table));
}

}  // namespace bench
