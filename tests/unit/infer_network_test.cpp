#include <cleanplate/log.h>
#include <cleanplate/network.h>
#include <dlfcn.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>
#include <vector>

#include "own_process.h"

using namespace cleanplate;

namespace {
const std::string folder = CLEANPLATE_INFER_TEST_FOLDER;

std::string mapped_files() {
  std::ifstream maps("/proc/self/maps");
  std::stringstream text;
  text << maps.rdbuf();
  return text.str();
}

bool says(const Error& error, const std::string& part) {
  UNSCOPED_INFO(error.message);
  return error.message.find(part) != std::string::npos && error.message.back() == '.';
}
}  // namespace

TEST_CASE("a program that asks for no network has no libtorch in memory") {
  REQUIRE(mapped_files().find("libtorch") == std::string::npos);
}

TEST_CASE("another libtorch in the process is refused with a sentence") {
  REQUIRE(holds_in_own_process([] {
    const std::string other = folder + "/other/libtorch_cpu.so";
    if (!dlopen(other.c_str(), RTLD_NOW)) return false;
    const auto library = network_library();
    return !library && library.error().code == Code::network &&
           says(library.error(), "Another libtorch") && says(library.error(), other);
  }));
}

TEST_CASE("a network library that is not there is named") {
  REQUIRE(holds_in_own_process([] {
    const auto library = network_library({"cpu", "/nowhere/libcleanplate_infer.so"});
    return !library && library.error().code == Code::network &&
           says(library.error(), "/nowhere/libcleanplate_infer.so");
  }));
}

TEST_CASE("a tensor view counts and strides its elements") {
  const auto view = TensorView::dense(nullptr, Scalar::f32, {4, 3, 5, 7});
  REQUIRE(view.count() == 420);
  REQUIRE(view.strides[0] == 105);
  REQUIRE(view.strides[3] == 1);
  REQUIRE(TensorView::dense(nullptr, Scalar::u8, {}).count() == 1);
}

#ifndef CLEANPLATE_INFER_OBJECT
TEST_CASE("a build without libtorch says so where a network is asked for") {
  const std::string model = folder + "/any.pt";
  std::ofstream(model) << "x";
  const auto network = Network::load({model});
  REQUIRE_FALSE(network);
  REQUIRE(network.error().code == Code::network);
  REQUIRE(says(network.error(), "CLEANPLATE_INFER=OFF"));
}
#else
namespace {
const NetworkOptions here{"cpu", CLEANPLATE_INFER_OBJECT};

Network loaded(const std::string& name) {
  auto network = Network::load({folder + "/" + name}, here);
  if (!network) FAIL(network.error().message);
  return std::move(*network);
}

const float* floats(const Tensor& tensor) { return static_cast<const float*>(tensor.view.data); }
}  // namespace

TEST_CASE("the network library says what it is") {
  const auto library = network_library(here);
  REQUIRE(library);
  REQUIRE(library->version.find("libtorch ") == 0);
  REQUIRE(library->formats == "torchscript, overlay_net, matte_net");
  REQUIRE(library->path.find("libcleanplate_infer") != std::string::npos);
}

TEST_CASE("a batch goes through a network in one pass and comes back right") {
  Network network = loaded("twice.pt");
  const int batch = GENERATE(1, 5);
  std::vector<float> pixels(static_cast<std::size_t>(batch) * 3 * 4 * 6);
  for (std::size_t i = 0; i < pixels.size(); ++i) pixels[i] = static_cast<float>(i) / 8;
  const auto outputs =
      network.run({TensorView::dense(pixels.data(), Scalar::f32, {batch, 3, 4, 6})});
  REQUIRE(outputs);
  REQUIRE(outputs->size() == 1);
  const Tensor& out = (*outputs)[0];
  REQUIRE(out.view.rank == 4);
  REQUIRE(out.view.shape[0] == batch);
  REQUIRE(out.view.type == Scalar::f32);
  for (std::size_t i = 0; i < pixels.size(); ++i) REQUIRE(floats(out)[i] == pixels[i] * 2 + 1);
}

TEST_CASE("a network reads a strided crop of 8-bit samples where it lies") {
  Network network = loaded("itself.pt");
  std::vector<std::uint8_t> plane(64 * 8);
  for (std::size_t i = 0; i < plane.size(); ++i) plane[i] = static_cast<std::uint8_t>(i % 251);
  TensorView crop = TensorView::dense(plane.data() + 64 * 2 + 10, Scalar::u8, {3, 4});
  crop.strides[0] = 64;
  const auto outputs = network.run({crop});
  REQUIRE(outputs);
  const auto* got = static_cast<const std::uint8_t*>((*outputs)[0].view.data);
  for (std::size_t y = 0; y < 3; ++y)
    for (std::size_t x = 0; x < 4; ++x) REQUIRE(got[y * 4 + x] == plane[64 * (y + 2) + 10 + x]);
}

