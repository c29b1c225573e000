#include "report/svg.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace bench {

namespace {
constexpr double width = 760, label_width = 210, value_width = 70, row = 26, top = 44, bottom = 30;
constexpr double plot = width - label_width - value_width;

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text)
    out += c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : std::string(1, c);
  return out;
}

/// 1, 2 or 5 times a power of ten, so that there are four to ten steps.
double step_for(double most) {
  const double power = std::pow(10, std::floor(std::log10(most / 4)));
  for (const double factor : {1., 2., 5.})
    if (most / (factor * power) <= 10) return factor * power;
  return 10 * power;
}
}  // namespace

std::string to_svg(const Chart& chart) {
  double most = chart.line.value_or(0);
  for (const Bar& bar : chart.bars) most = std::max({most, bar.value.high, bar.value.median});
  if (!(most > 0)) most = 1;
  const double step = step_for(most), end = std::ceil(most / step) * step;
  const double height = top + row * static_cast<double>(chart.bars.size()) + bottom;
  const auto x = [&](double value) { return label_width + plot * std::max(0., value) / end; };
  std::string out = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0:g} {1:g}\" width=\"{0:g}\" "
      "height=\"{1:g}\" font-family=\"sans-serif\" font-size=\"12\" fill=\"#777\">\n"
      "<title>{2}</title>\n<text x=\"8\" y=\"20\" font-size=\"14\">{2}</text>\n",
      width, height, escaped(chart.title));
  for (int n = 0; n * step <= end * 1.0001; ++n)
    out += fmt::format(
        "<path d=\"M{0:.1f} {1:g}V{2:.1f}\" stroke=\"#888\" stroke-opacity=\".3\"/>\n"
        "<text x=\"{0:.1f}\" y=\"{3:.1f}\" text-anchor=\"middle\">{4:g}{5}</text>\n",
        x(n * step), top - 6, height - bottom + 4, height - bottom + 18, n * step,
        (n + 1) * step > end * 1.0001 ? " " + escaped(chart.unit) : "");
  double y = top;
  for (const Bar& bar : chart.bars) {
    const double middle = y + row / 2;
    out += fmt::format(
        "<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>\n"
        "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"{}\"/>\n",
        label_width - 8, middle + 4, escaped(bar.label), label_width, y + 4,
        x(bar.value.median) - label_width, row - 8, bar.ours ? "#3b82c4" : "#a3a3a3");
    if (bar.value.high > bar.value.low)
      out += fmt::format(
          "<path d=\"M{0:.1f} {2:.1f}H{1:.1f}M{0:.1f} {3:.1f}V{4:.1f}M{1:.1f} {3:.1f}V{4:.1f}\" "
          "stroke=\"#222\" stroke-width=\"1.5\" fill=\"none\"/>\n",
          x(bar.value.low), x(bar.value.high), middle, middle - 4, middle + 4);
    out += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\">{:.{}f}</text>\n",
                       x(std::max(bar.value.high, bar.value.median)) + 6, middle + 4,
                       bar.value.median, end < 10 ? 2 : 1);
    y += row;
  }
  if (chart.line)
    out += fmt::format(
        "<path d=\"M{0:.1f} {1:g}V{2:.1f}\" stroke=\"#c43b3b\" stroke-dasharray=\"4 3\"/>\n",
        x(*chart.line), top - 6, height - bottom + 4);
  return out + "</svg>\n";
}

}  // namespace bench
