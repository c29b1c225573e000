#include "call.h"

#include <algorithm>

namespace cleanplate::capi {

void copy_text(char* to, std::size_t size, std::string_view text) {
  std::size_t n = std::min(size - 1, text.size());
  // Not within a character: its later bytes are 10xxxxxx.
  if (n < text.size())
    while (n > 0 && (static_cast<unsigned char>(text[n]) & 0xc0) == 0x80) --n;
  std::memcpy(to, text.data(), n);
  std::memset(to + n, 0, size - n);
}

bool is_good(const cleanplate_error* error) {
  return error->struct_size >= sizeof(cleanplate_error) &&
         error->struct_size <= (std::size_t{1} << 20);
}

std::int32_t fail(cleanplate_error* error, const Error& why) noexcept {
  const auto code = static_cast<std::int32_t>(why.code);
  if (!error || error->code != 0) return code;
  error->code = code;
  error->native_code = why.native_code;
  error->frame = why.frame;
  copy_text(error->stage, why.stage);
  copy_text(error->message, why.message);
  return code;
}

Error invalid(std::string sentence) { return {Code::invalid_argument, "c", std::move(sentence)}; }

Result<void> needed(const void* pointer, const char* what) {
  if (pointer) return {};
  return invalid(std::string("NULL was given for '") + what + "', which is needed.");
}

Result<std::size_t> index_in(std::int32_t index, std::size_t count, const char* what) {
  if (index >= 0 && static_cast<std::size_t>(index) < count) return static_cast<std::size_t>(index);
  return invalid("There is no " + std::string(what) + " " + std::to_string(index) + "; there are " +
                 std::to_string(count) + ", counted from 0.");
}

Result<std::int32_t> give_text(std::string_view text, char* buffer, std::size_t size,
                               std::size_t* needed_size) {
  if (!buffer && size > 0)
    return invalid("NULL was given for 'buffer', with a size that is not 0.");
  if (needed_size) *needed_size = text.size() + 1;
  if (!buffer) return CLEANPLATE_OK;
  if (size > 0) copy_text(buffer, std::min(size, text.size() + 1), text);
  if (size > text.size()) return CLEANPLATE_OK;
  return Error{buffer_too_small, "c",
               "The text needs a buffer of " + std::to_string(text.size() + 1) + " bytes; " +
                   std::to_string(size) + " were given."};
}

Error wrong_size(const char* what, std::size_t got, std::size_t least) {
  return {struct_size, "c",
          got < least ? std::string("The struct '") + what + "' says a size of " +
                            std::to_string(got) + " bytes; it has " + std::to_string(least) +
                            " at least. Set struct_size to sizeof."
                      : std::string("The struct '") + what +
                            "' is of a newer header and asks for something that this library does "
                            "not know."};
}

}  // namespace cleanplate::capi
