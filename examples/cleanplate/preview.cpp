#include "preview.h"

#include <fmt/format.h>

namespace cli {

using namespace cleanplate;

namespace {

/// The first frame at or after `pts`, or the clip's last.
Result<Frame> frame_at(VideoDecoder& decoder, std::int64_t pts) {
  Frame frame, last;
  for (;;) {
    auto flow = decoder.pull(frame);
    if (!flow) return std::move(flow).error();
    if (*flow == Flow::end) break;
    last = frame;
    if (frame.pts >= pts) break;
  }
  if (!last) return Error{Code::not_found, "preview", "The clip has no frame that could be shown."};
  return last;
}

/// The frame `seconds` after the first.
Result<Frame> frame_after(const std::string& input, const Options& options, double seconds) {
  auto decoder = VideoDecoder::open(input, options);
  if (!decoder) return std::move(decoder).error();
  decoder->keep_packets(false);
  auto first = frame_at(*decoder, INT64_MIN);
  if (!first) return first;
  const double tick = decoder->info().time_base.value();
  const auto ticks = tick > 0 ? static_cast<std::int64_t>(seconds / tick) : 0;
  if (ticks <= 0) return first;
  (void)decoder->seek(seconds);  // where that cannot be, the frame comes by reading up to it
  return frame_at(*decoder, first->pts + ticks);
}

}  // namespace

BeforeAndAfter::BeforeAndAfter(std::string input, const Options& options)
    : input_(std::move(input)), options_(options) {
  if (auto decoder = VideoDecoder::open(input_, options_)) {
    const VideoInfo& info = decoder->info();
    wanted_ = info.frames > 0
                  ? info.frames / 2
                  : static_cast<std::int64_t>(info.duration * info.frame_rate.value() / 2);
  }
}

void BeforeAndAfter::see(const Frame& restored) {
  if (seen_ == 0) first_pts_ = restored.pts;
  if (seen_ <= wanted_ && (seen_ == 0 || seen_ == wanted_)) kept_ = restored;
  ++seen_;
}

Result<void> BeforeAndAfter::write(const std::string& path) const {
  if (!kept_)
    return Error{Code::not_found, "preview",
                 fmt::format("There is no restored frame of '{}' to show.", input_)};
  auto decoder = VideoDecoder::open(input_, options_);
  if (!decoder) return std::move(decoder).error();
  decoder->keep_packets(false);
  const double seconds =
      static_cast<double>(kept_.pts - first_pts_) * decoder->info().time_base.value();
  (void)decoder->seek(seconds);  // where that cannot be, the frame comes by reading up to it
  auto before = frame_at(*decoder, kept_.pts);
  if (!before) return std::move(before).error();
  return write_preview(path, {{*before, {}}, {kept_, {}}});
}

Result<void> write_candidates(const std::string& path, const std::string& input,
                              const Options& options, const std::vector<Candidate>& candidates) {
  double middle = 0;
  if (auto decoder = VideoDecoder::open(input, options)) middle = decoder->info().duration / 2;
  auto frame = frame_after(input, options, middle);
  if (!frame) return std::move(frame).error();
  PreviewPane pane{*frame, {}};
  for (const bool accepted : {false, true})  // what was accepted is drawn on top
    for (const auto& candidate : candidates)
      if (candidate.accepted == accepted) {
        const Outline outline{candidate.detection.box, {}};
        pane.outlines.push_back(outline);
        pane.outlines.back().colour = accepted ? std::array<std::uint8_t, 3>{0, 255, 0}
                                               : std::array<std::uint8_t, 3>{255, 0, 0};
      }
  return write_preview(path, {pane});
}

}  // namespace cli
