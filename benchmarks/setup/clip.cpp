#include "setup/clip.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "demo_clip/clip_writer.h"
#include "demo_clip/demo.h"
#include "quality/clip_reader.h"

extern "C" {
#include <libswscale/swscale.h>
}

namespace bench {

using demo::checked;

namespace {
std::string scale_clip(const ClipOrder& order, const std::string& path) {
  demo::FramePtr seen = demo::new_frame();
  std::unique_ptr<demo::ClipWriter> writer;
  demo::WriterSettings settings;
  settings.crf = 12;
  settings.preset = "ultrafast";
  std::unique_ptr<SwsContext, void (*)(SwsContext*)> scaler(nullptr, sws_freeContext);
  int loops = 0, wanted = 1, count = 0;
  for (; count < wanted; ++loops) {
    quality::ClipReader reader(order.source);
    const int before = count;
    while (count < wanted && reader.next(*seen)) {
      if (!writer) {
        settings.frame_rate = reader.video().avg_frame_rate;
        settings.time_base = av_inv_q(settings.frame_rate);
        wanted = order.frames > 0 ? order.frames
                                  : std::max(1, static_cast<int>(std::lround(
                                                    order.seconds * av_q2d(settings.frame_rate))));
        scaler.reset(sws_getContext(
            seen->width, seen->height, static_cast<AVPixelFormat>(seen->format), order.size.width,
            order.size.height, AV_PIX_FMT_YUV420P, SWS_BICUBIC, nullptr, nullptr, nullptr));
      }
      demo::FramePtr out = demo::new_frame();
      checked(av_frame_copy_props(out.get(), seen.get()), "Copying a frame's properties");
      out->width = order.size.width;
      out->height = order.size.height;
      out->format = AV_PIX_FMT_YUV420P;
      checked(av_frame_get_buffer(out.get(), 0), "Getting memory for a frame");
      checked(sws_scale(scaler.get(), seen->data, seen->linesize, 0, seen->height, out->data,
                        out->linesize),
              "Scaling a frame");
      out->pts = count++;
      if (!writer) writer = std::make_unique<demo::ClipWriter>(path, *out, settings);
      writer->push(*out);
    }
    if (count == before) throw std::runtime_error(order.source + " has no frames.");
  }
  writer->finish();
  return std::filesystem::path(order.source).stem().string() + " scaled to " + text_of(order.size) +
         ", " + std::to_string(count) + " frames" +
         (loops > 1 ? ", looped " + std::to_string(loops) + " times" : "");
}
}  // namespace

std::string make_clip(const ClipOrder& order, const std::string& path) {
  if (!order.source.empty()) return scale_clip(order, path);
  demo::DemoOrder scene;
  scene.width = order.size.width;
  scene.height = order.size.height;
  scene.seconds = order.frames > 0 ? static_cast<double>(order.frames) / scene.rate : order.seconds;
  scene.kind = "none";
  scene.crf = 12;
  scene.preset = "ultrafast";
  demo::write_demo(scene, path, "");
  return "the demo scene made at " + text_of(order.size) + ", " +
         std::to_string(std::lround(scene.seconds * scene.rate)) + " frames";
}

void repeat_clip(const std::string& source, int times, const std::string& path) {
  AVFormatContext* out = nullptr;
  checked(avformat_alloc_output_context2(&out, nullptr, nullptr, path.c_str()), "Opening " + path);
  const std::unique_ptr<AVFormatContext, void (*)(AVFormatContext*)> held(out,
                                                                          avformat_free_context);
  std::int64_t offset = 0;  // microseconds
  for (int n = 0; n < times; ++n) {
    AVFormatContext* in = nullptr;
    checked(avformat_open_input(&in, source.c_str(), nullptr, nullptr), "Opening " + source);
    const std::unique_ptr<AVFormatContext, void (*)(AVFormatContext*)> open(
        in, [](AVFormatContext* c) { avformat_close_input(&c); });
    checked(avformat_find_stream_info(in, nullptr), "Reading " + source);
    if (n == 0) {
      for (unsigned i = 0; i < in->nb_streams; ++i) {
        AVStream* stream = avformat_new_stream(out, nullptr);
        checked(avcodec_parameters_copy(stream->codecpar, in->streams[i]->codecpar), "Copying");
        stream->time_base = in->streams[i]->time_base;
        stream->avg_frame_rate = in->streams[i]->avg_frame_rate;
      }
      checked(avio_open(&out->pb, path.c_str(), AVIO_FLAG_WRITE), "Opening " + path);
      checked(avformat_write_header(out, nullptr), "Writing the header of " + path);
    }
    const demo::PacketPtr packet = demo::new_packet();
    while (av_read_frame(in, packet.get()) >= 0) {
      const AVRational from = in->streams[packet->stream_index]->time_base;
      const std::int64_t shift = av_rescale_q(offset, {1, AV_TIME_BASE}, from);
      packet->pts += shift;
      packet->dts += shift;
      packet->pos = -1;
      av_packet_rescale_ts(packet.get(), from, out->streams[packet->stream_index]->time_base);
      checked(av_interleaved_write_frame(out, packet.get()), "Writing to " + path);
    }
    offset += in->duration;
  }
  checked(av_write_trailer(out), "Writing the end of " + path);
  checked(avio_closep(&out->pb), "Closing " + path);
}

cleanplate::Size size_from(const std::string& text) {
  cleanplate::Size size;
  char rest = 0;
  if (std::sscanf(text.c_str(), "%dx%d%c", &size.width, &size.height, &rest) != 2 ||
      size.width < 64 || size.height < 64 || size.width % 2 || size.height % 2)
    throw std::runtime_error("A size is given as 1920x1080, even and 64 or more, not '" + text +
                             "'.");
  return size;
}

std::string text_of(cleanplate::Size size) {
  return std::to_string(size.width) + "x" + std::to_string(size.height);
}

}  // namespace bench
