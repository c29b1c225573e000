#include "media/mp4_tags.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>

namespace cleanplate::media {

namespace {
constexpr std::size_t largest_index = std::size_t{1} << 30;  // bytes; a sane bound on what we read

/// What libavformat writes as Apple's items, or into headers.
constexpr std::string_view fixed[] = {
    "title",      "artist",   "album_artist",     "composer",     "album",
    "date",       "encoder",  "comment",          "genre",        "copyright",
    "grouping",   "lyrics",   "description",      "synopsis",     "show",
    "episode_id", "network",  "keywords",         "episode_sort", "season_number",
    "media_type", "hd_video", "gapless_playback", "compilation",  "track",
    "disc",       "tempo",    "creation_time",    "timecode",     "location"};

std::string word(std::uint32_t v) {
  const auto byte = [v](int shift) { return static_cast<char>(v >> shift & 0xFF); };
  return {byte(24), byte(16), byte(8), byte(0)};
}
std::uint32_t word_at(const std::string& s, std::size_t at) {
  std::uint32_t v = 0;
  for (std::size_t i = 0; i < 4; ++i) v = v << 8 | static_cast<unsigned char>(s[at + i]);
  return v;
}
std::string box(const char* type, const std::string& body) {
  return word(static_cast<std::uint32_t>(body.size() + 8)) + type + body;
}

std::string item(const std::string& name, const std::string& value) {
  constexpr std::uint32_t utf8 = 1;
  return box("----", box("mean", word(0) + "com.apple.iTunes") + box("name", word(0) + name) +
                         box("data", word(utf8) + word(0) + value));
}

/// Where a box's child starts. @param from, to  the children's bytes.
std::optional<std::size_t> child(const std::string& s, std::size_t from, std::size_t to,
                                 std::string_view type) {
  while (from + 8 <= to) {
    const std::size_t size = word_at(s, from);
    if (size < 8 || size > to - from) return std::nullopt;
    if (std::string_view(s).substr(from + 4, 4) == type) return from;
    from += size;
  }
  return std::nullopt;
}

/// The index with the items added, along moov/udta/meta/ilst; missing boxes are made.
std::optional<std::string> with_items(std::string moov, std::string items) {
  struct Step {
    const char* type;
    std::size_t header;
  };
  constexpr Step steps[] = {{"udta", 8}, {"meta", 12}, {"ilst", 8}};
  std::vector<std::size_t> parents{0};
  std::size_t header = 8;
  std::size_t missing = 3;
  for (std::size_t i = 0; i < 3; ++i) {
    const std::size_t at = parents.back();
    const auto found = child(moov, at + header, at + word_at(moov, at), steps[i].type);
    if (!found) {
      missing = i;
      break;
    }
    parents.push_back(*found);
    header = steps[i].header;
  }
  if (missing <= 2) items = box("ilst", items);
  if (missing <= 1)
    items =
        box("meta",
            word(0) + box("hdlr", word(0) + word(0) + "mdirappl" + std::string(9, '\0')) + items);
  if (missing == 0) items = box("udta", items);
  const std::size_t at = parents.back();
  moov.insert(at + word_at(moov, at), items);
  for (const std::size_t p : parents) {
    const std::uint64_t size = word_at(moov, p) + std::uint64_t{items.size()};
    if (size > UINT32_MAX) return std::nullopt;
    moov.replace(p, 4, word(static_cast<std::uint32_t>(size)));
  }
  return moov;
}

bool read_at(int file, std::string& to, std::uint64_t at) {
  for (std::size_t done = 0; done < to.size();) {
    const ssize_t n =
        ::pread(file, to.data() + done, to.size() - done, static_cast<off_t>(at + done));
    if (n <= 0) return false;
    done += static_cast<std::size_t>(n);
  }
  return true;
}
bool write_at(int file, const std::string& from, std::uint64_t at) {
  for (std::size_t done = 0; done < from.size();) {
    const ssize_t n =
        ::pwrite(file, from.data() + done, from.size() - done, static_cast<off_t>(at + done));
    if (n <= 0) return false;
    done += static_cast<std::size_t>(n);
  }
  return true;
}

/// Where the index starts, if it is the last box.
std::optional<std::uint64_t> index_at(int file, std::uint64_t size) {
  std::string head(16, '\0');
  for (std::uint64_t at = 0; at + 16 <= size;) {
    if (!read_at(file, head, at)) return std::nullopt;
    std::uint64_t length = word_at(head, 0);
    if (length == 1) length = std::uint64_t{word_at(head, 8)} << 32 | word_at(head, 12);
    if (length < 8 || length > size - at) return std::nullopt;
    if (head.compare(4, 4, "moov") == 0)
      return at + length == size && length <= largest_index ? std::optional(at) : std::nullopt;
    at += length;
  }
  return std::nullopt;
}
}  // namespace

Tags free_tags(const AVDictionary* all) {
  Tags tags;
  const AVDictionaryEntry* e = nullptr;
  while ((e = av_dict_get(all, "", e, AV_DICT_IGNORE_SUFFIX)))
    if (std::find(std::begin(fixed), std::end(fixed), std::string_view(e->key)) == std::end(fixed))
      tags.emplace_back(e->key, e->value);
  return tags;
}

bool append_tags(int file, const Tags& tags) {
  struct stat st {};
  if (::fstat(file, &st) != 0) return false;
  const auto size = static_cast<std::uint64_t>(st.st_size);
  const auto at = index_at(file, size);
  if (!at) return false;
  std::string moov(static_cast<std::size_t>(size - *at), '\0');
  if (!read_at(file, moov, *at)) return false;
  std::string items;
  for (const auto& [name, value] : tags) items += item(name, value);
  const auto grown = with_items(moov, items);
  if (!grown) return false;
  if (write_at(file, *grown, *at)) return true;
  // The disk filled up: the index that was there is put back; it fitted before.
  if (::ftruncate(file, st.st_size) != 0) return false;
  (void)write_at(file, moov, *at);
  return false;
}

}  // namespace cleanplate::media
