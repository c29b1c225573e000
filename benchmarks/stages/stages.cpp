#include "stages/stages.h"

#include <cleanplate/pipeline.h>
#include <cleanplate/video_decoder.h>
#include <cleanplate/video_encoder.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <stdexcept>

#include "device/strict_device.h"
#include "frame/card_format.h"
#include "frame/device_frames.h"
#include "frame/read_samples.h"
#include "stages/must.h"

namespace bench {

using namespace cleanplate;

namespace {

class Watch {
 public:
  [[nodiscard]] double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count();
  }

 private:
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

/// Every overlay of the plan lies in every frame of these clips.
FrameMask mask_of(const Plan& plan, const Frame& frame) {
  FrameMask mask{frame.pts, {}};
  for (std::size_t k = 0; k < plan.overlays.size(); ++k)
    mask.overlays.push_back({static_cast<int>(k), plan.overlays[k].support, 0, 0});
  return mask;
}

void take(Inpainter& inpainter, std::vector<Frame>* restored) {
  for (Frame frame;;) {
    if (must(inpainter.pull(frame)) != Flow::ok) return;
    if (restored) restored->push_back(must(frame.to_host()));
  }
}

/// As path.cpp opens them.
VideoDecoder decoder_for(const Loaded& clip, const Device& device) {
  auto decoder = must(VideoDecoder::open(clip.input, clip.options, false, device));
  if (clip.there.empty()) must(decoder.bring_down());
  return decoder;
}

std::vector<Frame> frames_of(VideoDecoder& decoder) {
  std::vector<Frame> frames;
  for (Frame frame; must(decoder.pull(frame)) == Flow::ok; frame = {})
    frames.push_back(std::move(frame));
  return frames;
}

bool frames_stay(const Loaded& clip, const Device& device, const std::string& scratch) {
  const auto decoder = must(VideoDecoder::open(clip.input, clip.options, false, device));
  return must(VideoEncoder::open(scratch, decoder, clip.options)).takes_device_frames();
}
}  // namespace

std::vector<Frame> copied_to(const Device& device, const Loaded& clip) {
  const auto ring =
      must(DeviceFrames::create(device, *card_format(clip.video.format), clip.video.size));
  std::vector<Frame> there;
  for (const Frame& frame : clip.frames) there.push_back(must(ring.copy(frame)));
  return there;
}

Loaded load(const std::string& input, const Options& options, const Device& device,
            const std::string& scratch) {
  Loaded clip{input, options, {}, {}, {}};
  auto pipeline = must(Pipeline::create(options, device));
  clip.plan = must(pipeline.plan(input));
  auto decoder = must(VideoDecoder::open(input, options));
  clip.video = decoder.info();
  for (Frame frame; must(decoder.pull(frame)) == Flow::ok; frame = {})
    clip.frames.push_back(must(frame.writable_copy()));  // the decoder's pool is small
  if (frames_stay(clip, device, scratch)) clip.there = copied_to(device, clip);
  return clip;
}

double decode_alone(const Loaded& clip, const Device& device) {
  const Watch watch;
  auto decoder = decoder_for(clip, device);
  for (Frame frame; must(decoder.pull(frame)) == Flow::ok; frame = {})
    static_cast<void>(decoder.take_packets());
  return watch.seconds();
}

double restore_alone(const Loaded& clip, const Device& device, std::vector<Frame>* restored) {
  const Watch watch;
  const auto inpainter = must(Inpainter::create(clip.options, clip.video, clip.plan, device));
  const bool there =
      !clip.there.empty() && &DeviceFrames::device_of(clip.there.front())->core() == &device.core();
  for (const Frame& frame : there ? clip.there : clip.frames) {
    static_cast<void>(must(inpainter->push(frame, mask_of(clip.plan, frame))));
    take(*inpainter, restored);
  }
  static_cast<void>(must(inpainter->flush()));
  take(*inpainter, restored);
  return watch.seconds();
}

double encode_alone(const Loaded& clip, const Device& device, const std::string& output) {
  auto decoder = decoder_for(clip, device);
  // On the card an encoder knows the frames of its decoder only.
  const auto there = clip.there.empty() ? std::vector<Frame>() : frames_of(decoder);
  const Watch watch;
  auto encoder = must(VideoEncoder::open(output, decoder, clip.options));
  for (const Frame& frame : there.empty() ? clip.frames : there)
    static_cast<void>(must(encoder.push(frame)));
  must(encoder.finish());
  return watch.seconds();
}

Report all_together(const Loaded& clip, const Device& device, const std::string& output) {
  auto pipeline = must(Pipeline::create(clip.options, device));
  return must(pipeline.run(clip.input, output));
}

long long different(const std::vector<Frame>& a, const std::vector<Frame>& b) {
  if (a.size() != b.size()) throw std::runtime_error("Frames were lost.");
  long long count = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    for (int c = 0; c < a[i].format().components(); ++c) {
      const ComponentView u = a[i].component(c);
      const Box all{0, 0, u.width, u.height};
      std::vector<std::uint16_t> left(static_cast<std::size_t>(all.area())), right(left.size());
      read_samples(a[i], c, all, left.data());
      read_samples(b[i], c, all, right.data());
      for (std::size_t k = 0; k < left.size(); ++k) count += left[k] != right[k];
    }
  return count;
}

Moved bytes_moved(const Loaded& clip, int frames) {
  Loaded few = clip;
  few.there.clear();
  few.frames.resize(std::min(few.frames.size(), static_cast<std::size_t>(frames)));
  const double n = static_cast<double>(few.frames.size());
  Moved moved;
  for (const bool there : {false, true}) {
    const auto strict = std::make_shared<StrictDevice>();
    const Device device(strict);
    if (there && !card_format(clip.video.format)) break;
    if (there) few.there = copied_to(device, few);
    const auto up = strict->copied(Copy::Way::upload);
    static_cast<void>(restore_alone(few, device, nullptr));
    (there ? moved.up_there : moved.up) =
        static_cast<double>(strict->copied(Copy::Way::upload) - up) / n;
    (there ? moved.down_there : moved.down) =
        static_cast<double>(strict->copied(Copy::Way::download)) / n;
    moved.kernels = strict->launches() / n;
    few.there.clear();
  }
  const PixelFormat format = clip.video.format;
  for (int c = 0; c < format.components(); ++c) {
    for (const PlannedOverlay& o : clip.plan.overlays)
      moved.least +=
          static_cast<double>(component_box(o.support->box, format, c, clip.video.size).area() *
                              format.bytes_per_sample());
    const ComponentView v = clip.frames.front().component(c);
    moved.frame += static_cast<double>(v.width) * v.height * format.bytes_per_sample();
  }
  return moved;
}

}  // namespace bench
