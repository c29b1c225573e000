#include <memory>
#include <stdexcept>
#include <utility>

#include "demo_clip/av_handles.h"
#include "setup/plain.h"

#ifdef CLEANPLATE_WITH_AVFILTER
extern "C" {
#include <libavfilter/avfilter.h>
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
}

namespace bench {

using cleanplate::ComponentView;
using cleanplate::Frame;
using demo::checked;

namespace {
/// A frame as libav has it: the same samples, read-only, let go with the last reference.
demo::FramePtr borrowed(const Frame& frame) {
  demo::FramePtr out = demo::new_frame();
  out->format = AV_PIX_FMT_YUV420P;
  out->width = frame.size().width;
  out->height = frame.size().height;
  out->pts = frame.pts;
  for (int p = 0; p < 3; ++p) {
    const ComponentView view = frame.component(p);
    // libav's pointers are not const; the buffer below is marked read-only.
    out->data[p] = reinterpret_cast<std::uint8_t*>(const_cast<std::byte*>(view.data));
    out->linesize[p] = static_cast<int>(view.stride);
  }
  auto handle = std::make_unique<Frame>(frame);
  const ComponentView luma = frame.component(0);
  out->buf[0] = av_buffer_create(
      out->data[0], static_cast<std::size_t>(luma.stride * luma.height),
      [](void* held, std::uint8_t*) { delete static_cast<Frame*>(held); }, handle.get(),
      AV_BUFFER_FLAG_READONLY);
  if (!out->buf[0]) throw std::bad_alloc();
  static_cast<void>(handle.release());  // the buffer owns it now
  return out;
}

class Graph {
 public:
  Graph(const std::string& filter, const Frame& like) : graph_(avfilter_graph_alloc()) {
    const std::string source = "video_size=" + std::to_string(like.size().width) + "x" +
                               std::to_string(like.size().height) +
                               ":pix_fmt=yuv420p:time_base=1/1000:pixel_aspect=1/1";
    graph_->nb_threads = 1;  // neither filter has slices
    checked(avfilter_graph_create_filter(&source_, avfilter_get_by_name("buffer"), "in",
                                         source.c_str(), nullptr, graph_),
            "Making a filter's source");
    checked(avfilter_graph_create_filter(&sink_, avfilter_get_by_name("buffersink"), "out", nullptr,
                                         nullptr, graph_),
            "Making a filter's sink");
    AVFilterInOut* outputs = avfilter_inout_alloc();
    AVFilterInOut* inputs = avfilter_inout_alloc();
    *outputs = {av_strdup("in"), source_, 0, nullptr};
    *inputs = {av_strdup("out"), sink_, 0, nullptr};
    const int parsed = avfilter_graph_parse_ptr(graph_, filter.c_str(), &inputs, &outputs, nullptr);
    avfilter_inout_free(&outputs);
    avfilter_inout_free(&inputs);
    checked(parsed, "Building the filter " + filter);
    checked(avfilter_graph_config(graph_, nullptr), "Configuring the filter " + filter);
  }
  Graph(const Graph&) = delete;
  Graph& operator=(const Graph&) = delete;
  ~Graph() { avfilter_graph_free(&graph_); }

  cleanplate::Result<Frame> change(const Frame& frame) {
    const demo::FramePtr in = borrowed(frame);
    checked(av_buffersrc_add_frame(source_, in.get()), "Filtering");
    const std::shared_ptr<AVFrame> out = demo::new_frame();
    checked(av_buffersink_get_frame(sink_, out.get()), "Filtering");
    std::array<cleanplate::PlaneMemory, 3> planes{};
    for (std::size_t p = 0; p < 3; ++p) planes[p] = {out->data[p], out->linesize[p]};
    auto made = Frame::wrap(frame.format(), frame.size(), planes, out);
    if (!made) return made;
    made->pts = frame.pts;
    made->duration = frame.duration;
    made->colour = frame.colour;
    made->key = frame.key;
    made->side_data = frame.side_data;
    return made;
  }

 private:
  AVFilterGraph* graph_ = nullptr;
  AVFilterContext* source_ = nullptr;
  AVFilterContext* sink_ = nullptr;
};
}  // namespace

Change filter_by(const std::string& filter) {
  return [filter, graph = std::shared_ptr<Graph>()](const Frame& frame) mutable {
    if (frame.format() != cleanplate::PixelFormat{})
      throw std::runtime_error(filter + " is run on 8-bit 4:2:0 only; this clip is another.");
    if (!graph) graph = std::make_shared<Graph>(filter, frame);
    return graph->change(frame);
  };
}

bool has_filter(const std::string& name) { return avfilter_get_by_name(name.c_str()) != nullptr; }

}  // namespace bench
#else
namespace bench {
Change filter_by(const std::string& filter) {
  throw std::runtime_error("Built without libavfilter, so there is no " + filter + ".");
}
bool has_filter(const std::string&) { return false; }
}  // namespace bench
#endif
