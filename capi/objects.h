/// @file
/// What is behind each kind of handle.
#pragma once
#include <cleanplate.h>
#include <cleanplate/device.h>
#include <cleanplate/device_frame.h>
#include <cleanplate/pipeline.h>
#include <cleanplate/restorer.h>
#include <cleanplate/video_encoder.h>

#include <deque>
#include <mutex>
#include <optional>

#include "handle.h"

namespace cleanplate::capi {

template <class Self, class H, Kind k>
struct Of : Object {
  using Handle = H;
  static constexpr Kind kind = k;
  /// Whether it may be destroyed now.
  static bool may_go(const Self& object) { return !object.in_use.load(std::memory_order_acquire); }
};

struct OptionsObject : Of<OptionsObject, cleanplate_options, Kind::options> {
  std::mutex lock;
  Options options;
};
struct CancelObject : Of<CancelObject, cleanplate_cancel, Kind::cancel> {
  CancelToken token;
};
struct FrameObject : Of<FrameObject, cleanplate_frame, Kind::frame> {
  explicit FrameObject(Frame f) : frame(std::move(f)) {}
  Frame frame;
};
struct DetectionsObject : Of<DetectionsObject, cleanplate_detections, Kind::detections> {
  explicit DetectionsObject(Detections d) : detections(std::move(d)) {}
  Detections detections;
};
struct MaskObject : Of<MaskObject, cleanplate_mask, Kind::mask> {
  explicit MaskObject(FrameMask m) : mask(std::move(m)) {}
  FrameMask mask;
};
struct PlanObject : Of<PlanObject, cleanplate_plan, Kind::plan> {
  /// @param of  the video that it is of; none: it could not be told.
  PlanObject(Plan p, std::optional<VideoInfo> of) : plan(std::move(p)), video(std::move(of)) {}
  Plan plan;
  std::optional<VideoInfo> video;
};
struct ReportObject : Of<ReportObject, cleanplate_report, Kind::report> {
  explicit ReportObject(Report r) : report(std::move(r)) {}
  Report report;
};
/// Stages may be destroyed while a restorer has them; they live on in it.
template <class Self, class H, Kind k, class Stage>
struct StageOf : Of<Self, H, k> {
  explicit StageOf(std::unique_ptr<Stage> s) : stage(std::move(s)) {}
  static bool may_go(const Self& object) {
    return object.lent || !object.in_use.load(std::memory_order_acquire);
  }
  std::unique_ptr<Stage> stage;
  std::atomic<bool> lent{false};
};
struct DetectorObject : StageOf<DetectorObject, cleanplate_detector, Kind::detector, Detector> {
  using StageOf::StageOf;
};
struct TrackerObject : StageOf<TrackerObject, cleanplate_tracker, Kind::tracker, MaskTracker> {
  using StageOf::StageOf;
};
struct InpainterObject
    : StageOf<InpainterObject, cleanplate_inpainter, Kind::inpainter, Inpainter> {
  using StageOf::StageOf;
};
struct RestorerObject : Of<RestorerObject, cleanplate_restorer, Kind::restorer> {
  ~RestorerObject() override {
    restorer.reset();
    if (detector) detector->lent = false;
    if (tracker) tracker->lent = false;
    if (inpainter) inpainter->lent = false;
  }
  Use<DetectorObject> detector;
  Use<TrackerObject> tracker;
  Use<InpainterObject> inpainter;
  std::optional<Restorer> restorer;
  VideoInfo video;  ///< its colour is the last frame's
};
struct DecoderObject : Of<DecoderObject, cleanplate_decoder, Kind::decoder> {
  explicit DecoderObject(VideoDecoder d) : decoder(std::move(d)) {}
  VideoDecoder decoder;
};
struct EncoderObject : Of<EncoderObject, cleanplate_encoder, Kind::encoder> {
  explicit EncoderObject(VideoEncoder e) : encoder(std::move(e)) {}
  VideoEncoder encoder;
  bool finished = false;
};
struct PipelineObject : Of<PipelineObject, cleanplate_pipeline, Kind::pipeline> {
  PipelineObject(Pipeline p, Options o) : pipeline(std::move(p)), options(std::move(o)) {}
  Pipeline pipeline;
  Options options;
};
struct DeviceObject : Of<DeviceObject, cleanplate_device, Kind::device> {
  explicit DeviceObject(Device d) : device(std::move(d)) {}
  /// Memory for pictures of one kind that stay there; kept for the last few kinds. Threads: any.
  [[nodiscard]] Result<DevicePictures> pictures(PixelFormat format, Size size) const;
  Device device;

 private:
  struct Kept {
    PixelFormat format;
    Size size;
    DevicePictures pictures;
  };
  mutable std::mutex lock_;
  mutable std::deque<Kept> kept_;  // the last used first
};

/// The caller's options, copied; NULL: the defaults.
[[nodiscard]] Result<Options> options_of(const cleanplate_options* handle);
/// NULL: a token that nobody sets.
[[nodiscard]] Result<CancelToken> cancel_of(const cleanplate_cancel* handle);
/// For stages that are given frames.
[[nodiscard]] Result<VideoInfo> video_of(const cleanplate_video_info* given);
[[nodiscard]] cleanplate_candidate candidate_of(const Candidate& candidate);

/// A frame but for its samples; what an older header's shorter struct does not say has its default.
[[nodiscard]] Result<cleanplate_frame_info> take_info(const cleanplate_frame_info* given);
[[nodiscard]] PixelFormat format_of(const cleanplate_frame_info& info);
/// Times, colour, fields, key.
void set_rest(Frame& frame, const cleanplate_frame_info& info);

/// One field's end: the least size of a struct in which it is the last that is needed.
#define CAPI_THROUGH(type, member) (offsetof(type, member) + sizeof(type::member))

}  // namespace cleanplate::capi
