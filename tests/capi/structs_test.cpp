// Structs of older and newer headers; text into the caller's buffers.
#include <cstddef>
#include <cstring>

#include "capi/files.h"

using namespace capi_test;

TEST_CASE("a shorter struct of an older header is taken, what it lacks has its default") {
  auto info = frame_info(3);
  info.primaries = info.transfer = info.matrix = 9;  // beyond what it says it has
  info.struct_size = offsetof(cleanplate_frame_info, range);
  cleanplate_frame* frame = nullptr;
  C_OK(cleanplate_frame_allocate(&info, &frame, error));
  auto back = sized<cleanplate_frame_info>();
  C_OK(cleanplate_frame_get_info(frame, &back, error));
  REQUIRE(back.pts == 120);
  REQUIRE(back.primaries == 2);
  REQUIRE(back.matrix == 2);

  // Given back: no byte past what the caller has.
  auto older = frame_info(0);
  older.range = 77;
  older.struct_size = offsetof(cleanplate_frame_info, range);
  C_OK(cleanplate_frame_get_info(frame, &older, error));
  REQUIRE(older.pts == 120);
  REQUIRE(older.range == 77);

  older.struct_size = offsetof(cleanplate_frame_info, duration);
  Err e;
  REQUIRE(cleanplate_frame_get_info(frame, &older, &e) == CLEANPLATE_ERROR_STRUCT_SIZE);
  REQUIRE(std::string(e.message).find("struct_size") != std::string::npos);
  REQUIRE(cleanplate_frame_destroy(frame) == CLEANPLATE_OK);
}

TEST_CASE("a longer struct of a newer header is taken where it asks for nothing new") {
  struct Newer {
    cleanplate_frame_info info;
    std::int64_t more;
  } newer{frame_info(1), 0};
  newer.info.struct_size = sizeof newer;
  cleanplate_frame* frame = nullptr;
  C_OK(cleanplate_frame_allocate(&newer.info, &frame, error));
  newer.more = -1;
  C_OK(cleanplate_frame_get_info(frame, &newer.info, error));
  REQUIRE(newer.more == 0);  // what this library does not know it leaves 0
  REQUIRE(newer.info.struct_size == sizeof newer);
  newer.more = 5;
  cleanplate_frame* none = nullptr;
  REQUIRE(cleanplate_frame_allocate(&newer.info, &none, nullptr) == CLEANPLATE_ERROR_STRUCT_SIZE);
  REQUIRE(none == nullptr);
  REQUIRE(cleanplate_frame_destroy(frame) == CLEANPLATE_OK);
}

TEST_CASE("text goes into the caller's buffer, and how much it needs is told") {
  cleanplate_options* options = told_options();
  std::size_t needed = 0;
  C_OK(cleanplate_options_get(options, "region", nullptr, 0, &needed, error));
  REQUIRE(needed == std::strlen("12,10,32,20") + 1);
  std::string text(needed, 'x');
  C_OK(cleanplate_options_get(options, "region", text.data(), needed, nullptr, error));
  REQUIRE(text.c_str() == std::string("12,10,32,20"));
  char small[6] = "wwwww";
  Err e;
  REQUIRE(cleanplate_options_get(options, "region", small, sizeof small, &needed, &e) ==
          CLEANPLATE_ERROR_BUFFER_TOO_SMALL);
  REQUIRE(std::string(small) == "12,10");
  REQUIRE(cleanplate_options_get(options, "region", nullptr, 4, &needed, nullptr) ==
          CLEANPLATE_ERROR_INVALID_ARGUMENT);

  C_OK(cleanplate_options_to_json(options, nullptr, 0, &needed, error));
  std::string json(needed, 0);
  C_OK(cleanplate_options_to_json(options, json.data(), needed, nullptr, error));
  cleanplate_options* read = nullptr;
  C_OK(cleanplate_options_create(&read, error));
  C_OK(cleanplate_options_from_json(read, json.c_str(), error));
  C_OK(cleanplate_options_get(read, "region", text.data(), text.size(), nullptr, error));
  REQUIRE(text.c_str() == std::string("12,10,32,20"));
  REQUIRE(cleanplate_options_from_json(read, "{\"version\": 7}", nullptr) ==
          CLEANPLATE_ERROR_INVALID_OPTION);
  REQUIRE(cleanplate_options_destroy(read) == CLEANPLATE_OK);
  REQUIRE(cleanplate_options_destroy(options) == CLEANPLATE_OK);
}

TEST_CASE("options are set by type, and the table tells which type") {
  cleanplate_options* options = nullptr;
  C_OK(cleanplate_options_create(&options, error));
  for (int i = 0; i < cleanplate_option_count(); ++i) {
    auto row = sized<cleanplate_option_info>();
    C_OK(cleanplate_option_at(i, &row, error));
    CAPTURE(row.name);
    REQUIRE(std::strlen(row.help) > 5);
    char text[64];
    const auto boolean = cleanplate_options_set_boolean(options, row.name, 1, nullptr);
    const auto integer = cleanplate_options_set_integer(
        options, row.name, static_cast<std::int64_t>(row.least), nullptr);
    const auto real = cleanplate_options_set_real(options, row.name, row.most, nullptr);
    REQUIRE((boolean == 0) == (row.type == CLEANPLATE_OPTION_BOOLEAN));
    REQUIRE((integer == 0) == (row.type == CLEANPLATE_OPTION_INTEGER));
    REQUIRE((real == 0) == (row.type == CLEANPLATE_OPTION_REAL));
    C_OK(cleanplate_options_get(options, row.name, text, sizeof text, nullptr, error));
    if (row.type == CLEANPLATE_OPTION_INTEGER) {
      REQUIRE(std::stoll(text) == static_cast<long long>(row.least));
      REQUIRE(cleanplate_options_set_integer(options, row.name,
                                             static_cast<std::int64_t>(row.most) + 1,
                                             nullptr) == CLEANPLATE_ERROR_INVALID_OPTION);
    }
  }
  REQUIRE(cleanplate_options_set(options, "no_such", "1", nullptr) ==
          CLEANPLATE_ERROR_INVALID_OPTION);
  REQUIRE(cleanplate_options_destroy(options) == CLEANPLATE_OK);
}

TEST_CASE("the library says who it is") {
  REQUIRE(cleanplate_abi_version() >> 16 == CLEANPLATE_ABI_MAJOR);
  REQUIRE(static_cast<int>(cleanplate_abi_version() & 0xffff) >= CLEANPLATE_ABI_MINOR);
  REQUIRE(std::string(cleanplate_version()).find('.') != std::string::npos);
  REQUIRE(std::string(cleanplate_code_name(CLEANPLATE_ERROR_BUSY)) == "busy");
  REQUIRE(std::string(cleanplate_code_name(12345)) == "unknown");
}
