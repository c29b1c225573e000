#include <catch2/catch.hpp>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "infer/safetensors.h"

using namespace cleanplate;

namespace {
/// A file's bytes: the header's length, the header, the numbers.
std::string file_of(const std::string& header, std::size_t floats) {
  const std::uint64_t length = header.size();
  std::string bytes(sizeof length, '\0');
  std::memcpy(bytes.data(), &length, sizeof length);
  return bytes + header + std::string(floats * 4, '\0');
}

const std::string good =
    R"({"__metadata__":{"a":"b"},"w":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},)"
    R"("b":{"dtype":"F32","shape":[2],"data_offsets":[24,32]}})";
}  // namespace

TEST_CASE("weights come back as they were written") {
  const std::string path =
      (std::filesystem::temp_directory_path() / "cleanplate_weights.safetensors").string();
  const std::vector<NamedTensor> before{{"layer.weight", {2, 1, 3}, {1, -2, 3.5f, 0, 1e-30f, 6}},
                                        {"layer.bias", {2}, {-1, 8}}};
  REQUIRE(write_safetensors(path, before));
  const auto after = read_safetensors(path);
  std::filesystem::remove(path);
  REQUIRE(after);
  REQUIRE(after->size() == 2);
  for (std::size_t i = 0; i < 2; ++i) {
    REQUIRE((*after)[i].name == before[i].name);
    REQUIRE((*after)[i].shape == before[i].shape);
    REQUIRE((*after)[i].values == before[i].values);
  }
}

TEST_CASE("a good header is read, its metadata passed over") {
  const auto read = parse_safetensors(file_of(good, 8), "weights");
  REQUIRE(read);
  REQUIRE(read->size() == 2);
  REQUIRE((*read)[0].name == "w");
  REQUIRE((*read)[1].shape == std::vector<std::int64_t>{2});
}

TEST_CASE("damaged weights are refused, each with a sentence that says how") {
  struct Case {
    std::string bytes, says;
  };
  const auto one = [](const std::string& entry, std::size_t floats) {
    return file_of("{\"w\":" + entry + "}", floats);
  };
  const std::vector<Case> cases{
      {"", "within the first 8 bytes"},
      {std::string(8, '\xff'), "more than there is or may be"},
      {file_of(good, 8).substr(0, 40), "more than there is or may be"},
      {file_of("{\"w\":", 0), "no JSON object"},
      {file_of("[1]", 0), "no JSON object"},
      {file_of(std::string(5000, '['), 0), "no JSON object"},
      {file_of(good, 7), "beyond the end"},
      {file_of(good, 9), "bytes too many"},
      {one("3", 0), "lacks"},
      {one(R"({"dtype":"F32","shape":[1]})", 1), "lacks"},
      {one(R"({"dtype":"F16","shape":[2],"data_offsets":[0,4]})", 1), "32-bit"},
      {one(R"({"dtype":"F32","shape":2,"data_offsets":[0,8]})", 2), "shape that is none"},
      {one(R"({"dtype":"F32","shape":[-2],"data_offsets":[0,8]})", 2), "shape that is none"},
      {one(R"({"dtype":"F32","shape":[0],"data_offsets":[0,0]})", 0), "shape that is none"},
      {one(R"({"dtype":"F32","shape":[1048576,1048576,1048576,1048576],"data_offsets":[0,8]})", 2),
       "shape that is none"},
      {one(R"({"dtype":"F32","shape":[2],"data_offsets":[0]})", 2), "offsets that are none"},
      {one(R"({"dtype":"F32","shape":[2],"data_offsets":["0",8]})", 2), "offsets that are none"},
      {one(R"({"dtype":"F32","shape":[2],"data_offsets":[8,0]})", 2), "does not fit"},
      {one(R"({"dtype":"F32","shape":[2],"data_offsets":[0,12]})", 3), "does not fit"},
      {one(R"({"dtype":"F32","shape":[1],"data_offsets":[4,8]})", 2), "gap or an overlap"},
      {file_of(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},)"
               R"("b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})",
               1),
       "gap or an overlap"}};
  for (const Case& c : cases) {
    const auto read = parse_safetensors(c.bytes, "the_file");
    CAPTURE(c.says, c.bytes.substr(0, 120));
    REQUIRE_FALSE(read);
    CAPTURE(read.error().message);
    REQUIRE(read.error().code == Code::unreadable);
    REQUIRE(read.error().message.find("the_file") != std::string::npos);
    REQUIRE(read.error().message.find(c.says) != std::string::npos);
    REQUIRE(read.error().message.back() == '.');
  }
}

TEST_CASE("weights that are not there are named") {
  const auto read = read_safetensors("/nowhere/weights.safetensors");
  REQUIRE_FALSE(read);
  REQUIRE(read.error().code == Code::not_found);
  REQUIRE(read.error().message.find("/nowhere/weights.safetensors") != std::string::npos);
}
