#include "composite/hole_filler.h"

#include <algorithm>
#include <utility>

#include "core/try.h"
#include "device/rows.h"

namespace cleanplate {

namespace {

/// Rows of one field among `rows` rows, the first of which is `first`.
struct FieldRows {
  int begin, count;
  FieldRows(int field, int first, int rows)
      : begin((field + first) & 1), count(std::max(0, (rows - begin + 1) / 2)) {}
};

template <class T>
std::vector<T> rows_of(const std::vector<T>& from, int width, FieldRows rows) {
  std::vector<T> out;
  out.reserve(static_cast<std::size_t>(width) * static_cast<std::size_t>(rows.count));
  for (int k = 0; k < rows.count; ++k) {
    const auto row = from.begin() + std::ptrdiff_t{rows.begin + 2 * k} * width;
    out.insert(out.end(), row, row + width);
  }
  return out;
}

Crop field_of(const Crop& crop, int field, const std::array<int, 3>& first) {
  Crop out;
  for (std::size_t c = 0; c < 3; ++c) {
    const CropPlane& plane = crop.planes[c];
    const FieldRows rows(field, first[c], plane.height);
    out.planes[c] = {plane.width, rows.count, rows_of(plane.samples, plane.width, rows)};
  }
  return out;
}

CropThere field_of(const CropThere& there, int field, const std::array<int, 3>& first) {
  CropThere out;
  for (std::size_t c = 0; c < 3; ++c)
    if (there[c].first)
      out[c] = every_second_row(there[c], FieldRows(field, first[c], there[c].height).begin);
  return out;
}

void weave(const Crop& part, int field, const std::array<int, 3>& first, Crop& whole) {
  for (std::size_t c = 0; c < 3; ++c) {
    CropPlane& to = whole.planes[c];
    const FieldRows rows(field, first[c], to.height);
    for (int k = 0; k < rows.count; ++k)
      std::copy_n(part.planes[c].samples.begin() + std::ptrdiff_t{k} * to.width, to.width,
                  to.samples.begin() + std::ptrdiff_t{rows.begin + 2 * k} * to.width);
  }
}

}  // namespace

Result<HoleFiller> HoleFiller::create(const HoleOrder& order, const Device& device,
                                      PixelFormat format, const HoleMasks& holes) {
  HoleFiller out;
  out.order_ = order;
  for (std::size_t c = 0; c < 3; ++c)
    out.whole_.planes[c] = {holes[c].width, holes[c].height,
                            std::vector<std::uint16_t>(static_cast<std::size_t>(holes[c].width) *
                                                       static_cast<std::size_t>(holes[c].height))};
  for (int f = 0; f < (order.fields ? 2 : 1); ++f) {
    HoleMasks masks = holes;
    for (std::size_t c = 0; order.fields && c < 3; ++c) {
      const FieldRows rows(f, order.first_row[c], holes[c].height);
      masks[c] = {holes[c].width, rows.count, rows_of(holes[c].values, holes[c].width, rows)};
    }
    Field& part = out.parts_.emplace_back();
    if (order.network) {
      CP_TRY(part.network, NetworkFill::create(*order.network, format, masks));
    }
    if (order.moves_on) {
      CP_TRY(part.uncoverer, Uncoverer::create(device, format, masks));
    } else if (order.other_frames) {
      CP_TRY(part.propagator, Propagator::create({}, device, format, masks));
    } else if (!order.network) {
      CP_TRY(part.filler, Filler::create({}, format, masks));
    }
  }
  return out;
}

Result<void> HoleFiller::look(Stream& stream, const Crop& crop, const CropThere& there,
                              std::int64_t number) {
  for (int f = 0; f < static_cast<int>(parts_.size()); ++f) {
    Field& part = parts_[static_cast<std::size_t>(f)];
    Crop own = order_.fields ? field_of(crop, f, order_.first_row) : crop;
    const CropThere own_there = order_.fields ? field_of(there, f, order_.first_row) : there;
    if (part.network) {
      CP_CHECK(part.network->push(stream, std::move(own), own_there, number));
      CP_CHECK(take_from_network(stream, part));
      continue;
    }
    // Each field has grain of its own.
    if (part.filler) CP_CHECK(part.filler->fill(own, order_.fields ? 2 * number + f : number));
    CP_CHECK(pass_on(stream, part, std::move(own), own_there, number, false));
  }
  collect();
  return {};
}

Result<void> HoleFiller::look_among(const Crop& crop, std::int64_t number,
                                    std::span<const OtherFrame> others) {
  Crop& filled = filled_.emplace_back(crop);
  return parts_[0].uncoverer->fill(filled, number, others);
}

Result<void> HoleFiller::flush(Stream& stream) {
  for (Field& part : parts_) {
    if (part.network) {
      CP_CHECK(part.network->flush(stream));
      CP_CHECK(take_from_network(stream, part));
    }
    if (!part.propagator) continue;
    CP_CHECK(part.propagator->flush());
    CP_CHECK(take_from_propagator(stream, part));
  }
  collect();
  return {};
}

Result<void> HoleFiller::take_from_network(Stream& stream, Field& part) {
  while (auto filled = part.network->pull())
    CP_CHECK(pass_on(stream, part, std::move(filled->crop), {}, filled->number, true));
  return {};
}

Result<void> HoleFiller::pass_on(Stream& stream, Field& part, Crop crop, const CropThere& there,
                                 std::int64_t number, bool filled) {
  if (!part.propagator) {
    part.done.push_back(std::move(crop));
    return {};
  }
  CP_CHECK(part.propagator->push(stream, crop, there, number, filled));
  return take_from_propagator(stream, part);
}

Result<void> HoleFiller::take_from_propagator(Stream& stream, Field& part) {
  for (Crop crop;;) {
    CP_TRY(const Flow flow, part.propagator->pull(stream, crop));
    if (flow != Flow::ok) return {};
    part.done.push_back(std::move(crop));
  }
}

/// The fields give their crops in step.
void HoleFiller::collect() {
  while (
      std::all_of(parts_.begin(), parts_.end(), [](const Field& f) { return !f.done.empty(); })) {
    Crop whole;
    if (order_.fields) whole = whole_;
    for (int f = 0; f < static_cast<int>(parts_.size()); ++f) {
      std::deque<Crop>& done = parts_[static_cast<std::size_t>(f)].done;
      if (order_.fields)
        weave(done.front(), f, order_.first_row, whole);
      else
        whole = std::move(done.front());
      done.pop_front();
    }
    filled_.push_back(std::move(whole));
  }
}

}  // namespace cleanplate
