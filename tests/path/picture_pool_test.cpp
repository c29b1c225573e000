// Large pictures are decoded into memory of ours: they must be libavcodec's own, and last.
#include <catch2/catch.hpp>
#include <vector>

#include "path/device_job.h"

using namespace cleanplate;

namespace {

/// libavcodec alone, one thread, its own memory.
std::vector<Samples> decoded_alone(const std::string& path, int bytes_per_sample, int shift_x,
                                   int shift_y) {
  AVFormatContext* format = nullptr;
  REQUIRE(avformat_open_input(&format, path.c_str(), nullptr, nullptr) == 0);
  REQUIRE(avformat_find_stream_info(format, nullptr) >= 0);
  const AVCodecParameters* const coded = format->streams[0]->codecpar;
  const AVCodec* const found = avcodec_find_decoder(coded->codec_id);
  AVCodecContext* codec = avcodec_alloc_context3(found);
  REQUIRE(avcodec_parameters_to_context(codec, coded) >= 0);
  codec->thread_count = 1;
  codec->flags |= AV_CODEC_FLAG_UNALIGNED;
  REQUIRE(avcodec_open2(codec, found, nullptr) == 0);
  AVPacket* packet = av_packet_alloc();
  AVFrame* frame = av_frame_alloc();
  std::vector<Samples> out;
  const auto receive = [&] {
    while (avcodec_receive_frame(codec, frame) == 0) {
      Samples& picture = out.emplace_back();
      for (int p = 0; p < 3; ++p) {
        const int sx = p ? shift_x : 0, sy = p ? shift_y : 0;
        const int row = ((frame->width + (1 << sx) - 1) >> sx) * bytes_per_sample;
        const int rows = (frame->height + (1 << sy) - 1) >> sy;
        for (int y = 0; y < rows; ++y) {
          const auto* const from =
              reinterpret_cast<const std::byte*>(frame->data[p]) + y * frame->linesize[p];
          picture.insert(picture.end(), from, from + row);
        }
      }
    }
  };
  while (av_read_frame(format, packet) == 0) {
    REQUIRE(avcodec_send_packet(codec, packet) == 0);
    av_packet_unref(packet);
    receive();
  }
  avcodec_send_packet(codec, nullptr);
  receive();
  av_frame_free(&frame);
  av_packet_free(&packet);
  avcodec_free_context(&codec);
  avformat_close_input(&format);
  return out;
}

}  // namespace

TEST_CASE("large pictures are libavcodec's to the last sample, and outlive the decoder") {
  struct Case {
    const char *video, *file;
    AVPixelFormat format;
    int width, height;
  };
  const Case c = GENERATE(Case{"libx264", "in.mkv", AV_PIX_FMT_YUV420P, 1282, 722},
                          Case{"libx264", "in.mkv", AV_PIX_FMT_YUV422P10, 1026, 514},
                          Case{"libx265", "in.mkv", AV_PIX_FMT_YUV420P10, 1290, 730},
                          Case{"libvpx-vp9", "in.webm", AV_PIX_FMT_YUV444P, 902, 602},
                          Case{"mpeg4", "in.mkv", AV_PIX_FMT_YUV420P, 1282, 722});
  CAPTURE(c.video, c.width);
  const clips::Folder folder;
  clips::Clip clip;
  clip.video = c.video;
  clip.format = c.format;
  clip.width = c.width;
  clip.height = c.height;
  clip.sound = nullptr;
  for (int i = 0; i < 10; ++i) clip.times.push_back(i * 3600);
  clips::make(folder / c.file, clip);

  std::vector<Frame> kept;
  {
    auto decoder = VideoDecoder::open(folder / c.file, quick_options());
    REQUIRE(decoder);
    for (Frame frame;;) {
      const auto flow = decoder->pull(frame);
      REQUIRE(flow);
      if (*flow == Flow::end) break;
      kept.push_back(frame);
    }
  }
  REQUIRE(kept.size() == 10);
  const PixelFormat format = kept[0].format();
  const auto alone = decoded_alone(folder / c.file, format.bytes_per_sample(),
                                   format.chroma_shift_x(), format.chroma_shift_y());
  REQUIRE(alone.size() == kept.size());
  for (std::size_t i = 0; i < kept.size(); ++i) {
    CAPTURE(i);
    REQUIRE((samples_of(kept[i]) == alone[i]));
  }
}
