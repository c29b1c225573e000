#include "stages/bandwidth.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <stdexcept>

#include "composite/composite_pixel.h"
#include "core/random.h"
#include "device/host_device.h"
#include "device/mirror.h"
#include "frame/read_sample.h"
#include "inpaint/unblend_pixel.h"
#include "stages/must.h"

namespace bench {

namespace {
using namespace cleanplate;

constexpr int width = 1920, height = 1080;
constexpr double pixels = double{width} * height;

/// The same samples on any device.
struct Planes {
  Device device;
  Stream stream;
  Mirror<std::uint8_t> words, mask;
  Mirror<std::uint16_t> samples, restored;
  Mirror<float> alpha, colour;

  explicit Planes(const Device& on) : device(on), stream(must(on.core().stream())) {
    must(words.resize(on, width, height)), must(mask.resize(on, width, height));
    must(samples.resize(on, width, height)), must(restored.resize(on, width, height));
    must(alpha.resize(on, width, height)), must(colour.resize(on, width, height));
    Random random(1);
    for (int i = 0; i < width * height; ++i) {
      words.host(Touch::write)[i] = static_cast<std::uint8_t>(random.below(256));
      mask.host(Touch::write)[i] = static_cast<std::uint8_t>(random.below(256));
      samples.host(Touch::write)[i] = static_cast<std::uint16_t>(random.below(256));
      alpha.host(Touch::write)[i] = static_cast<float>(random.below(240)) / 256;
      colour.host(Touch::write)[i] = static_cast<float>(random.below(256));
    }
    must(words.to_device(stream)), must(mask.to_device(stream)), must(samples.to_device(stream));
    must(alpha.to_device(stream)), must(colour.to_device(stream));
    must(stream.wait());
  }
  void read() {
    must(stream.launch({width, height},
                       ReadSample<std::uint8_t, 1>{words.view(), restored.view(), 0},
                       reads(words.view()), writes(restored.view())));
  }
  void unblend() {
    must(stream.launch(
        {width, height},
        UnblendPixel{samples.view(), alpha.view(), colour.view(), restored.view(), 1.F, .99F, 255},
        reads(samples.view(), alpha.view(), colour.view()), writes(restored.view())));
  }
  void composite() {
    must(
        stream.launch({width, height},
                      CompositePixel<std::uint8_t, 1>{samples.view(), mask.view(), words.view(), 0},
                      reads(samples.view(), mask.view(), words.view()), writes(words.view())));
  }
  template <class T>
  std::vector<T> back(Mirror<T>& rows) {
    must(rows.to_host(stream));
    must(stream.wait());
    const T* first = rows.host(Touch::read);
    return {first, first + width * height};
  }
};
}  // namespace

std::vector<KernelRate> kernel_rates(const Device& device) {
  Planes here(device), host(Device(std::make_shared<HostDevice>(Simd::baseline, 1, 1U << 30)));
  struct Kernel {
    const char* name;
    double bytes_a_pixel;
    std::function<void(Planes&)> run;
    std::function<bool()> right;
  };
  const Kernel kernels[] = {
      {"ReadSample 8 bit", 3, &Planes::read,
       [&] { return here.back(here.restored) == host.back(host.restored); }},
      {"UnblendPixel", 12, &Planes::unblend,
       [&] { return here.back(here.restored) == host.back(host.restored); }},
      {"CompositePixel 8 bit", 5, &Planes::composite,
       [&] { return here.back(here.words) == host.back(host.words); }},
  };
  std::vector<KernelRate> rates;
  for (const Kernel& kernel : kernels) {
    kernel.run(here), kernel.run(host);
    if (!kernel.right())
      throw std::runtime_error(std::string(kernel.name) + " gives a wrong answer on " +
                               device.name() + ", so its time says nothing.");
    int launches = 1;
    for (double seconds = 0; seconds < .2; launches *= 2) {
      const auto began = std::chrono::steady_clock::now();
      for (int i = 0; i < launches; ++i) kernel.run(here);
      must(here.stream.wait());
      seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
      if (seconds >= .2)
        rates.push_back({kernel.name, kernel.bytes_a_pixel * pixels, seconds / launches});
    }
  }
  return rates;
}

}  // namespace bench
