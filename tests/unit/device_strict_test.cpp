// Each mistake that a GPU would let pass most of the time is caught without one.
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <optional>
#include <thread>

#include "../reference/every_device.h"
#include "device/mirror.h"
#include "frame/read_sample.h"

using namespace cleanplate;

namespace {
constexpr int w = 8, h = 4;
using Word = std::uint16_t;

struct Bench {
  std::shared_ptr<StrictDevice> core;
  explicit Bench(std::uint64_t seed = 1, bool in_place = false) {
    StrictOptions options;
    options.seed = seed;
    options.in_place = in_place;
    core = std::make_shared<StrictDevice>(options);
  }
  Buffer rows() const { return must(core->allocate(w * h * sizeof(Word))); }
  Stream stream() const { return must(core->stream()); }
};
DeviceView<Word> view(const Buffer& b) { return b.view<Word>(w, h); }

/// to = from >> shift.
void shift(Stream& stream, const DeviceView<Word>& from, const DeviceView<Word>& to, int by) {
  must(stream.launch({w, h}, ReadSample<Word, 1>{from, to, by}, reads(from), writes(to)));
}
std::vector<Word> many(Word value) { return std::vector<Word>(w * h, value); }
constexpr std::ptrdiff_t row = w * sizeof(Word);

bool says(const StrictDevice& device, const char* words) {
  for (const auto& v : device.violations())
    if (v.find(words) != std::string::npos) return true;
  return false;
}

/// Whether the process ends when it runs `body`.
template <class Body>
bool ends_the_process(Body&& body) {
  const pid_t child = fork();
  if (child == 0) {
    std::signal(SIGSEGV, SIG_DFL);  // neither the test frame's nor a sanitizer's report
    body();
    _exit(0);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  return WIFSIGNALED(status) && (WTERMSIG(status) == SIGSEGV || WTERMSIG(status) == SIGBUS);
}

/// A producer on one stream, a consumer on another.
std::vector<Word> two_streams(const Bench& bench, bool with_event) {
  const auto in = many(0x0400);
  std::vector<Word> out = many(1);
  const Buffer a = bench.rows(), b = bench.rows(), c = bench.rows();
  Stream first = bench.stream(), second = bench.stream();
  must(first.upload(view(a), in.data(), row));
  shift(first, view(a), view(b), 4);
  if (with_event) must(second.wait_for(must(first.record())));
  shift(second, view(b), view(c), 4);
  must(second.download(out.data(), row, view(c)));
  must(second.wait());
  must(first.wait());
  bench.core->host_touches(out.data(), out.size() * sizeof(Word), Touch::read);
  return out;
}
}  // namespace

TEST_CASE("strict: work that an event orders is right in every order") {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const Bench bench(seed);
    CAPTURE(seed);
    REQUIRE(two_streams(bench, true) == many(0x0004));
    REQUIRE(bench.core->violations().empty());
  }
}

TEST_CASE("strict: a missing event is reported, whatever the order came to be") {
  int wrong = 0;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const Bench bench(seed);
    CAPTURE(seed);
    wrong += two_streams(bench, false) != many(0x0004);
    REQUIRE(says(*bench.core,
                 "launch ReadSample<std::uint16_t, 1> on stream 2 reads bytes that "
                 "launch ReadSample<std::uint16_t, 1> on stream 1 writes"));
  }
  REQUIRE(wrong > 0);   // some orders show in the samples
  REQUIRE(wrong < 50);  // and some would have hidden it
}

TEST_CASE("strict: an event recorded too early orders too little") {
  const Bench bench;
  const Buffer a = bench.rows(), b = bench.rows(), c = bench.rows();
  Stream first = bench.stream(), second = bench.stream();
  const Event early = must(first.record());
  shift(first, view(a), view(b), 0);
  must(second.wait_for(early));
  shift(second, view(b), view(c), 0);
  must(first.wait());
  must(second.wait());
  REQUIRE(bench.core->violations().size() == 1);
}

TEST_CASE("strict: order passes through a third stream") {
  const Bench bench;
  const Buffer a = bench.rows(), b = bench.rows(), c = bench.rows();
  Stream first = bench.stream(), second = bench.stream(), third = bench.stream();
  shift(first, view(a), view(b), 0);
  must(second.wait_for(must(first.record())));
  must(third.wait_for(must(second.record())));
  shift(third, view(b), view(c), 0);
  must(third.wait());
  REQUIRE(bench.core->violations().empty());
}

