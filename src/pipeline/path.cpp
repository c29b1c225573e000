#include "pipeline/path.h"

#include <cleanplate/video_encoder.h>

#include <utility>

#include "core/budget.h"
#include "core/try.h"
#include "detect/region_detector.h"
#include "pipeline/course.h"
#include "pipeline/fallback_inpainter.h"
#include "pipeline/line.h"
#include "pipeline/planner.h"

namespace cleanplate {

//    file ─ demux ─ decode ─┬─ plan's overlays ─ track ─┐
//                           │                           ├─ inpaint, composite ─ encode ─ mux ─ file
//                           └────── frames wait ────────┘
//    sound, subtitles, chapters, attachments, metadata: copied packet by packet

namespace {

/// Decodes, restores and encodes at once in three threads, with a few frames between them.
Result<Report> go(const std::string& input, const std::string& output, Course& course,
                  const Plan& plan, const Callbacks& callbacks, const CancelToken& cancel) {
  const Options& options = course.options;
  const Device& device = course.device;
  StageClock &decode = course.decode, &inpaint = course.inpaint, &encode = course.encode;
  // Frames stay on the card where one and the same decodes, restores and encodes.
  CP_TRY(VideoDecoder decoder, VideoDecoder::open(input, options, false, device));
  const VideoInfo& video = decoder.info();
  CP_TRY(VideoEncoder encoder, VideoEncoder::open(output, decoder, options));
  course.encoder = encoder.encoder_name();
  if (!encoder.takes_device_frames()) CP_CHECK(decoder.bring_down());
  RegionDetector detector(regions_of(plan), video.time_base);
  // The plan knows each overlay's times, so the tracker need not look ahead and no frame waits.
  Options known = options;
  known.persistence_frames = 0;
  CP_TRY(auto tracker, MaskTracker::create(known, video));
  CP_TRY(auto inpainter, FallbackInpainter::create(options, video, plan, device));

  Line line(cancel, share_budget(options, frame_bytes(video)).queue_frames);
  Report report;

  line.start([&](Line::Out& out) -> Result<void> {
    for (Frame frame;;) {
      CP_TRY(const Flow flow, decode.timed([&] { return decoder.pull(frame); }));
      if (!out.packets(decoder.take_packets()) || flow == Flow::end) return {};
      ++report.frames_in;
      if (!out.frame(std::exchange(frame, {}))) return {};
    }
  });

  line.then([&](Line::In& in, Line::Out& out) -> Result<void> {
    Chain chain(detector, *tracker, *inpainter);
    return restore_frames(chain, in, out, inpaint, report.frames_changed);
  });

  line.last([&](Line::In& in) -> Result<void> {
    for (Line::Item item; in.next(item);) {
      for (const Packet& packet : item.packets) CP_CHECK(encoder.push_packet(packet));
      if (!item.frame) continue;
      if (callbacks.restored && report.frames_out == course.shown) {
        CP_TRY(const Frame seen, item.frame.to_host());
        callbacks.restored(seen);
        ++course.shown;
      }
      CP_CHECK(encode.timed([&] { return encoder.push(item.frame); }));
      ++report.frames_out;
      if (callbacks.progress) callbacks.progress({"restore", report.frames_out, video.frames});
    }
    return {};
  });

  CP_CHECK(line.wait());
  CP_CHECK(encode.timed([&] { return encoder.finish(); }));

  report.input = input;
  report.output = output;
  report.encoder = encoder.encoder_name();
  report.frames_lost = decoder.lost_frames();
  report.warnings = decoder.warnings();
  report.degradations = course.steps_back;
  for (const Degradation& d : decoder.degradations()) report.degradations.push_back(d);
  for (const Degradation& d : encoder.degradations()) report.degradations.push_back(d);
  for (const Degradation& d : inpainter->degradations()) report.degradations.push_back(d);
  report.methods = inpainter->methods();
  report.stages = {
      decode.report(decoder.device()), inpaint.report(inpainter->device_name(), inpainter->batch()),
      encode.report(encoder.takes_device_frames() ? report.encoder + ", from the card's memory"
                                                  : report.encoder)};
  return report;
}

}  // namespace

Result<Report> restore(const std::string& input, const std::string& output, const Options& options,
                       const Plan& plan, const Device& device, const Callbacks& callbacks,
                       const CancelToken& cancel) {
  Course course{options, device};
  for (;;) {
    auto done = go(input, output, course, plan, callbacks, cancel);
    if (done || !step_back(done.error(), course)) return done;
  }
}

}  // namespace cleanplate
