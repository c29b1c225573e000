#include "setup/job.h"

#include <catch2/catch.hpp>
#include <filesystem>

#include "setup/plain.h"

using namespace bench;

namespace {
MaterialOrder small() {
  MaterialOrder order;
  order.clip.size = {320, 180};
  order.clip.frames = 12;
  return order;
}
}  // namespace

TEST_CASE("material: what a user tells lies round the mark, a loop is as long as its parts") {
  Material material(small());
  CHECK(material.frames() == 12);
  CHECK(!material.region().empty());
  Job job = job_of(material, "plain", "ultrafast");
  job.input = material.looped(3);
  const Run done = run(job);
  CHECK(done.frames == 36);
}

TEST_CASE("a fresh process gives what this one gives, and its own peak memory") {
  const Material material(small());
  const Job job = job_of(material, "told fill", "ultrafast");
  const std::vector<char> held(std::size_t{300} << 20, 1);  // of the parent: must not count
  const Run there = run_in_child(job);
  const Run here = run(job);
  CHECK(there.frames == here.frames);
  CHECK(there.methods == here.methods);
  CHECK(there.methods == "fill 12");
  CHECK(there.cpu > 0);
  CHECK(there.peak_mib > 5);
  CHECK(there.peak_mib < 250);
  CHECK(held.back() == 1);
}

TEST_CASE("a job that stops at its first frame says when that was and leaves no file") {
  const Material material(small());
  Job job = job_of(material, "told fill", "ultrafast");
  job.stop_at_first = true;
  const Run done = run_in_child(job);
  CHECK(done.first_frame > 0);
  CHECK(done.first_frame < 30);
  CHECK(!std::filesystem::exists(job.output));
}

TEST_CASE("what fails in a fresh process is said by its sentence") {
  const Material material(small());
  Job job = job_of(material, "told fill", "ultrafast");
  job.set = {"quality=99"};
  CHECK_THROWS_WITH(run_in_child(job), Catch::Contains("quality") && Catch::Contains("99"));
  job = job_of(material, "sideways", "ultrafast");
  CHECK_THROWS_WITH(run_in_child(job), Catch::Contains("no way 'sideways'"));
  job = job_of(material, "plain", "ultrafast");
  job.input = material / "absent.mp4";
  CHECK_THROWS_WITH(run_in_child(job), Catch::Contains("absent.mp4"));
}

TEST_CASE("libavfilter's delogo writes in the mark's place and nowhere else") {
  if (!has_filter("delogo")) {
    WARN("built without libavfilter's delogo");
    return;
  }
  auto frame = cleanplate::Frame::allocate({}, {64, 64});
  REQUIRE(frame);
  for (int c = 0; c < 3; ++c) {
    const auto v = frame->writable(c);
    for (int y = 0; y < v.height; ++y)
      for (int x = 0; x < v.width; ++x)
        v.data[y * v.stride + x] = static_cast<std::byte>(c ? 128 : 3 * x + (x * y) % 7);
  }
  frame->pts = 7;
  const Change change = filter_by("delogo=x=20:y=24:w=16:h=12");
  const auto changed = change(*frame);
  REQUIRE(changed);
  CHECK(changed->pts == 7);
  int inside = 0, outside = 0;
  for (int y = 0; y < 64; ++y)
    for (int x = 0; x < 64; ++x) {
      const auto a = frame->component(0), b = changed->component(0);
      const bool differs = a.data[y * a.stride + x] != b.data[y * b.stride + x];
      (cleanplate::Box{20, 24, 16, 12}.contains(x, y) ? inside : outside) += differs;
    }
  CHECK(inside > 40);
  CHECK(outside == 0);
}