TEST_CASE("strict: readers need no order among themselves, a later writer needs both") {
  const Bench bench;
  const Buffer a = bench.rows(), b = bench.rows(), c = bench.rows();
  Stream first = bench.stream(), second = bench.stream();
  shift(first, view(a), view(b), 0);
  shift(second, view(a), view(c), 0);
  REQUIRE(bench.core->violations().empty());
  shift(first, view(b), view(a), 0);  // second may still be reading a
  REQUIRE(bench.core->violations().size() == 1);
  must(first.wait());
  must(second.wait());
}

TEST_CASE("strict: parts of one buffer that do not overlap need no order") {
  const Bench bench;
  const Buffer a = bench.rows(), both = must(bench.core->allocate(2 * w * h * sizeof(Word)));
  Stream first = bench.stream(), second = bench.stream();
  shift(first, view(a), both.view<Word>(w, h), 0);
  shift(second, view(a), both.view<Word>(w, h, w * h * sizeof(Word)), 0);
  must(first.wait());
  must(second.wait());
  REQUIRE(bench.core->violations().empty());
}

TEST_CASE("strict: the host reading a download without a wait is reported") {
  const Bench bench;
  const Buffer a = bench.rows();
  Stream stream = bench.stream();
  const auto in = many(7);
  auto out = many(1);
  must(stream.upload(view(a), in.data(), row));
  must(stream.download(out.data(), row, view(a)));
  bench.core->host_touches(out.data(), out.size() * sizeof(Word), Touch::read);
  REQUIRE(says(*bench.core, "the host reads bytes that download on stream 1 writes"));
  must(stream.wait());
  REQUIRE(out == in);
  const auto before = bench.core->violations().size();
  bench.core->host_touches(out.data(), out.size() * sizeof(Word), Touch::read);
  REQUIRE(bench.core->violations().size() == before);
}

TEST_CASE("strict: another thread's wait does not stand in for one that was taken out") {
  StrictOptions options;
  options.drop_wait = 0;
  const auto core = std::make_shared<StrictDevice>(options);
  Stream stream = must(core->stream());
  const Buffer rows = must(core->allocate(w * h * sizeof(Word)));
  auto host = many(1);
  must(stream.upload(view(rows), host.data(), row));
  must(stream.wait());
  std::thread([&] { must(stream.wait()); }).join();
  core->host_touches(host.data(), host.size() * sizeof(Word), Touch::write);
  REQUIRE(says(*core, "nothing orders the two"));
}

TEST_CASE("strict: the host writing what is still being uploaded is reported") {
  const Bench bench;
  const Device device(bench.core);
  Stream stream = bench.stream();
  Mirror<Word> rows;
  must(rows.resize(device, w, h));
  rows.host(Touch::write)[0] = 1;
  must(rows.to_device(stream));
  rows.host(Touch::write)[0] = 2;
  REQUIRE(says(*bench.core, "the host writes bytes that upload on stream 1 reads"));
  must(stream.wait());
}

TEST_CASE("strict: the host following a device address ends the process") {
  const Bench bench;
  const Buffer a = bench.rows();
  REQUIRE(ends_the_process([&] {
    const volatile Word* forced = view(a).first.address();  // nobody but a device should
    static_cast<void>(*forced);
  }));
  REQUIRE_FALSE(ends_the_process([] {}));
}

TEST_CASE("strict: a kernel touching what it did not declare ends the process") {
  REQUIRE(ends_the_process([] {
    const Bench bench;
    const Buffer a = bench.rows(), b = bench.rows();
    Stream stream = bench.stream();
    must(stream.launch({w, h}, ReadSample<Word, 1>{view(a), view(b), 0}, reads(view(a))));
    must(stream.wait());
  }));
}

TEST_CASE("strict: another library's work has its turn, and is held to what it declared") {
  for (const bool waits : {true, false}) {
    const Bench bench;
    const Buffer from = bench.rows(), to = bench.rows();
    Stream work = bench.stream();
    const auto in = many(0x0400);
    must(work.upload(view(from), in.data(), row));
    std::vector<Word> seen;
    must(work.call(
        "a library",
        [&, at = view(from).first.address()](void* stream) -> Result<void> {
          REQUIRE_FALSE(stream);
          seen.assign(at, at + w * h);
          return {};
        },
        reads(view(from)), std::array{Access{&seen, sizeof(std::vector<Word>), Touch::write}}));
    shift(work, view(from), view(to), 2);
    if (waits) must(work.wait());
    bench.core->host_touches(&seen, sizeof(std::vector<Word>), Touch::read);
    CHECK(bench.core->violations().empty() == waits);
    must(work.wait());
    REQUIRE(seen == in);
  }
}

