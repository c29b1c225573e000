#include "inpaint/clean_up.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "core/try.h"
#include "device/rows.h"
#include "frame/field.h"
#include "inpaint/shrink_blocks.h"

namespace cleanplate {

namespace {

// Of the encoder's noise, in 8-bit code values: twice its deviation at x264's crf 18 to 23 and
// more. Where it is less, the surroundings tell what is texture.
constexpr float noise_level = 2.5f;

CosineTable cosine_table() {
  CosineTable table{};
  for (int u = 0; u < block_size; ++u)
    for (int k = 0; k < block_size; ++k)
      table.at[u][k] = static_cast<float>(std::cos((2 * k + 1) * u * std::numbers::pi / 16) *
                                          std::sqrt((u ? 2. : 1.) / block_size));
  return table;
}

/// Grown on both sides, then cut to whole steps where only surroundings are lost.
void grow(int& first, int& extent, int by, int step, int most) {
  const int begin = std::max(0, first - by), end = std::min(most, first + extent + by);
  const int rest = (end - begin) % step;
  if (first - begin >= rest) {
    extent = end - begin - rest, first = begin + rest;
  } else {
    extent = end - begin - (end - first - extent >= rest ? rest : 0), first = begin;
  }
}

int block_rows(int rows) { return rows / block_step - 1; }

/// Rows between zeros, and the whole.
std::pair<DeviceView<float>, DeviceView<float>> within(const Buffer& buffer, int width, int height,
                                                       int margin) {
  const auto before =
      sizeof(float) * static_cast<std::size_t>(width) * static_cast<std::size_t>(margin);
  return {buffer.view<float>(width, height, before),
          buffer.view<float>(width, height + 2 * margin)};
}

/// The median of what is neither edge nor opaque.
float typical(const std::vector<float>& alpha, float limit) {
  constexpr float body = .3f;
  std::vector<float> values;
  float most = 0;
  for (const float a : alpha)
    if (a < limit) most = std::max(most, a);
  for (const float a : alpha)
    if (a < limit && a > body * most) values.push_back(a);
  return quantile(std::move(values), .5);
}

}  // namespace

Box CleanUp::with_surroundings(const Box& overlay, Size plane, bool interlaced) {
  Box box = overlay;
  const int fields = interlaced ? 2 : 1;
  grow(box.x, box.width, surroundings, block_step, plane.width);
  grow(box.y, box.height, surroundings * fields, block_step * fields, plane.height);
  return box;
}

Result<std::optional<CleanUp>> CleanUp::create(const Device& device, Stream& stream,
                                               const Order& order) {
  const int w = order.size.width, fields = order.interlaced ? 2 : 1;
  const int h = order.size.height / fields;
  if (w < block_size || h < block_size) return std::optional<CleanUp>{};
  CleanUp out;
  out.bits_ = order.bits;
  out.size_ = {w, h};
  out.alpha_limit_ = order.alpha_limit, out.least_alpha_ = order.least_alpha;
  out.typical_alpha_ = typical(*order.alpha, order.alpha_limit);
  out.table_ = cosine_table();
  const BlockRow row{w / block_step};
  const int across = row.blocks(), down = block_rows(h);
  const auto floats = [&](int width, int height) -> Result<Buffer> {
    const std::vector<float> zeros(static_cast<std::size_t>(width) *
                                   static_cast<std::size_t>(height));
    CP_TRY(Buffer buffer, device.core().allocate(zeros.size() * sizeof(float)));
    CP_CHECK(stream.upload(buffer.view<float>(width, height), zeros.data(),
                           static_cast<std::ptrdiff_t>(sizeof(float)) * width));
    CP_CHECK(stream.wait());
    return buffer;
  };
  for (int f = 0; f < fields; ++f) {
    const auto clear = [&](int bx, int by) {
      for (int y = 0; y < block_size; ++y)
        for (int x = 0; x < block_size; ++x) {
          const auto i = static_cast<std::size_t>((by * block_step + y) * fields + f) *
                             static_cast<std::size_t>(w) +
                         static_cast<std::size_t>(bx * block_step + x);
          if ((*order.alpha)[i] > order.least_alpha || (*order.no_scene)[i]) return false;
        }
      return true;
    };
    std::vector<std::int32_t> columns, rows;
    for (int by = 0; by < down; ++by)
      for (int bx = 0; bx < across; ++bx)
        if (clear(bx, by)) columns.push_back(bx), rows.push_back(by);
    Field field;
    field.count = static_cast<int>(columns.size());
    columns.insert(columns.end(), rows.begin(), rows.end());
    if (columns.empty()) columns.push_back(0);  // a buffer has an address
    CP_TRY(field.beside, device.core().allocate(columns.size() * sizeof(std::int32_t)));
    const int n = static_cast<int>(columns.size());
    CP_CHECK(stream.upload(field.beside.view<std::int32_t>(n, 1), columns.data(), 0));
    CP_CHECK(stream.wait());
    CP_TRY(field.noise, floats(across, down));
    out.fields_.push_back(std::move(field));
  }
  CP_TRY(out.planes_, floats(block_step * row.groups, h));
  CP_TRY(out.columns_, floats(block_step * row.groups, down * block_size));
  CP_TRY(out.rows_, floats(block_step * row.groups, (down + 2) * block_size));
  CP_TRY(out.coefficients_, floats(block_size * row.padded(), down * block_size));
  CP_TRY(out.strength_, floats(block_size, block_size));
  CP_TRY(out.strong_, floats(across, down * block_size));
  CP_TRY(out.weights_, floats(row.padded(), down + 2));
  return std::optional<CleanUp>(std::move(out));
}

Result<void> CleanUp::run(Stream& stream, const DeviceView<std::uint16_t>& samples,
                          const DeviceView<const float>& alpha, const RowGains& gains) {
  if (fields_.size() == 1) return run_field(stream, fields_[0], samples, alpha, gains[0]);
  for (int f = 0; f < 2; ++f)
    if (const float gain = gains[static_cast<std::size_t>(f)]; gain > 0)
      CP_CHECK(run_field(stream, fields_[static_cast<std::size_t>(f)], every_second_row(samples, f),
                         every_second_row(alpha, f), gain));
  return {};
}

Result<void> CleanUp::run_field(Stream& stream, Field& field,
                                const DeviceView<std::uint16_t>& samples,
                                const DeviceView<const float>& alpha, float gain) {
  const BlockRow row{size_.width / block_step};
  const int across = row.blocks(), down = block_rows(size_.height);
  const int held = (down + 1) * block_step;  // rows of samples that some block holds
  const auto planes = planes_.view<float>(block_step * row.groups, size_.height);
  const auto columns = columns_.view<float>(block_step * row.groups, down * block_size);
  const auto [rows, all_rows] =
      within(rows_, block_step * row.groups, down * block_size, block_size);
  const auto [weights, all_weights] = within(weights_, row.padded(), down, 1);
  const auto strong = strong_.view<float>(across, down * block_size);
  const auto coefficients = coefficients_.view<float>(block_size * row.padded(), down * block_size);
  const auto strength = strength_.view<float>(block_size, block_size);
  const auto noise = field.noise.view<float>(across, down);
  const auto beside =
      field.beside.view<std::int32_t>(std::max(1, field.count), field.count ? 2 : 1);
  const float level = std::ldexp(noise_level, bits_ - 8);
  if (field.gain != gain) {
    CP_CHECK(stream.launch({across, down},
                           BlockNoise{alpha, noise, gain, alpha_limit_, level, least_alpha_},
                           reads(alpha), writes(noise)));
    field.gain = gain;
  }
  CP_CHECK(stream.launch({block_step * row.groups, size_.height},
                         SpreadSamples{samples, planes, row}, reads(samples), writes(planes)));
  CP_CHECK(stream.launch({block_step * row.groups, down * block_size},
                         TransformColumns{planes, columns, table_}, reads(planes),
                         writes(columns)));
  CP_CHECK(stream.launch({across, down * block_size * block_size},
                         TransformRows{columns, coefficients, row, table_}, reads(columns),
                         writes(coefficients)));
  const float texture = level / (1 - std::min(typical_alpha_ * gain, alpha_limit_));
  CP_CHECK(
      stream.launch({block_size, block_size},
                    SurroundingStrength{coefficients, beside, strength, row, field.count, texture},
                    reads(coefficients, beside), writes(strength)));
  CP_CHECK(stream.launch({across, down * block_size}, CountStrong{noise, coefficients, strong, row},
                         reads(noise, coefficients), writes(strong)));
  CP_CHECK(
      stream.launch({across, down}, WeighBlock{strong, weights}, reads(strong), writes(weights)));
  CP_CHECK(stream.launch({across, down * block_size * block_size},
                         ShrinkCoefficient{noise, strength, coefficients, row},
                         reads(noise, strength, coefficients), writes(coefficients)));
  CP_CHECK(stream.launch({row.groups, down * block_size * block_step},
                         TransformRowsBack{coefficients, weights, columns, row, table_},
                         reads(coefficients, weights), writes(columns)));
  CP_CHECK(stream.launch({block_step * row.groups, down * block_size},
                         TransformColumnsBack{columns, rows, table_}, reads(columns),
                         writes(rows)));
  CP_CHECK(stream.launch({row.groups, held * block_step},
                         JoinBlocks{all_rows, all_weights, planes, row},
                         reads(all_rows, all_weights), writes(planes)));
  return stream.launch({block_step * row.groups, held},
                       GatherSamples{planes, alpha, samples, row, least_alpha_, (1 << bits_) - 1},
                       reads(planes, alpha, samples), writes(samples));
}

}  // namespace cleanplate