TEST_CASE("an output outlives the network and the input it came from") {
  Tensor kept;
  {
    Network network = loaded("itself.pt");
    std::vector<float> values{1, 2, 3};
    auto outputs = network.run({TensorView::dense(values.data(), Scalar::f32, {3})});
    REQUIRE(outputs);
    kept = (*outputs)[0];
    values.assign(3, 9);
  }
  REQUIRE(floats(kept)[0] == 1);
  REQUIRE(floats(kept)[2] == 3);
}

TEST_CASE("several outputs come back by name, in types that a caller can read") {
  Network network = loaded("several.pt");
  const std::vector<float> x{1, 2}, y{3, 4};
  const auto outputs = network.run({TensorView::dense(x.data(), Scalar::f32, {2}),
                                    TensorView::dense(y.data(), Scalar::f32, {2})});
  REQUIRE(outputs);
  REQUIRE(outputs->size() == 2);
  REQUIRE((*outputs)[0].name == "sum");
  REQUIRE(floats((*outputs)[0])[1] == 6);
  REQUIRE((*outputs)[1].name == "parts");
  REQUIRE((*outputs)[1].view.type == Scalar::f32);
  REQUIRE(floats((*outputs)[1])[3] == 4);
}

TEST_CASE("a model that cannot be loaded is refused with a sentence") {
  const auto missing = Network::load({folder + "/missing.pt"}, here);
  REQUIRE_FALSE(missing);
  REQUIRE(missing.error().code == Code::network);
  REQUIRE(says(missing.error(), "missing.pt"));

  const std::string rubbish = folder + "/rubbish.pt";
  std::ofstream(rubbish) << "this is no model";
  const auto damaged = Network::load({rubbish}, here);
  REQUIRE_FALSE(damaged);
  REQUIRE(damaged.error().code == Code::network);
  REQUIRE(says(damaged.error(), "rubbish.pt"));

  const auto format = Network::load({folder + "/twice.pt", "onnx"}, here);
  REQUIRE_FALSE(format);
  REQUIRE(says(format.error(), "torchscript"));

  const auto device = Network::load({folder + "/twice.pt"}, {"cuda:63", here.library});
  REQUIRE_FALSE(device);
  REQUIRE(device.error().code == Code::device);

  const auto name = Network::load({folder + "/twice.pt"}, {"gpu", here.library});
  REQUIRE_FALSE(name);
  REQUIRE(name.error().code == Code::invalid_argument);
}

TEST_CASE("inputs that a network refuses are named, and it can still be used") {
  Network network = loaded("twice.pt");
  const std::vector<float> pixels(2 * 5 * 4 * 4);
  const auto wrong = network.run({TensorView::dense(pixels.data(), Scalar::f32, {2, 5, 4, 4})});
  REQUIRE_FALSE(wrong);
  REQUIRE(wrong.error().code == Code::network);
  REQUIRE(says(wrong.error(), "f32 2x5x4x4"));
  REQUIRE(says(wrong.error(), "size of tensor"));
  REQUIRE_FALSE(network.run({}));
  REQUIRE_FALSE(network.run({TensorView::dense(nullptr, Scalar::f32, {1, 3, 2, 2})}));
  REQUIRE(network.run({TensorView::dense(pixels.data(), Scalar::f32, {1, 3, 2, 2})}));

  Network number = loaded("number.pt");
  const auto useless = number.run({TensorView::dense(pixels.data(), Scalar::f32, {1})});
  REQUIRE_FALSE(useless);
  REQUIRE(says(useless.error(), "tensors"));
}

TEST_CASE("a network that runs out of memory says that, so that a smaller batch can be tried") {
  Network network = loaded("greedy.pt");
  const float one = 1;
  const auto answer = network.run({TensorView::dense(&one, Scalar::f32, {1})});
  REQUIRE_FALSE(answer);
  REQUIRE(answer.error().code == Code::out_of_memory);
}

TEST_CASE("a network whose card has failed says that, so that the host can go on") {
  Network network = loaded("card_lost.pt");
  const float one = 1;
  const auto answer = network.run({TensorView::dense(&one, Scalar::f32, {1})});
  REQUIRE_FALSE(answer);
  REQUIRE(answer.error().code == Code::device);
}

TEST_CASE("libtorch's settings are set once for the process, and the log says so") {
  REQUIRE(holds_in_own_process([] {
    std::string line;
    set_log_callback([&](LogLevel, std::string_view text) { line = text; });
    NetworkSettings settings;
    settings.threads = 1;
    if (!set_network_settings(settings, here)) return false;
    if (line.find("whole process") == std::string::npos) return false;
    if (!set_network_settings(settings, here)) return false;  // the same again
    settings.threads = 2;
    const auto second = set_network_settings(settings, here);
    settings.gpu_memory_fraction = 2;
    const auto beyond = set_network_settings(settings, here);
    return !second && second.error().code == Code::invalid_argument && !beyond &&
           says(beyond.error(), "gpu_memory_fraction");
  }));
}
#endif