TEST_CASE("strict: the failure of another library's work comes by the next wait, once") {
  const Bench bench;
  Stream work = bench.stream();
  auto called = work.call("a library", [](void*) -> Result<void> {
    return Error{Code::out_of_memory, "infer", "There is none."};
  });
  REQUIRE(called);
  const auto waited = work.wait();
  REQUIRE_FALSE(waited);
  REQUIRE(waited.error().code == Code::out_of_memory);
  REQUIRE(work.wait());
}

TEST_CASE("strict: freeing what a stream still uses is reported") {
  const Bench bench;
  Stream stream = bench.stream();
  const Buffer a = bench.rows();
  {
    const Buffer b = bench.rows();
    shift(stream, view(a), view(b), 0);
  }
  REQUIRE(says(*bench.core, "Use after free: the host's free writes bytes that launch"));
  must(stream.wait());
}

TEST_CASE("strict: using what was freed is reported") {
  const Bench bench;
  Stream stream = bench.stream();
  const Buffer a = bench.rows();
  DeviceView<Word> stale;
  {
    const Buffer b = bench.rows();
    stale = view(b);
  }
  REQUIRE(bench.core->violations().empty());
  shift(stream, stale, view(a), 0);
  must(stream.wait());
  REQUIRE(says(*bench.core, "Use after free: launch"));
}

TEST_CASE("strict: freeing after the wait is right") {
  const Bench bench;
  Stream stream = bench.stream();
  const Buffer a = bench.rows();
  {
    const Buffer b = bench.rows();
    shift(stream, view(a), view(b), 0);
    must(stream.wait());
  }
  REQUIRE(bench.core->violations().empty());
}

TEST_CASE("strict: reaching past a buffer is reported") {
  const Bench bench;
  Stream stream = bench.stream();
  const Buffer a = bench.rows(), b = bench.rows();
  const DeviceView<Word> longer{view(b).first, view(b).stride, w, h + 1};
  must(stream.launch({w, h + 1}, ReadSample<Word, 1>{longer, view(a), 0}, reads(longer)));
  REQUIRE(says(*bench.core, "reaches 16 bytes past its buffer"));
}

TEST_CASE("strict: host memory given to a kernel is reported, unless the device works in place") {
  for (const bool works_in_place : {false, true}) {
    const Bench bench(1, works_in_place);
    Stream stream = bench.stream();
    auto rows = many(0x10);
    const auto there = in_place(rows.data(), row, w, h);
    shift(stream, there, there, 4);
    must(stream.wait());
    REQUIRE(says(*bench.core, "upload it first") == !works_in_place);
    REQUIRE((rows == many(1)) == works_in_place);
  }
}

TEST_CASE("strict: past its capacity an allocation fails and nothing else") {
  StrictOptions options;
  options.capacity = 100;
  const auto core = std::make_shared<StrictDevice>(options);
  std::optional<Buffer> most = must(core->allocate(80));
  REQUIRE(core->memory().free == 20);
  const auto more = core->allocate(21);
  REQUIRE_FALSE(more);
  REQUIRE(more.error().code == Code::out_of_memory);
  most.reset();
  REQUIRE(core->allocate(100));
}

TEST_CASE("strict: the told allocation and the told launch fail, the next ones do not") {
  StrictOptions options;
  options.fail_allocation = 1;
  options.fail_launch = 0;
  const auto core = std::make_shared<StrictDevice>(options);
  const auto a = core->allocate(w * h * sizeof(Word));
  const auto failed = core->allocate(w * h * sizeof(Word));
  const auto b = core->allocate(w * h * sizeof(Word));
  REQUIRE((a && b));
  REQUIRE(failed.error().code == Code::out_of_memory);
  Stream stream = must(core->stream());
  const ReadSample<Word, 1> kernel{view(*a), view(*b), 0};
  const auto refused = stream.launch({w, h}, kernel, reads(view(*a)), writes(view(*b)));
  REQUIRE(refused.error().code == Code::device);
  REQUIRE(stream.launch({w, h}, kernel, reads(view(*a)), writes(view(*b))));
  REQUIRE(stream.wait());
  REQUIRE(core->allocations() == 3);
  REQUIRE(core->launches() == 2);
}
