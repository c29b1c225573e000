#include "peers.h"
#include "picture.h"

#ifdef CLEANPLATE_WITH_AVFILTER
extern "C" {
#include <libavfilter/avfilter.h>
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
#include <libavutil/pixdesc.h>
}

namespace quality {

namespace {
/// A filter that gives one frame for each it gets. Both peers know 8 bits only: deeper frames are
/// brought down for them and up again, which costs them nothing that shows beside their errors.
class Filtered : public Peer {
 public:
  Filtered(std::string name, const std::string& filter, const AVFrame& like)
      : Peer(std::move(name)), graph_(avfilter_graph_alloc()) {
    const auto format = static_cast<AVPixelFormat>(like.format);
    const std::string format_name = av_get_pix_fmt_name(format);
    const std::string source = "video_size=" + std::to_string(like.width) + "x" +
                               std::to_string(like.height) + ":pix_fmt=" + format_name +
                               ":time_base=1/1000:pixel_aspect=1/1";
    graph_->nb_threads = 1;
    demo::checked(avfilter_graph_create_filter(&source_, avfilter_get_by_name("buffer"), "in",
                                               source.c_str(), nullptr, graph_),
                  "Making a filter's source");
    demo::checked(avfilter_graph_create_filter(&sink_, avfilter_get_by_name("buffersink"), "out",
                                               nullptr, nullptr, graph_),
                  "Making a filter's sink");
    const std::string chain =
        demo::bits_of(like) > 8 ? "format=yuv420p," + filter + ",format=" + format_name : filter;
    AVFilterInOut* outputs = avfilter_inout_alloc();
    AVFilterInOut* inputs = avfilter_inout_alloc();
    *outputs = {av_strdup("in"), source_, 0, nullptr};
    *inputs = {av_strdup("out"), sink_, 0, nullptr};
    const int parsed = avfilter_graph_parse_ptr(graph_, chain.c_str(), &inputs, &outputs, nullptr);
    avfilter_inout_free(&outputs);
    avfilter_inout_free(&inputs);
    demo::checked(parsed, "Building the filter " + chain);
    demo::checked(avfilter_graph_config(graph_, nullptr), "Configuring the filter " + chain);
  }
  ~Filtered() override { avfilter_graph_free(&graph_); }

  demo::FramePtr restore(const AVFrame& seen, int) override {
    demo::FramePtr in(av_frame_clone(&seen)), out = demo::new_frame();
    demo::checked(av_buffersrc_add_frame(source_, in.get()), "Filtering with " + name());
    demo::checked(av_buffersink_get_frame(sink_, out.get()), "Filtering with " + name());
    out->pts = seen.pts;
    return out;
  }

 private:
  AVFilterGraph* graph_ = nullptr;
  AVFilterContext* source_ = nullptr;
  AVFilterContext* sink_ = nullptr;
};
}  // namespace

std::vector<std::unique_ptr<Peer>> filter_peers(const Told& told) {
  std::vector<std::unique_ptr<Peer>> peers;
  const cleanplate::Box& box = told.box;
  if (avfilter_get_by_name("delogo"))
    peers.push_back(std::make_unique<Filtered>(
        "delogo",
        "delogo=x=" + std::to_string(box.x) + ":y=" + std::to_string(box.y) +
            ":w=" + std::to_string(box.width) + ":h=" + std::to_string(box.height),
        told.like));
  if (avfilter_get_by_name("removelogo")) {
    const std::string path = told.scratch + "/mask.png";
    write_png(path, told.like.width, told.like.height, 1, told.support);
    peers.push_back(std::make_unique<Filtered>("removelogo", "removelogo=" + path, told.like));
  }
  return peers;
}

std::string filter_version() {
  const unsigned v = avfilter_version();
  return std::to_string(v >> 16) + "." + std::to_string(v >> 8 & 255) + "." +
         std::to_string(v & 255);
}

}  // namespace quality
#else
namespace quality {
std::vector<std::unique_ptr<Peer>> filter_peers(const Told&) { return {}; }
std::string filter_version() { return {}; }
}  // namespace quality
#endif
