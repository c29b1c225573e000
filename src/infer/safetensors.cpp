#include "infer/safetensors.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "core/try.h"

namespace cleanplate {

namespace {
using nlohmann::json;
static_assert(std::endian::native == std::endian::little, "The files' numbers are little-endian.");

constexpr std::size_t largest_header = std::size_t{1} << 20;
constexpr std::size_t largest_file = std::size_t{1} << 30;

Error damaged(const std::string& name, const std::string& why) {
  return {Code::unreadable, "infer",
          "The weights " + name + " are damaged: " + why + "; install them again."};
}

bool is_count(const json& j) {
  return j.is_number_unsigned() && j.get<std::uint64_t>() <= largest_file;
}

/// Elements of a shape; 0 where it is none.
std::uint64_t elements(const json& shape) {
  if (!shape.is_array() || shape.size() > 8) return 0;
  std::uint64_t n = 1;
  for (const json& side : shape) {
    if (!is_count(side) || side.get<std::uint64_t>() == 0) return 0;
    n *= side.get<std::uint64_t>();
    if (n > largest_file) return 0;
  }
  return n;
}

struct Place {
  std::uint64_t from, to;
  std::string name;
  std::vector<std::int64_t> shape;
};
}  // namespace

Result<std::vector<NamedTensor>> parse_safetensors(const std::string& bytes,
                                                   const std::string& name) {
  return guarded("infer", [&]() -> Result<std::vector<NamedTensor>> {
    std::uint64_t length = 0;
    if (bytes.size() < sizeof length) return damaged(name, "they end within the first 8 bytes");
    std::memcpy(&length, bytes.data(), sizeof length);
    if (length > largest_header || length > bytes.size() - sizeof length)
      return damaged(name, "the header says that it is " + std::to_string(length) +
                               " bytes long, which is more than there is or may be");
    const auto begin = bytes.begin() + sizeof length;
    const json header = json::parse(begin, begin + static_cast<std::ptrdiff_t>(length), nullptr,
                                    /*allow_exceptions=*/false);
    if (!header.is_object()) return damaged(name, "the header is no JSON object");
    const std::uint64_t room = bytes.size() - sizeof length - length;

    std::vector<Place> places;
    for (const auto& [key, entry] : header.items()) {
      if (key == "__metadata__") continue;
      const std::string which = "the tensor '" + key + "' ";
      if (!entry.is_object() || !entry.contains("dtype") || !entry.contains("shape") ||
          !entry.contains("data_offsets"))
        return damaged(name, which + "lacks dtype, shape or data_offsets");
      if (entry["dtype"] != "F32") return damaged(name, which + "is not of 32-bit floats (F32)");
      const std::uint64_t count = elements(entry["shape"]);
      if (!count) return damaged(name, which + "has a shape that is none");
      const json& offsets = entry["data_offsets"];
      if (!offsets.is_array() || offsets.size() != 2 || !is_count(offsets[0]) ||
          !is_count(offsets[1]))
        return damaged(name, which + "has offsets that are none");
      Place place{offsets[0], offsets[1], key, entry["shape"].get<std::vector<std::int64_t>>()};
      if (place.to < place.from || place.to - place.from != count * sizeof(float))
        return damaged(name, which + "has a shape that does not fit its bytes");
      if (place.to > room) return damaged(name, which + "lies beyond the end");
      places.push_back(std::move(place));
    }
    std::sort(places.begin(), places.end(),
              [](const Place& a, const Place& b) { return a.from < b.from; });
    std::uint64_t filled = 0;
    std::vector<NamedTensor> out;
    for (Place& place : places) {
      if (place.from != filled)
        return damaged(name, "there is a gap or an overlap before the tensor '" + place.name + "'");
      filled = place.to;
      NamedTensor tensor{std::move(place.name), std::move(place.shape), {}};
      tensor.values.resize((place.to - place.from) / sizeof(float));
      std::memcpy(tensor.values.data(), bytes.data() + sizeof length + length + place.from,
                  place.to - place.from);
      out.push_back(std::move(tensor));
    }
    if (filled != room)
      return damaged(name, "there are " + std::to_string(room - filled) + " bytes too many");
    return out;
  });
}

Result<std::vector<NamedTensor>> read_safetensors(const std::string& path) {
  return guarded("infer", [&]() -> Result<std::vector<NamedTensor>> {
    std::ifstream file(path, std::ios::binary | std::ios::ate);
    if (!file)
      return Error{Code::not_found, "infer",
                   "The weights " + path + " could not be opened; correct the path."};
    const auto size = static_cast<std::streamoff>(file.tellg());
    if (size < 0 || static_cast<std::uint64_t>(size) > largest_file)
      return damaged(path, "they are larger than 1 GiB, or no file");
    std::string bytes(static_cast<std::size_t>(size), '\0');
    file.seekg(0);
    if (!file.read(bytes.data(), size)) return damaged(path, "they could not be read to the end");
    return parse_safetensors(bytes, path);
  });
}

Result<void> write_safetensors(const std::string& path, const std::vector<NamedTensor>& tensors) {
  return guarded("infer", [&]() -> Result<void> {
    json header = json::object();
    std::uint64_t at = 0;
    for (const NamedTensor& t : tensors) {
      const std::uint64_t end = at + t.values.size() * sizeof(float);
      header[t.name] = {{"dtype", "F32"}, {"shape", t.shape}, {"data_offsets", {at, end}}};
      at = end;
    }
    std::string text = header.dump();
    text.resize((text.size() + 7) / 8 * 8, ' ');
    const std::uint64_t length = text.size();
    std::ofstream file(path, std::ios::binary);
    file.write(reinterpret_cast<const char*>(&length), sizeof length);
    file << text;
    for (const NamedTensor& t : tensors)
      file.write(reinterpret_cast<const char*>(t.values.data()),
                 static_cast<std::streamsize>(t.values.size() * sizeof(float)));
    file.close();
    if (!file)
      return Error{Code::unwritable, "infer",
                   "The weights " + path + " could not be written; is the disk full?"};
    return {};
  });
}

}  // namespace cleanplate
