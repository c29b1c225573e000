// Without weights, and before libtorch is needed.
#include <cleanplate/detector.h>
#include <dlfcn.h>

#include <catch2/catch.hpp>

#include "detect/auto_detector.h"
#include "own_process.h"

using namespace cleanplate;

namespace {

VideoInfo video() {
  VideoInfo v;
  v.size = {160, 96};
  v.format = {Layout::grey, 8};
  v.time_base = {1, 25};
  return v;
}

void show(Detector& detector) {
  for (int n = 0; n < 12; ++n) {
    Frame f = *Frame::allocate(video().format, video().size);
    f.pts = n;
    const MutableComponentView to = f.writable(0);
    for (int y = 0; y < to.height; ++y)
      for (int x = 0; x < to.width; ++x)
        to.data[y * to.stride + x] = static_cast<std::byte>((x + 3 * n) % 200);
    REQUIRE(detector.push(f));
  }
}

}  // namespace

TEST_CASE("without weights auto goes on with what stays, and says so") {
  Options options;
  options.models = "/nowhere";
  auto made = AutoDetector::create(options, video(), Device());
  REQUIRE(made);
  AutoDetector& detector = **made;
  show(detector);
  REQUIRE(detector.flush());
  REQUIRE(detector.degradations().size() == 1);
  const Degradation d = detector.degradations()[0];
  REQUIRE((d.stage == "detect" && d.from == "network" && d.to == "static"));
  REQUIRE(d.reason.find("/nowhere/overlay_net.safetensors") != std::string::npos);
}

TEST_CASE("beside another libtorch auto goes on with what stays, and says so") {
  REQUIRE(holds_in_own_process([] {
    const std::string other = std::string(CLEANPLATE_INFER_TEST_FOLDER) + "/other/libtorch_cpu.so";
    if (!dlopen(other.c_str(), RTLD_NOW)) return false;
    Options options;
    options.models = CLEANPLATE_SOURCE_DIR "/models";
    const auto made = AutoDetector::create(options, video(), Device());
    if (!made) return false;
    show(**made);
    if (!(*made)->flush()) return false;
    const auto steps = (*made)->degradations();
    return steps.size() == 1 && steps[0].from == "network" && steps[0].to == "static" &&
           steps[0].reason.find("Another libtorch") != std::string::npos &&
           steps[0].reason.find(other) != std::string::npos;
  }));
}

TEST_CASE("the network alone, asked for where it cannot be, is an error with its reason") {
  Options options;
  options.models = "/nowhere";
  options.detect = "network";
  auto made = Detector::create(options, video(), Device());
  REQUIRE(made);
  show(**made);
  const auto flushed = (*made)->flush();
  REQUIRE_FALSE(flushed);
  REQUIRE(flushed.error().code == Code::not_found);
}

TEST_CASE("what both see needs no further proof, and is named once") {
  NetworkSighting sure{{{{100, 50, 40, 20}, .95, "logo", nullptr, false}, true, "Seen."}, .95};
  NetworkSighting weak{{{{300, 50, 40, 20}, .9, "logo", nullptr, false}, false, "Weak."}, .9};
  Candidate unsure{{{102, 52, 38, 18}, .5, "logo", nullptr, false}, true, "It stays."};
  Candidate still{{{298, 50, 44, 22}, .3, "logo", nullptr, false}, false, "All stands still."};
  const auto all = weighed({unsure, still}, {sure, weak});
  int accepted = 0;
  for (const Candidate& c : all) {
    if (!c.accepted) continue;
    ++accepted;
    CAPTURE(c.reason);
    REQUIRE(c.detection.score >= .85);
    REQUIRE(c.by_looks);  // so that it is also looked whether it comes and goes
    REQUIRE(c.reason.find("network") != std::string::npos);
  }
  REQUIRE(accepted == 2);

  Candidate elsewhere{{{500, 300, 40, 40}, .6, "logo", nullptr, false}, true, "It stays."};
  REQUIRE(weighed({elsewhere}, {weak})[0].accepted);  // it may be all that there is
  for (const Candidate& c : weighed({elsewhere}, {sure}))
    if (c.detection.box == elsewhere.detection.box) REQUIRE_FALSE(c.accepted);
}

TEST_CASE("where all stands still the network alone proves, by as much as the place asks for") {
  const Candidate still{{{298, 150, 44, 22}, .3, "logo", nullptr, false}, false, "All stands."};
  const auto seen = [](double evidence, double asked) {
    return NetworkSighting{
        {{{300, 150, 40, 20}, evidence, "logo", nullptr, false}, false, "Weak."}, evidence, asked};
  };
  CHECK(weighed({still}, {seen(.89, .9)})[0].accepted);          // in a corner
  CHECK_FALSE(weighed({still}, {seen(.91, .992)})[0].accepted);  // in the middle
  CHECK(weighed({still}, {seen(.97, .992)})[0].accepted);
}

