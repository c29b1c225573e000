#include "media/truncation.h"

#include <array>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <string_view>
#include <vector>

namespace cleanplate::media {

namespace {
using Bytes = std::array<unsigned char, 32>;

std::uint64_t big_endian(const unsigned char* p, int bytes) {
  std::uint64_t v = 0;
  for (int i = 0; i < bytes; ++i) v = v << 8 | p[i];
  return v;
}

class File {
 public:
  explicit File(const std::string& path) : in_(path, std::ios::binary) {
    in_.seekg(0, std::ios::end);
    size_ = in_ ? static_cast<std::uint64_t>(in_.tellg()) : 0;
  }
  [[nodiscard]] std::uint64_t size() const { return size_; }
  /// Up to 32 bytes from `at`, zeros past the end.
  Bytes at(std::uint64_t at) {
    Bytes b{};
    in_.clear();
    in_.seekg(static_cast<std::streamoff>(at));
    in_.read(reinterpret_cast<char*>(b.data()), b.size());
    return b;
  }

 private:
  std::ifstream in_;
  std::uint64_t size_ = 0;
};

std::string told(std::uint64_t least, std::uint64_t size) {
  return "its headers speak of at least " + std::to_string(least) + " bytes, it has " +
         std::to_string(size);
}

std::optional<std::string> boxes(File& file) {
  bool index = false;
  std::uint64_t at = 0;
  while (at + 8 <= file.size()) {
    const Bytes b = file.at(at);
    const std::string_view type(reinterpret_cast<const char*>(&b[4]), 4);
    std::uint64_t length = big_endian(b.data(), 4);
    if (length == 1) length = big_endian(&b[8], 8);
    if (length == 0) length = file.size() - at;  // to the end, by the standard
    if (type == "moov" || type == "moof") index = true;
    if (length < 8) break;  // padding after the last box
    if (length > file.size() - at) {
      if (type == "mdat" || type == "moov" || type == "moof") return told(at + length, file.size());
      break;
    }
    at += length;
  }
  if (!index) return "its index (the moov box) is missing, as when a recording was cut off";
  return std::nullopt;
}

/// Reads an EBML length; all ones mean "not known".
std::optional<std::uint64_t> length_at(const unsigned char* p, int& bytes) {
  bytes = 1;
  while (bytes <= 8 && !(p[0] & (0x80 >> (bytes - 1)))) ++bytes;
  if (bytes > 8) return std::nullopt;
  const std::uint64_t mask = (std::uint64_t{1} << (7 * bytes)) - 1;
  const std::uint64_t v = big_endian(p, bytes) & mask;
  if (v == mask) return std::nullopt;
  return v;
}

std::optional<std::string> segment(File& file) {
  int bytes = 0;
  const Bytes head = file.at(0);
  const auto header = length_at(&head[4], bytes);
  if (!header) return std::nullopt;
  const std::uint64_t at = 4 + static_cast<std::uint64_t>(bytes) + *header;
  const Bytes b = file.at(at);
  if (big_endian(b.data(), 4) != 0x18538067) return std::nullopt;
  const auto length = length_at(&b[4], bytes);
  if (!length) return std::nullopt;  // a live recording
  const std::uint64_t least = at + 4 + static_cast<std::uint64_t>(bytes) + *length;
  if (least > file.size()) return told(least, file.size());
  return std::nullopt;
}

/// 188 or 192 (with a time stamp before each packet); 0: no transport stream.
unsigned packet_size(File& file) {
  for (const unsigned size : {188U, 192U}) {
    bool all = file.size() >= 4 * size;
    for (unsigned i = 0; i < 4 && all; ++i) all = file.at(i * size + (size - 188))[0] == 0x47;
    if (all) return size;
  }
  return 0;
}
}  // namespace

std::optional<std::string> cut_short(const std::string& path) {
  File file(path);
  const Bytes b = file.at(0);
  const std::string_view type(reinterpret_cast<const char*>(&b[4]), 4);
  for (const char* first : {"ftyp", "moov", "mdat", "free", "wide", "skip"})
    if (type == first) return boxes(file);
  if (big_endian(b.data(), 4) == 0x1A45DFA3) return segment(file);
  if (const unsigned size = packet_size(file); size && file.size() % size)
    return "its last packet is " + std::to_string(file.size() % size) + " bytes of " +
           std::to_string(size);
  return std::nullopt;
}

bool scrambled(const std::string& path) {
  File file(path);
  const unsigned size = packet_size(file);
  if (!size) return false;
  for (std::uint64_t i = 0; i < 4000 && (i + 1) * size <= file.size(); ++i)
    if (file.at(i * size + (size - 188))[3] & 0x80) return true;
  return false;
}

}  // namespace cleanplate::media
