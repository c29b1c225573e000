/// @file
/// Memory for a software decoder's pictures.
#pragma once
#include <cstddef>
#include <mutex>

#include "media/av.h"

namespace cleanplate::media {

/// Large pictures lie in memory that the system gave, and that goes back to it with the codec and
/// the last of them. libavcodec's own goes to the C library, which keeps it in the store of each
/// thread that decoded: a scan's pictures would still be there beside those of the run.
/// Threads: asked by the codec's own, several at once.
class PicturePool {
 public:
  PicturePool() = default;
  PicturePool(const PicturePool&) = delete;
  PicturePool& operator=(const PicturePool&) = delete;
  ~PicturePool();

  /// A codec that is not yet open asks here; the pool outlives it. Pictures may outlive both.
  void serve(AVCodecContext& codec);

 private:
  static int give(AVCodecContext* codec, AVFrame* picture, int flags);
  [[nodiscard]] AVBufferRef* memory(std::size_t bytes);

  std::mutex lock_;
  AVBufferPool* pool_ = nullptr;
  std::size_t bytes_ = 0;  // of each picture in it
};

}  // namespace cleanplate::media
