#include <fmt/format.h>

#include "scale/scale.h"

namespace bench {

void measure_threads(const Settings& settings, int most, int rounds, Results& results) {
  const Material material(settings.material);
  results.material = material.words();
  Table table{fmt::format("Threads, {}, x264 {}", settings.size, settings.preset),
              {"way", "threads", "frames/s", "times one thread", "CPU s"},
              {}};
  Chart chart{
      "threads",
      fmt::format("Frames a second by threads, {}, x264 {}", settings.size, settings.preset),
      "frames/s",
      {},
      {}};
  std::vector<int> counts;
  for (int n = 1; n <= most; n *= 2) counts.push_back(n);
  if (counts.back() != most) counts.push_back(most);
  for (const char* way : {"plain", "found auto"}) {
    std::vector<std::vector<double>> wall(counts.size()), cpu(counts.size());
    for (int round = 0; round < rounds; ++round)
      for (std::size_t i = 0; i < counts.size(); ++i) {
        fmt::print(stderr, "scale: {} on {} threads\n", way, counts[i]);
        Job job = settings.job(material, way);
        job.threads = counts[i];
        const Run done = run_in_child(job);
        if (done.frames != material.frames())
          throw std::runtime_error(fmt::format("{} on {} threads: {} of {} frames came out.", way,
                                               counts[i], done.frames, material.frames()));
        wall[i].push_back(done.wall);
        cpu[i].push_back(done.cpu);
      }
    for (std::size_t i = 0; i < counts.size(); ++i) {
      std::vector<double> rate, gain;
      for (std::size_t r = 0; r < wall[i].size(); ++r) {
        rate.push_back(material.frames() / wall[i][r]);
        gain.push_back(wall[0][r] / wall[i][r]);
      }
      table.rows.push_back({way, std::to_string(counts[i]), text_of(interval_of(rate), 1),
                            text_of(interval_of(gain), 2), text_of(interval_of(cpu[i]), 2)});
      chart.bars.push_back(
          {fmt::format("{}, {}", way, counts[i]), interval_of(rate), is_ours(way)});
      results.metrics.push_back(
          {fmt::format("{} {} {} on {} threads", settings.size, settings.preset, way, counts[i]),
           "frames/s",
           interval_of(rate),
           false,
           false,
           {}});
    }
  }
  results.tables.push_back(std::move(table));
  results.charts.push_back(std::move(chart));
}

}  // namespace bench
