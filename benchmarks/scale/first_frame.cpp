#include <fmt/format.h>

#include <cmath>

#include "scale/scale.h"

namespace bench {

void measure_first_frame(const Settings& settings, double seconds, int rounds, Results& results) {
  constexpr double part = 10;  // seconds
  MaterialOrder order = settings.material;
  order.clip.seconds = std::min(part, seconds);
  order.clip.frames = 0;
  Material material(order);
  const int times = std::max(1, static_cast<int>(std::lround(seconds / order.clip.seconds)));
  Table table{fmt::format("First restored frame, {}, {:.0f} s long", settings.size,
                          times * order.clip.seconds),
              {"way", "seconds until the encoder has it", "CPU s until then"},
              {}};
  struct Way {
    const char* name;
    double goal;  // seconds
  };
  for (const Way& way : {Way{"told auto", 1}, Way{"told fill", 1}, Way{"found auto", 4}}) {
    std::vector<double> wait, cpu;
    for (int round = 0; round < rounds; ++round) {
      fmt::print(stderr, "scale: first frame, {}\n", way.name);
      Job job = settings.job(material, way.name);
      job.input = material.looped(times);
      job.stop_at_first = true;
      const Run done = run_in_child(job);
      if (done.first_frame <= 0)
        throw std::runtime_error(std::string(way.name) + ": no frame was restored.");
      wait.push_back(done.first_frame);
      cpu.push_back(done.cpu);
    }
    table.rows.push_back({way.name, text_of(interval_of(wait), 2), text_of(interval_of(cpu), 2)});
    results.metrics.push_back(
        {fmt::format("{} {}: first frame of {:.0f} s", settings.size, way.name, seconds), "s",
         interval_of(wait), true, false,
         settings.material.clip.size == cleanplate::Size{1920, 1080}
             ? std::optional<double>(way.goal)
             : std::nullopt});
  }
  results.tables.push_back(std::move(table));
}

}  // namespace bench
