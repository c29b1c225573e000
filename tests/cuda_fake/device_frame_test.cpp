// Another program's pictures on a card, over the made-up runtime: brought in and handed out.
#include <atomic>
#include <thread>

#include "cuda_fake/card_pictures.h"
#include "cuda_fake/failing_calls.h"
#include "device/host_device.h"

using namespace card_pictures;

namespace {
const std::vector<std::string> nothing;

void fresh(std::uint64_t seed) {
  fake::Card machine;
  machine.seed = seed;
  fake::set(machine);
}

struct Kind {
  PixelFormat format;
  Size size;
};
const std::vector<Kind> kinds{
    {{Layout::yuv420, 8}, {64, 48}},   {{Layout::yuv420, 8}, {65, 17}},
    {{Layout::nv12, 8}, {7, 3}},       {{Layout::nv12, 10}, {66, 34}},
    {{Layout::nv12, 10}, {641, 37}},   {{Layout::yuv422, 12}, {1, 1}},
    {{Layout::yuv444, 16}, {33, 200}}, {{Layout::grey, 8}, {100, 1}},
};

/// Counts how often the picture's memory was let go, and looks then whether our work is over.
struct Owner {
  explicit Owner(int& times, cudaStream_t s = nullptr, bool* quiet = nullptr)
      : released(times), stream(s), over(quiet) {}
  Owner(const Owner&) = delete;
  Owner& operator=(const Owner&) = delete;
  ~Owner() {
    ++released;
    if (over) *over = cudaStreamQuery(stream) == cudaSuccess;
  }
  int& released;
  cudaStream_t stream;
  bool* over;
};
}  // namespace

TEST_CASE("fake: a picture comes from the card bit for bit, and only once its event is reached") {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const Kind& kind = kinds[seed % kinds.size()];
    fresh(seed);
    {
      const Device device = card();
      const TheirStream theirs, ours;
      const TheirEvent written;
      Picture picture(kind.format, kind.size, seed);
      picture.write(theirs.native);
      sure(cudaEventRecord(written.native, theirs.native));
      picture.picture.stream = seed % 3 ? ours.native : nullptr;
      picture.picture.event = written.native;
      int released = 0;
      const auto frame = from_device(device, picture.picture, std::make_shared<Owner>(released));
      CAPTURE(seed);
      REQUIRE(frame);
      REQUIRE(released == 1);
      REQUIRE(picture.is(*frame));
    }
    REQUIRE(fake::complaints() == nothing);
  }
}

TEST_CASE("fake: without an event a picture comes after its stream's work so far") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Kind& kind = kinds[seed % kinds.size()];
    fresh(seed);
    {
      const Device device = card();
      const TheirStream theirs;
      Picture picture(kind.format, kind.size, seed);
      picture.picture.stream = seed % 2 ? theirs.native : nullptr;
      picture.write(static_cast<cudaStream_t>(picture.picture.stream));
      const Frame frame = must(from_device(device, picture.picture, nullptr));
      CAPTURE(seed);
      REQUIRE(picture.is(frame));
    }
    REQUIRE(fake::complaints() == nothing);
  }
}

TEST_CASE("fake: a frame goes into the card's planes and nothing besides, and then its event") {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const Kind& kind = kinds[seed % kinds.size()];
    fresh(seed);
    {
      Device device = card();
      const TheirStream theirs, reader;
      const TheirEvent there;
      Picture to(kind.format, kind.size, seed), copy(kind.format, kind.size, seed);
      to.picture.stream = seed % 3 ? theirs.native : nullptr;
      to.picture.event = there.native;
      must(to_device(device, to.frame(), to.picture));  // the frame is gone at once
      if (seed % 2) device = {};                        // and the device
      sure(cudaStreamWaitEvent(reader.native, there.native, 0));
      for (std::size_t p = 0; p < 3 && to.picture.planes[p].address; ++p) {
        const auto rows = rows_of(kind.format, kind.size)[p];
        const auto stride = static_cast<std::size_t>(rows.stride);
        sure(cudaMemcpy2DAsync(reinterpret_cast<void*>(copy.picture.planes[p].address), stride,
                               reinterpret_cast<void*>(to.picture.planes[p].address), stride,
                               static_cast<std::size_t>(rows.bytes),
                               static_cast<std::size_t>(rows.rows), cudaMemcpyDeviceToDevice,
                               reader.native));
      }
      sure(cudaStreamSynchronize(reader.native));
      CAPTURE(seed);
      REQUIRE(to.holds());
      REQUIRE(copy.holds());
    }
    REQUIRE(fake::complaints() == nothing);
  }
}

