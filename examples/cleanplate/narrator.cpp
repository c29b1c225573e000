#include "narrator.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

namespace cli {

namespace {
constexpr auto log_interval = std::chrono::seconds(10);
}

Narrator::Narrator(std::FILE* out) : out_(out), terminal_(out && isatty(fileno(out)) == 1) {}

Narrator::~Narrator() { next_job(); }

void Narrator::clear() {
  if (showing_) std::fputs("\r\033[K", out_);
  showing_ = false;
}

void Narrator::line(std::string_view text) {
  if (!out_) return;
  const std::lock_guard held(lock_);
  clear();
  fmt::print(out_, "{}\n", text);
  std::fflush(out_);
}

void Narrator::next_job() {
  if (!out_) return;
  const std::lock_guard held(lock_);
  clear();
  phase_.clear();
  std::fflush(out_);
}

void Narrator::progress(const cleanplate::Progress& progress) {
  if (!out_) return;
  const std::lock_guard held(lock_);
  const auto now = Clock::now();
  const bool new_phase = phase_ != progress.phase;
  if (new_phase) {
    phase_ = progress.phase;
    phase_began_ = now;
    first_done_ = progress.done;
  }
  if (!terminal_ && !new_phase && now - last_said_ < log_interval) return;
  last_said_ = now;
  const double seconds = std::chrono::duration<double>(now - phase_began_).count();
  const std::string text = progress_text(progress, first_done_, seconds);
  if (terminal_) {
    fmt::print(out_, "\r{}\033[K", text);
    showing_ = true;
  } else {
    fmt::print(out_, "{}\n", text);
  }
  std::fflush(out_);
}

std::string progress_text(const cleanplate::Progress& progress, std::int64_t first,
                          double seconds) {
  std::string text = fmt::format("{}  {}", progress.phase, progress.done);
  if (progress.frames > 0) text += fmt::format(" of {}", progress.frames);
  text += " frames";
  const auto worked = static_cast<double>(progress.done - first);
  if (worked <= 0 || seconds <= 0) return text;
  const double rate = worked / seconds;
  text += fmt::format(", {:.1f} frames/s", rate);
  if (progress.frames > progress.done) {
    const auto left =
        static_cast<long>(static_cast<double>(progress.frames - progress.done) / rate + 0.5);
    text += left >= 3600
                ? fmt::format(", {}:{:02}:{:02} left", left / 3600, left / 60 % 60, left % 60)
                : fmt::format(", {}:{:02} left", left / 60, left % 60);
  }
  return text;
}

void complain(std::string_view sentence) {
  std::string one_line(sentence);
  std::replace(one_line.begin(), one_line.end(), '\n', ' ');
  fmt::print(stderr, "cleanplate: {}\n", one_line);
}

}  // namespace cli
