#include "pipeline/line.h"

#include "core/try.h"

namespace cleanplate {

Line::Line(const CancelToken& cancel, int frames_between)
    : cancel_(cancel),
      decoded_(static_cast<std::size_t>(frames_between), cancel),
      restored_(static_cast<std::size_t>(frames_between), cancel) {}

Line::~Line() {
  decoded_.cancel();
  restored_.cancel();
  for (std::thread& t : threads_)
    if (t.joinable()) t.join();
}

void Line::run(std::function<Result<void>()> body, Queue* ends) {
  threads_.emplace_back([this, body = std::move(body), ends] {
    const Result<void> done = guarded("pipeline", body);
    if (!done) {
      {
        const std::lock_guard held(lock_);
        if (!first_) first_ = done.error();
      }
      decoded_.cancel();
      restored_.cancel();
    }
    if (ends) ends->close();
  });
}

void Line::start(std::function<Result<void>(Out&)> body) {
  run(
      [this, body = std::move(body)] {
        Out out(decoded_);
        return body(out);
      },
      &decoded_);
}
void Line::then(std::function<Result<void>(In&, Out&)> body) {
  run(
      [this, body = std::move(body)] {
        In in(decoded_);
        Out out(restored_);
        return body(in, out);
      },
      &restored_);
}
void Line::last(std::function<Result<void>(In&)> body) {
  run(
      [this, body = std::move(body)] {
        In in(restored_);
        return body(in);
      },
      nullptr);
}

Result<void> Line::wait() {
  for (std::thread& t : threads_) t.join();
  threads_.clear();
  if (first_) return *first_;
  if (cancel_.cancelled()) return Error{Code::cancelled, "pipeline", "The job was cancelled."};
  return {};
}

Result<void> restore_frames(Chain& chain, Line::In& in, Line::Out& out, StageClock& clock,
                            std::int64_t& changed) {
  const auto give = [&]() -> Result<bool> {
    for (Frame done;;) {
      CP_TRY(const Flow flow, clock.timed([&] { return chain.pull(done); }));
      if (flow != Flow::ok) return true;
      if (!out.frame(std::exchange(done, {}))) return false;
    }
  };
  for (Line::Item item; in.next(item);) {
    if (!out.packets(std::move(item.packets))) return {};
    if (!item.frame) continue;
    CP_CHECK(clock.timed([&] { return chain.push(item.frame); }));
    item.frame = {};
    changed = chain.changed();
    CP_TRY(const bool on, give());
    if (!on) return {};
  }
  CP_CHECK(clock.timed([&] { return chain.flush(); }));
  changed = chain.changed();
  CP_CHECK(give());
  return {};
}

std::int64_t frame_bytes(const VideoInfo& video) {
  const std::int64_t luma = std::int64_t{video.size.width} * video.size.height;
  const int shift = video.format.chroma_shift_x() + video.format.chroma_shift_y();
  const std::int64_t chroma = video.format.components() == 1 ? 0 : 2 * (luma >> shift);
  return (luma + chroma) * video.format.bytes_per_sample();
}

}  // namespace cleanplate
