// Masters: PNG, .lgd and .ldp, read, written, laid on a clip.
#include <cleanplate/logo.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>

#include "core/random.h"
#include "frame/logo_file.h"

using namespace cleanplate;

namespace {

/// A name in the temporary folder; the file goes with the object.
struct TemporaryPath {
  std::string path;
  explicit TemporaryPath(const std::string& ending) {
    path = (std::filesystem::temp_directory_path() /
            ("cleanplate_logo_" + std::to_string(getpid()) + ending))
               .string();
  }
  TemporaryPath(const TemporaryPath&) = delete;
  TemporaryPath& operator=(const TemporaryPath&) = delete;
  ~TemporaryPath() { std::filesystem::remove(path); }
};

VideoInfo video(int bits = 8, Layout layout = Layout::yuv420) {
  VideoInfo v;
  v.format = {layout, bits};
  v.size = {320, 180};
  v.colour.matrix = 1;
  v.colour.range = 1;
  return v;
}

/// A soft round mark of two colours, whose colours R'G'B' has.
Logo mark(Size size, float peak) {
  Logo logo;
  logo.name = "round";
  logo.size = size;
  logo.placed = true;
  logo.x = 40, logo.y = 22;
  logo.matrix = 1;
  for (int y = 0; y < size.height; ++y)
    for (int x = 0; x < size.width; ++x) {
      const double dx = (x + .5) / size.width - .5, dy = (y + .5) / size.height - .5;
      const double r = std::sqrt(dx * dx + dy * dy);
      const auto a = static_cast<float>(std::clamp((.46 - r) / .08, 0., 1.)) * peak;
      const std::array<float, 3> colour = x < size.width / 2
                                              ? std::array<float, 3>{.8f, -.05f, .1f}
                                              : std::array<float, 3>{.4f, .12f, -.08f};
      for (std::size_t c = 0; c < 3; ++c) {
        logo.alpha[c].push_back(a);
        logo.colour[c].push_back(colour[c]);
      }
    }
  return logo;
}

double worst_alpha(const Logo& a, const Logo& b) {
  double worst = 0;
  for (std::size_t c = 0; c < 3; ++c)
    for (std::size_t i = 0; i < a.alpha[c].size(); ++i)
      worst = std::max(worst, std::abs(static_cast<double>(a.alpha[c][i] - b.alpha[c][i])));
  return worst;
}

/// Of αW, in code values.
double worst_paint(const OverlayModel& a, const OverlayModel& b) {
  double worst = 0;
  for (std::size_t c = 0; c < 3; ++c) {
    const Matte &m = a.mattes[c], &n = b.mattes[c];
    for (int y = m.box.y; y < m.box.bottom(); ++y)
      for (int x = m.box.x; x < m.box.right(); ++x) {
        const auto i = static_cast<std::size_t>((y - m.box.y) * m.box.width + x - m.box.x);
        const bool in = n.box.contains(x, y);
        const auto k = static_cast<std::size_t>((y - n.box.y) * n.box.width + x - n.box.x);
        const float other = in ? n.alpha[k] * n.colour[k] : 0;
        worst = std::max(worst, std::abs(static_cast<double>(m.alpha[i] * m.colour[i] - other)));
      }
  }
  return worst;
}

std::vector<std::uint8_t> file_of_two() {
  return logo_bytes({mark({12, 8}, .5f), mark({6, 10}, 1)});
}

}  // namespace

TEST_CASE("a model written as .lgd and laid on again is the same model") {
  const auto bits = GENERATE(8, 10);
  const auto layout = GENERATE(Layout::yuv420, Layout::yuv444, Layout::nv12);
  const VideoInfo v = video(bits, layout);
  const auto model = place_logo(mark({64, 40}, .6f), {40, 22}, v);
  REQUIRE(model);
  const auto logo = logo_of(*model, v);
  REQUIRE(logo);
  CHECK(logo->x % 2 == 0);
  const TemporaryPath file(".lgd");
  REQUIRE(write_logos(file.path, {*logo}));
  const auto read = read_logos(file.path);
  REQUIRE(read);
  REQUIRE(read->size() == 1);
  CHECK(read->front().placed);
  CHECK(worst_alpha(*logo, read->front()) <= .0005 + 1e-6);
  const auto again =
      place_logo(read->front(),
                 {static_cast<double>(read->front().x), static_cast<double>(read->front().y)}, v);
  REQUIRE(again);
  // α is off by up to 1/2000, W by up to 1/8192 of its range.
  CHECK(worst_paint(*model, *again) < .16 * (1 << (bits - 8)));
}

TEST_CASE("a model written as .png comes back within the picture's eight bits") {
  const VideoInfo v = video(8, Layout::yuv444);
  const auto model = place_logo(mark({64, 40}, .6f), {40, 22}, v);
  REQUIRE(model);
  const auto logo = logo_of(*model, v);
  REQUIRE(logo);
  const TemporaryPath file(".png");
  REQUIRE(write_logos(file.path, {*logo}));
  const auto read = read_logos(file.path);
  REQUIRE(read);
  CHECK(read->front().rgb);
  CHECK_FALSE(read->front().placed);
  CHECK(worst_alpha(*logo, read->front()) <= .002);
  const auto again =
      place_logo(read->front(), {static_cast<double>(logo->x), static_cast<double>(logo->y)}, v);
  REQUIRE(again);
  CHECK(worst_paint(*model, *again) < 1.);
}