TEST_CASE("fake: a picture larger than the pinned memory goes both ways, and none is pinned anew") {
  fresh(1);
  {
    const Device device = card();
    const TheirStream theirs;
    Picture picture({Layout::nv12, 10}, {4096, 2300}, 5), back({Layout::nv12, 10}, {4096, 2300}, 5);
    picture.picture.stream = back.picture.stream = theirs.native;
    picture.write(theirs.native);
    int calls[3] = {};
    for (int& n : calls) {
      const int before = fake::calls();
      const Frame frame = must(from_device(device, picture.picture, nullptr));
      REQUIRE(picture.is(frame));
      must(to_device(device, frame, back.picture));
      n = fake::calls() - before;
    }
    sure(cudaStreamSynchronize(theirs.native));
    REQUIRE(back.holds());
    REQUIRE(calls[0] > calls[1]);  // pinned memory and events of the first
    REQUIRE(calls[1] == calls[2]);
  }
  REQUIRE(fake::complaints() == nothing);
}

TEST_CASE("fake: whichever call fails, the memory is given back once, with nothing under way") {
  const Kind kind{{Layout::nv12, 10}, {66, 34}};
  for (const bool for_good : {false, true})
    for (int k = 0;; ++k) {
      fresh(static_cast<std::uint64_t>(k));
      bool failed = true;
      {
        const Device device = card();
        const TheirStream theirs, ours;
        const TheirEvent written;
        Picture picture(kind.format, kind.size, 9);
        picture.write(theirs.native);
        sure(cudaEventRecord(written.native, theirs.native));
        picture.picture.stream = ours.native;
        picture.picture.event = written.native;
        fake::fail_after(k, for_good ? cudaErrorIllegalAddress : cudaErrorMemoryAllocation,
                         for_good);
        int released = 0;
        bool over = false;
        const auto frame = from_device(device, picture.picture,
                                       std::make_shared<Owner>(released, ours.native, &over));
        CAPTURE(k, for_good);
        REQUIRE(released == 1);
        failed = !frame;
        if (frame) REQUIRE(picture.is(*frame));
        REQUIRE(over);
        if (failed) {
          REQUIRE(frame.error().code == (for_good ? Code::device : Code::out_of_memory));
          REQUIRE(frame.error().message.find("the picture was not copied") != std::string::npos);
        }
        if (failed && !for_good) {  // the next one goes
          const Frame next = must(from_device(device, picture.picture, nullptr));
          REQUIRE(picture.is(next));
        }
      }
      REQUIRE(fake::complaints() == nothing);
      if (!failed && k > 10) break;
    }
  fake::set({});
}

TEST_CASE("fake: whichever call fails while a frame goes up, nothing is written after") {
  const Kind kind{{Layout::yuv420, 8}, {65, 17}};
  for (const bool for_good : {false, true})
    for (int k = 0;; ++k) {
      fresh(static_cast<std::uint64_t>(k));
      bool failed = true;
      {
        const Device device = card();
        const TheirStream theirs;
        const TheirEvent there;
        Picture to(kind.format, kind.size, 9);
        to.picture.stream = theirs.native;
        to.picture.event = there.native;
        fake::fail_after(k, for_good ? cudaErrorIllegalAddress : cudaErrorMemoryAllocation,
                         for_good);
        const auto done = to_device(device, to.frame(), to.picture);
        CAPTURE(k, for_good);
        failed = !done;
        if (failed) REQUIRE(cudaStreamQuery(theirs.native) == cudaSuccess);
        if (failed && !for_good) must(to_device(device, to.frame(), to.picture));
        if (!for_good) {
          sure(cudaStreamSynchronize(theirs.native));
          REQUIRE(to.holds());
        }
      }
      REQUIRE(fake::complaints() == nothing);
      if (!failed && k > 10) break;
    }
  fake::set({});
}