TEST_CASE("what the network sees of a known mark beside what stays belongs to it") {
  const NetworkSighting whole{{{{100, 42, 100, 58}, .95, "logo", nullptr, false}, true, "Seen."},
                              .95};
  const Candidate stays{{{102, 50, 96, 50}, .95, "logo", nullptr, false}, true, "It stays."};
  const Box both{100, 42, 100, 58};
  CHECK(weighed({stays}, {whole})[0].detection.box == both);
}

TEST_CASE("what the network is nearly sure of is left to a proof, beside what stays as well") {
  const NetworkSighting nearly{{{{100, 50, 40, 20}, .6, "logo", nullptr, false}, true, "Nearly."},
                               .95};
  const Candidate part{{{110, 40, 12, 40}, .5, "logo", nullptr, false}, true, "It stays."};
  const Candidate elsewhere{{{500, 300, 40, 40}, .6, "logo", nullptr, false}, true, "It stays."};
  for (const Candidate& c : weighed({part, elsewhere}, {nearly})) {
    CAPTURE(c.reason);
    CHECK(c.accepted);
    CHECK(c.detection.score < .85);  // none needs no proof
  }
  const Candidate sure{{{96, 46, 60, 30}, .95, "logo", nullptr, false}, true, "It stays."};
  for (const Candidate& c : weighed({sure}, {nearly}))
    CHECK(c.accepted == (c.detection.box == sure.detection.box));
}

TEST_CASE("of what surely stays the network may be nearly sure to see more, which belongs to it") {
  const auto seen = [](double evidence) {
    return NetworkSighting{{{{100, 50, 80, 60}, .6, "logo", nullptr, false}, true, "Nearly."},
                           evidence};
  };
  const Candidate part{{{98, 48, 80, 40}, .95, "logo", nullptr, false}, true, "It stays."};
  const Candidate piece{{{98, 48, 80, 20}, .95, "logo", nullptr, false}, true, "It stays."};
  const Box both{98, 48, 82, 62};
  CHECK(weighed({part}, {seen(.95)})[0].detection.box == both);
  CHECK(weighed({part}, {seen(.8)})[0].detection.box == part.detection.box);
  CHECK(weighed({piece}, {seen(.95)})[0].detection.box == piece.detection.box);
}

TEST_CASE("what stays round a piece that the network sees is tried too") {
  const NetworkSighting piece{{{{100, 90, 40, 10}, .95, "logo", nullptr, false}, true, "Seen."},
                              .95};
  const Candidate whole{{{98, 50, 44, 52}, .4, "logo", nullptr, false}, true, "It stays."};
  for (const Candidate& c : weighed({whole}, {piece})) CHECK(c.accepted);
}

TEST_CASE("what stays round an overlay that the network sees clearly is left to a proof") {
  const double evidence = GENERATE(.99, .95);
  const NetworkSighting overlay{
      {{{110, 50, 100, 30}, evidence, "logo", nullptr, false}, true, "Seen."}, evidence};
  const Candidate whole{{{100, 40, 120, 60}, .4, "logo", nullptr, false}, true, "It stays."};
  for (const Candidate& c : weighed({whole}, {overlay})) {
    CHECK(c.accepted);
    if (c.detection.box == whole.detection.box)
      CHECK((c.detection.score >= .85) == (evidence < .98));
  }
}

TEST_CASE("what is seen less surely on a mark's line beside it is the rest of the mark") {
  const auto sighting = [](Box box, double evidence) {
    const bool sure = evidence > .9;
    return NetworkSighting{{{box, evidence, "logo", nullptr, false}, sure, "Seen."}, evidence};
  };
  const Box mark{100, 50, 70, 48};
  const auto box_with = [&](Box other, double evidence) {
    const auto seen = each_once({sighting(mark, .99), sighting(other, evidence)});
    REQUIRE(seen.size() == 2);
    return seen[0].candidate.detection.box;
  };
  CHECK(box_with({210, 60, 36, 32}, .7) == Box{100, 50, 146, 48});
  CHECK(box_with({50, 60, 20, 32}, .7) == Box{50, 50, 120, 48});
  CHECK(box_with({210, 60, 36, 32}, .55) == mark);   // hardly seen
  CHECK(box_with({230, 60, 36, 32}, .7) == mark);    // too far off
  CHECK(box_with({210, 84, 36, 32}, .7) == mark);    // on another line
  CHECK(box_with({180, 20, 100, 110}, .7) == mark);  // much higher
  CHECK(box_with({210, 64, 36, 20}, .7) == mark);    // much lower
  CHECK(box_with({210, 60, 36, 32}, .95) == mark);   // a mark of its own
  const auto unsure = each_once({sighting(mark, .85), sighting({210, 60, 36, 32}, .7)});
  CHECK(unsure[0].candidate.detection.box == mark);
}
