#include "inpaint/network_fill.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "core/try.h"

namespace cleanplate {

namespace {

constexpr int multiple = 8;          // of the sides that such networks take
constexpr double hardly = .75;       // mean difference of two crops, 8-bit levels
constexpr double nowhere_over = 12;  // and the greatest

int up_to(int side) { return (side + multiple - 1) / multiple * multiple; }

std::size_t area(int width, int height) {
  return static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
}

Size size_of(const HoleMask& hole) { return {hole.width, hole.height}; }

}  // namespace

void NetworkUse::halved(int from, int to, const Error& why, std::int64_t frame) {
  if (to >= least) return;
  least = to;
  steps.push_back({"inpaint", fmt::format("{} crops in a pass", from),
                   fmt::format("{} in a pass", to), why.message, frame});
}

Result<NetworkFill> NetworkFill::create(const NetworkFillOptions& options, PixelFormat format,
                                        const HoleMasks& holes) {
  return guarded("inpaint", [&]() -> Result<NetworkFill> {
    for (int c = 0; c < format.components(); ++c) {
      const HoleMask& h = holes[static_cast<std::size_t>(c)];
      if (h.width < 1 || h.height < 1 || h.values.size() != cleanplate::area(h.width, h.height))
        return Error{Code::invalid_argument, "inpaint",
                     fmt::format("A network's fill has no proper mask for component {}.", c)};
    }
    if (!options.network || !options.device || options.batch < 1)
      return Error{Code::invalid_argument, "inpaint",
                   "A network's fill needs a network, a device and a batch of at least one crop."};
    NetworkFill made(options, format, holes);
    for (;; made.room_ /= 2) {
      auto done = made.make_room();
      if (done) break;
      if (done.error().code != Code::out_of_memory || made.room_ == 1) return done.error();
      made.no_room_ = std::move(done).error();
    }
    made.at_once_ = made.room_;
    CP_CHECK(made.send_masks());
    return made;
  });
}

NetworkFill::NetworkFill(NetworkFillOptions options, PixelFormat format, const HoleMasks& holes)
    : options_(std::move(options)),
      format_(format),
      holes_(holes),
      width_(up_to(holes[0].width)),
      height_(up_to(holes[0].height)),
      room_(options_.batch),
      at_once_(options_.batch),
      colours_(sample_colours(format, options_.colour, size_of(holes[0]), size_of(holes[1]),
                              options_.rows)) {
  for (int c = 0; c < format.components(); ++c) {
    const HoleMask& h = holes[static_cast<std::size_t>(c)];
    const int sx = c ? format.chroma_shift_x() : 0, sy = c ? format.chroma_shift_y() : 0;
    for (int y = 0; y < h.height; ++y)
      for (int x = 0; x < h.width; ++x)
        components_[static_cast<std::size_t>(c)].asked.push_back(
            h.values[static_cast<std::size_t>(y * h.width + x)] && (x << sx) < holes[0].width &&
            (y << sy) < holes[0].height);
  }
}

std::size_t NetworkFill::area(int component) const {
  const HoleMask& h = holes_[static_cast<std::size_t>(component)];
  return cleanplate::area(h.width, h.height);
}

Result<void> NetworkFill::make_room() {
  const Device& device = options_.device;
  images_ = {}, masks_ = {}, answers_ = {};
  CP_TRY(images_, DeviceTensor::create(device, room_, 3, height_, width_));
  CP_TRY(masks_, DeviceTensor::create(device, room_, 1, height_, width_));
  CP_TRY(answers_, DeviceTensor::create(device, room_, 3, height_, width_));
  const auto rows = static_cast<std::size_t>(3 * height_) * static_cast<std::size_t>(room_);
  CP_TRY(finite_, device.core().allocate(rows));
  for (int c = 0; c < format_.components(); ++c) {
    Component& own = components_[static_cast<std::size_t>(c)];
    const std::size_t samples = area(c) * static_cast<std::size_t>(room_);
    CP_TRY(own.hole, device.core().allocate(area(c)));
    CP_TRY(own.filled, device.core().allocate(samples * sizeof(std::uint16_t)));
    own.answered.resize(samples);
  }
  return {};
}

/// A colour is hidden as soon as one of its components is.
Result<void> NetworkFill::send_masks() {
  std::vector<float> mask;
  for (int y = 0; y < height_; ++y)
    for (int x = 0; x < width_; ++x) {
      const int u = CropToRgb::reflected(x, holes_[0].width),
                v = CropToRgb::reflected(y, holes_[0].height);
      bool hidden = false;
      for (int c = 0; c < format_.components(); ++c) {
        const HoleMask& h = holes_[static_cast<std::size_t>(c)];
        const int cu = std::min(c ? u >> format_.chroma_shift_x() : u, h.width - 1),
                  cv = std::min(c ? v >> format_.chroma_shift_y() : v, h.height - 1);
        hidden = hidden || h.values[static_cast<std::size_t>(cv * h.width + cu)];
      }
      mask.push_back(hidden ? 1.f : 0.f);
    }
  CP_TRY(Stream stream, options_.device.core().stream());
  const auto send = [&]() -> Result<void> {
    for (int n = 0; n < room_; ++n) {
      const auto to = masks_.plane(n, 0);
      CP_CHECK(stream.upload(to, mask.data(), to.stride));
    }
    for (int c = 0; c < format_.components(); ++c) {
      const HoleMask& h = holes_[static_cast<std::size_t>(c)];
      const Component& own = components_[static_cast<std::size_t>(c)];
      CP_CHECK(
          stream.upload(own.hole.view<std::uint8_t>(h.width, h.height), own.asked.data(), h.width));
    }
    return {};
  };
  const auto sent = send();
  auto waited = stream.wait();  // after a failure too: the mask goes
  CP_CHECK(sent);
  return waited;
}

/// Compared where the scene is known; what the hole shows is the mark's.
bool NetworkFill::like_last(const Crop& crop) const {
  if (!last_) return false;
  const double unit = 1 << (format_.bits - 8);
  for (std::size_t c = 0; c < static_cast<std::size_t>(format_.components()); ++c) {
    const auto &now = crop.planes[c].samples, &then = last_->planes[c].samples;
    double sum = 0, count = 0;
    for (std::size_t i = 0; i < now.size(); ++i) {
      if (holes_[c].values[i]) continue;
      const double d = std::abs(static_cast<double>(now[i]) - static_cast<double>(then[i]));
      if (d > nowhere_over * unit) return false;
      sum += d, count += 1;
    }
    if (count > 0 && sum > hardly * unit * count) return false;
  }
  return true;
}

Result<void> NetworkFill::push(Stream& stream, Crop crop, const CropThere& there,
                               std::int64_t number) {
  return guarded("inpaint", [&]() -> Result<void> {
    for (std::size_t c = 0; c < static_cast<std::size_t>(format_.components()); ++c)
      if (crop.planes[c].width != holes_[c].width || crop.planes[c].height != holes_[c].height ||
          there[c].width != holes_[c].width || there[c].height != holes_[c].height)
        return Error{Code::invalid_argument, "inpaint",
                     "A network's fill was given a crop of another size than its masks."};
    if (no_room_) options_.use->halved(options_.batch, room_, *no_room_, number);
    no_room_.reset();
    if (like_last(crop)) {
      if (waiting_.empty() && last_answered_) {
        for (int c = 0; c < format_.components(); ++c)
          write(components_[static_cast<std::size_t>(c)].last.data(), c, crop);
        ready_.push_back({std::move(crop), number});
      } else {
        waiting_.push_back({{std::move(crop), number}, asked_ - 1});
      }
    } else {
      const auto red = images_.plane(asked_, 0), green = images_.plane(asked_, 1),
                 blue = images_.plane(asked_, 2);
      const bool grey = format_.components() == 1;
      const auto &cb = there[grey ? 0 : 1], &cr = there[grey ? 0 : 2];
      CP_CHECK(stream.launch({width_, height_},
                             CropToRgb{there[0], cb, cr, red, green, blue, colours_},
                             reads(there[0], cb, cr), writes(red, green, blue)));
      last_ = crop;
      last_answered_ = false;
      waiting_.push_back({{std::move(crop), number}, asked_++});
    }
    if (std::ssize(waiting_) >= options_.batch || asked_ == room_) return look(stream);
    return {};
  });
}

Result<void> NetworkFill::flush(Stream& stream) {
  return guarded("inpaint", [&]() -> Result<void> {
    CP_CHECK(look(stream));
    last_.reset();
    return {};
  });
}

std::optional<FilledCrop> NetworkFill::pull() {
  if (ready_.empty()) return std::nullopt;
  std::optional<FilledCrop> out(std::move(ready_.front()));
  ready_.pop_front();
  return out;
}

Result<void> NetworkFill::look(Stream& stream) {
  if (waiting_.empty()) return {};
  for (int first = 0; first < asked_;) {
    const int count = std::min(at_once_, asked_ - first);
    if (auto looked = look(stream, first, count); !looked) {
      if (looked.error().code != Code::out_of_memory || count == 1) return looked;
      at_once_ = count / 2;
      const auto oldest = std::find_if(waiting_.begin(), waiting_.end(),
                                       [&](const Waiting& w) { return w.answer == first; });
      options_.use->halved(count, at_once_, looked.error(), oldest->filled.number);
      continue;
    }
    options_.use->batch = std::max(options_.use->batch, count);
    first += count;
  }
  for (int c = 0; c < format_.components(); ++c) {
    Component& own = components_[static_cast<std::size_t>(c)];
    for (Waiting& w : waiting_)
      write(own.answered.data() + static_cast<std::size_t>(w.answer) * area(c), c, w.filled.crop);
    const auto* last = own.answered.data() + static_cast<std::size_t>(asked_ - 1) * area(c);
    own.last.assign(last, last + area(c));
  }
  for (Waiting& w : waiting_) ready_.push_back(std::move(w.filled));
  last_answered_ = true;
  waiting_.clear();
  asked_ = 0;
  return {};
}

void NetworkFill::write(const std::uint16_t* answer, int component, Crop& crop) const {
  const auto c = static_cast<std::size_t>(component);
  const auto& asked = components_[c].asked;
  for (std::size_t i = 0; i < asked.size(); ++i)
    if (asked[i]) crop.planes[c].samples[i] = answer[i];
}

DeviceView<std::uint16_t> NetworkFill::filled(int component, int first, int count) const {
  const HoleMask& h = holes_[static_cast<std::size_t>(component)];
  return components_[static_cast<std::size_t>(component)].filled.view<std::uint16_t>(
      h.width, h.height * count,
      static_cast<std::size_t>(first) * area(component) * sizeof(std::uint16_t));
}

Result<void> NetworkFill::look(Stream& stream, int first, int count) {
  std::vector<std::uint8_t> finite(static_cast<std::size_t>(3 * height_ * count));
  auto done = queue_pass(stream, first, count, finite);
  auto waited = stream.wait();  // after a failure too: the host's memory goes
  CP_CHECK(done);
  CP_CHECK(waited);
  DeviceCore& core = options_.device.core();
  core.host_touches(finite.data(), finite.size(), Touch::write);
  for (int c = 0; c < format_.components(); ++c) {
    auto& answered = components_[static_cast<std::size_t>(c)].answered;
    core.host_touches(answered.data(), answered.size() * sizeof answered[0], Touch::write);
  }
  ++passes_;
  if (std::find(finite.begin(), finite.end(), 0) == finite.end()) return {};
  return Error{
      Code::network, "inpaint",
      fmt::format("The network '{}' answers with values that are no numbers.", options_.model)};
}

/// The forward pass, and its answer's samples on their way to the host.
Result<void> NetworkFill::queue_pass(Stream& stream, int first, int count,
                                     std::vector<std::uint8_t>& finite) {
  const auto image = images_.rows(first, count), mask = masks_.rows(0, count),
             answer = answers_.rows(first, count);
  CP_CHECK(stream.call(
      "a network",
      [network = options_.network, to = answer.first.address(),
       wanted = answers_.view(first, count),
       inputs = std::vector{images_.view(first, count), masks_.view(0, count)}](void* native) {
        return network->run_into(to, wanted, inputs, native);
      },
      reads(image, mask), writes(answer)));
  const auto rows = finite_.view<std::uint8_t>(1, answer.height);
  CP_CHECK(stream.launch({1, answer.height}, FiniteRow{answer, rows, width_}, reads(answer),
                         writes(rows)));
  CP_CHECK(stream.download(finite.data(), 1, rows));
  for (int c = 0; c < format_.components(); ++c) {
    const HoleMask& h = holes_[static_cast<std::size_t>(c)];
    Component& own = components_[static_cast<std::size_t>(c)];
    const auto hole = own.hole.view<std::uint8_t>(h.width, h.height);
    for (int n = first; n < first + count; ++n) {
      const auto red = answers_.plane(n, 0), green = answers_.plane(n, 1),
                 blue = answers_.plane(n, 2);
      const auto out = filled(c, n, 1);
      CP_CHECK(
          stream.launch({h.width, h.height},
                        RgbToSample{red, green, blue, hole, out, colours_, c, format_.max_value()},
                        reads(red, green, blue, hole), writes(out)));
    }
    CP_CHECK(stream.download(own.answered.data() + static_cast<std::size_t>(first) * area(c),
                             std::ptrdiff_t{2} * h.width, filled(c, first, count)));
  }
  return {};
}

}  // namespace cleanplate