TEST_CASE("a pack holds several logos, in both versions' headers") {
  const auto first = parse_logos(file_of_two(), "two.ldp");
  REQUIRE(first);
  REQUIRE(first->size() == 2);
  CHECK(first->at(0).name == "round");
  CHECK(first->at(1).size == Size{6, 10});
  CHECK(first->at(1).y == 22);
  // Version 0.2: longer names, and bytes kept for later.
  const auto one = logo_bytes({mark({12, 8}, .5f)});
  std::vector<std::uint8_t> longer(one.begin(), one.begin() + 32);
  longer[21] = '2';
  std::vector<std::uint8_t> name(256);
  std::copy(one.begin() + 32, one.begin() + 64, name.begin());
  longer.insert(longer.end(), name.begin(), name.end());
  longer.insert(longer.end(), one.begin() + 64, one.begin() + 80);
  longer.resize(longer.size() + 240);
  longer.insert(longer.end(), one.begin() + 80, one.end());
  const auto second = parse_logos(longer, "one.lgd");
  REQUIRE(second);
  CHECK(worst_alpha(first->at(0), second->front()) == 0);
}

TEST_CASE("the bytes of a .lgd are where other readers look for them") {
  Logo logo = mark({2, 2}, 1);
  for (auto& a : logo.alpha) a = {.5f, .5f, .5f, .5f};
  logo.colour[1] = {-.25f, 0, 0, 0};
  const auto bytes = logo_bytes({logo});
  REQUIRE(bytes.size() == 32 + 48 + 4 * 12);
  CHECK(bytes[31] == 1);                        // one logo, big-endian
  CHECK(bytes[64] == 40);                       // x
  CHECK(bytes[68] == 2);                        // height, then width
  CHECK((bytes[80] | bytes[81] << 8) == 500);   // opacity of Y
  CHECK((bytes[82] | bytes[83] << 8) == 3277);  // .8 · 4096
  CHECK(static_cast<std::int16_t>(bytes[86] | bytes[87] << 8) == -1024);
}

TEST_CASE("a damaged logo file gives one sentence") {
  const auto whole = file_of_two();
  for (std::size_t keep = 0; keep < whole.size(); keep += keep < 100 ? 1 : 37) {
    const auto cut = parse_logos({whole.data(), keep}, "cut.lgd");
    REQUIRE_FALSE(cut);
    CHECK(cut.error().code == Code::unreadable);
    CHECK_THAT(cut.error().message, Catch::Contains("cut.lgd") && Catch::EndsWith("."));
  }
  auto wide = whole;
  wide[32 + 32 + 6] = 0xff, wide[32 + 32 + 7] = 0x7f;  // 32767 wide
  CHECK_FALSE(parse_logos(wide, "wide.lgd"));
  auto none = whole;
  none[31] = 0;
  CHECK_FALSE(parse_logos(none, "none.lgd"));
}

TEST_CASE("logo files with any bytes changed are read or refused, never more") {
  Random random(11);
  const auto whole = file_of_two();
  int read = 0;
  for (int n = 0; n < 4000; ++n) {
    auto bytes = whole;
    for (int k = random.below(6); k >= 0; --k)
      bytes[static_cast<std::size_t>(
          random.below(random.below(2) ? 100 : static_cast<int>(bytes.size())))] =
          static_cast<std::uint8_t>(random.below(256));
    if (random.below(4) == 0)
      bytes.resize(static_cast<std::size_t>(random.below(static_cast<int>(bytes.size()))));
    const auto logos = parse_logos(bytes, "changed.lgd");
    if (!logos) continue;
    ++read;
    for (const Logo& logo : *logos) {
      REQUIRE(logo.alpha[2].size() == static_cast<std::size_t>(logo.size.width * logo.size.height));
      for (const float a : logo.alpha[0]) REQUIRE((a >= 0 && a <= 1));
      (void)place_logo(logo, {static_cast<double>(logo.x), static_cast<double>(logo.y), .5, .5},
                       video());
    }
  }
  CHECK(read > 400);
}

TEST_CASE("a master laid at half its size covers half as much") {
  const VideoInfo v = video(8, Layout::grey);
  const auto scaling = GENERATE(Scaling::area, Scaling::linear, Scaling::cubic);
  const Logo logo = mark({80, 60}, .5f);
  const auto whole = place_logo(logo, {20, 20}, v),
             half = place_logo(logo, {20.25, 20.5, .5, .5, 1, scaling}, v);
  REQUIRE(whole);
  REQUIRE(half);
  const auto sum = [](const OverlayModel& m) {
    double s = 0;
    for (const float a : m.mattes[0].alpha) s += static_cast<double>(a);
    return s;
  };
  CHECK(sum(*half) == Approx(sum(*whole) / 4).epsilon(.002));
}

TEST_CASE("a master outside the picture, or of no size, is refused") {
  CHECK_FALSE(place_logo(mark({20, 20}, 1), {400, 20}, video()));
  CHECK_FALSE(place_logo(mark({20, 20}, 1), {40, 20, 0, 1}, video()));
  CHECK_FALSE(write_logos("nowhere.gif", {mark({20, 20}, 1)}));
  CHECK(read_logos("/nowhere/at/all.lgd").error().code == Code::not_found);
}
