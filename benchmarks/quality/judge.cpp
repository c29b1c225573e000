#include "judge.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "clip_reader.h"

namespace quality {

void Judge::add(Crop output) {
  if (frames_ < made_.frames()) {
    if (frames_ == made_.frames() / 2) kept_ = output;
    scorer_.add(std::move(output), made_.clean(frames_), made_.truth(frames_));
  }
  ++frames_;
}

void judge_file(const std::string& path, const Case& made, Judge& judge) {
  ClipReader reader(path);
  demo::FramePtr frame = demo::new_frame();
  while (reader.next(*frame)) judge.add(cut(*frame, made.boxes()));
}

namespace {
struct Contents {
  std::vector<double> times;  // seconds
  std::vector<demo::PacketPtr> sound;
  double tick = 0, sound_tick = 0;
};

Contents read_contents(const std::string& path) {
  Contents contents;
  ClipReader reader(path);
  contents.tick = av_q2d(reader.video().time_base);
  if (reader.sound()) contents.sound_tick = av_q2d(reader.sound()->time_base);
  demo::FramePtr frame = demo::new_frame();
  while (reader.next(*frame))
    contents.times.push_back(static_cast<double>(frame->pts) * contents.tick);
  contents.sound = reader.take_sound();
  return contents;
}
}  // namespace

Sameness compare_files(const std::string& before, const std::string& after) {
  const Contents a = read_contents(before), b = read_contents(after);
  Sameness same;
  same.frames = a.times.size() == b.times.size();
  const double tick = std::max(a.tick, b.tick);
  same.times =
      same.frames && std::equal(a.times.begin(), a.times.end(), b.times.begin(),
                                [&](double s, double t) { return std::fabs(s - t) <= tick; });
  const double sound_tick = std::max(a.sound_tick, b.sound_tick);
  same.sound =
      a.sound.size() == b.sound.size() &&
      std::equal(a.sound.begin(), a.sound.end(), b.sound.begin(),
                 [&](const auto& p, const auto& q) {
                   return p->size == q->size &&
                          std::memcmp(p->data, q->data, static_cast<std::size_t>(p->size)) == 0 &&
                          std::fabs(static_cast<double>(p->pts) * a.sound_tick -
                                    static_cast<double>(q->pts) * b.sound_tick) <= sound_tick;
                 });
  return same;
}

}  // namespace quality