TEST_CASE("fake: a picture that cannot be is refused with a sentence, its memory given back once") {
  fresh(1);
  {
    const Device device = card();
    const Kind kind{{Layout::yuv420, 8}, {64, 48}};
    Picture good(kind.format, kind.size, 1);
    const Frame frame = good.frame();
    struct Case {
      DevicePicture picture;
      const char* says;
    };
    std::vector<Case> cases(6, {good.picture, ""});
    cases[0].picture.planes[2].address = 0, cases[0].says = "Plane 2";
    cases[1].picture.planes[1].stride = 31, cases[1].says = "stride of 31";
    cases[2].picture.planes[0].stride = -80, cases[2].says = "from the top down";
    cases[3].picture.card = 1, cases[3].says = "lies on cuda:1";
    cases[4].picture.size = {0, 48}, cases[4].says = "0x48";
    cases[5].picture.format.bits = 17, cases[5].says = "17 bits";
    for (std::size_t i = 0; i < cases.size(); ++i) {
      CAPTURE(i);
      int released = 0;
      const auto in = from_device(device, cases[i].picture, std::make_shared<Owner>(released));
      REQUIRE_FALSE(in);
      REQUIRE(released == 1);
      REQUIRE(in.error().code == Code::invalid_argument);
      REQUIRE(in.error().message.find(cases[i].says) != std::string::npos);
      const auto out = to_device(device, frame, cases[i].picture);
      REQUIRE_FALSE(out);
      REQUIRE(out.error().code == Code::invalid_argument);
    }
    DevicePicture other = good.picture;
    other.size.width = 62;
    REQUIRE(to_device(device, frame, other).error().message.find("64x48") != std::string::npos);
    REQUIRE(to_device(device, Frame(), good.picture).error().code == Code::invalid_argument);

    // A build with CUDA, and devices that are no card.
    for (const Device& host :
         {Device(std::make_shared<HostDevice>(Simd::baseline, 1, 1 << 30)), Device()}) {
      int released = 0;
      const auto in = from_device(host, good.picture, std::make_shared<Owner>(released));
      REQUIRE_FALSE(in);
      REQUIRE(released == 1);
      REQUIRE(in.error().code == (host ? Code::device : Code::invalid_argument));
      REQUIRE(in.error().message.find("device=cuda") != std::string::npos);
      REQUIRE(to_device(host, frame, good.picture).error().code == in.error().code);
    }
  }
  REQUIRE(fake::complaints() == nothing);
}

TEST_CASE("fake: the calling thread's card stays what it was, and threads share a device") {
  fresh(3);
  {
    const Device device = card();
    std::atomic<int> good{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
      threads.emplace_back([&, t] {
        cudaSetDevice(3);
        for (int n = 0; n < 10; ++n) {
          const Kind& kind = kinds[static_cast<std::size_t>(t + n) % kinds.size()];
          cudaStream_t stream = nullptr;
          if (cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking) != cudaSuccess) return;
          {
            Picture in(kind.format, kind.size, static_cast<std::uint64_t>(t)),
                out(kind.format, kind.size, static_cast<std::uint64_t>(t));
            in.picture.stream = out.picture.stream = stream;
            in.write(stream);
            const auto frame = from_device(device, in.picture, nullptr);
            const bool up = frame && to_device(device, *frame, out.picture);
            cudaStreamSynchronize(stream);
            int current = 0;
            cudaGetDevice(&current);
            good += up && in.is(*frame) && out.holds() && current == 3;
          }
          cudaStreamDestroy(stream);
        }
      });
    for (auto& thread : threads) thread.join();
    REQUIRE(good == 40);
  }
  REQUIRE(fake::complaints() == nothing);
}
