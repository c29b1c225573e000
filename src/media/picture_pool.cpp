#include "media/picture_pool.h"

extern "C" {
#include <libavutil/imgutils.h>
#include <libavutil/pixdesc.h>
}

#include <algorithm>
#include <array>
#include <memory>
#include <new>

#include "frame/plane_memory.h"

namespace cleanplate::media {

namespace {

constexpr std::size_t large = std::size_t{1} << 20;  // bytes; smaller ones are libavcodec's
constexpr std::size_t alignment = 64, beyond = 128;  // bytes; what decoders read past the end

std::size_t whole(std::size_t bytes) { return (bytes + alignment - 1) / alignment * alignment; }

struct Layout {
  std::array<int, 4> strides{};
  std::array<std::size_t, 4> sizes{};  // bytes of the planes
  std::size_t bytes = 0;               // 0: not for this pool
};

Layout layout_of(AVCodecContext& codec, const AVFrame& picture) {
  Layout out;
  const auto format = static_cast<AVPixelFormat>(picture.format);
  const AVPixFmtDescriptor* const about = av_pix_fmt_desc_get(format);
  constexpr std::uint64_t other = AV_PIX_FMT_FLAG_HWACCEL | AV_PIX_FMT_FLAG_PAL;
  if (!about || (about->flags & other)) return out;
  int width = picture.width, height = picture.height;
  std::array<int, AV_NUM_DATA_POINTERS> align{};
  avcodec_align_dimensions2(&codec, &width, &height, align.data());
  // A width whose every plane has whole steps, so that chroma's stride stays a part of luma's.
  const int step = *std::max_element(align.begin(), align.end()) << about->log2_chroma_w;
  width = (width + step - 1) / step * step;
  std::array<std::ptrdiff_t, 4> strides{};
  if (av_image_fill_linesizes(out.strides.data(), format, width) < 0) return out;
  std::copy(out.strides.begin(), out.strides.end(), strides.begin());
  if (av_image_fill_plane_sizes(out.sizes.data(), format, height, strides.data()) < 0) return out;
  for (std::size_t& size : out.sizes) out.bytes += size = whole(size);
  out.bytes += beyond;
  return out;
}

AVBufferRef* map(void*, std::size_t bytes) {
  SampleMemory memory = mapped_memory(bytes);
  if (!memory) return nullptr;
  // Nothing may be thrown through libavcodec.
  std::unique_ptr<GiveBack> how(new (std::nothrow) GiveBack(memory.get_deleter()));
  if (!how) return nullptr;
  const auto unmap = [](void* given, std::uint8_t* data) {
    const std::unique_ptr<GiveBack> back(static_cast<GiveBack*>(given));
    (*back)(reinterpret_cast<std::byte*>(data));
  };
  AVBufferRef* const made =
      av_buffer_create(reinterpret_cast<std::uint8_t*>(memory.get()), bytes, unmap, how.get(), 0);
  if (!made) return nullptr;
  static_cast<void>(how.release());
  static_cast<void>(memory.release());
  return made;
}

}  // namespace

PicturePool::~PicturePool() { av_buffer_pool_uninit(&pool_); }

void PicturePool::serve(AVCodecContext& codec) {
  if (!(codec.codec->capabilities & AV_CODEC_CAP_DR1)) return;  // has memory of its own
  codec.opaque = this;
  codec.get_buffer2 = give;
  allow_calls_from_threads(codec);
}

AVBufferRef* PicturePool::memory(std::size_t bytes) {
  const std::lock_guard held(lock_);
  if (bytes != bytes_) {
    av_buffer_pool_uninit(&pool_);  // goes when its last picture does
    pool_ = av_buffer_pool_init2(bytes, nullptr, map, nullptr);
    bytes_ = pool_ ? bytes : 0;
  }
  return pool_ ? av_buffer_pool_get(pool_) : nullptr;
}

int PicturePool::give(AVCodecContext* codec, AVFrame* picture, int flags) {
  const Layout layout = layout_of(*codec, *picture);
  if (layout.bytes < large) return avcodec_default_get_buffer2(codec, picture, flags);
  picture->buf[0] = static_cast<PicturePool*>(codec->opaque)->memory(layout.bytes);
  if (!picture->buf[0]) return AVERROR(ENOMEM);
  std::uint8_t* at = picture->buf[0]->data;
  for (std::size_t p = 0; p < layout.sizes.size(); ++p) {
    if (layout.sizes[p] == 0) continue;
    picture->data[p] = at;
    picture->linesize[p] = layout.strides[p];
    at += layout.sizes[p];
  }
  picture->extended_data = picture->data;
  return 0;
}

}  // namespace cleanplate::media
