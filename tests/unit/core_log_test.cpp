#include <catch2/catch.hpp>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "core/log.h"

using namespace cleanplate;

TEST_CASE("messages go nowhere until a callback is set, and nowhere after it is taken away") {
  log_line(LogLevel::error, "unheard");
  std::vector<std::string> lines;
  set_log_callback([&](LogLevel, std::string_view line) { lines.emplace_back(line); },
                   LogLevel::warning);
  log_line(LogLevel::info, "below the level");
  log_line(LogLevel::warning, "frame {} is {}", 3, "late");
  REQUIRE(lines == std::vector<std::string>{"frame 3 is late"});
  set_log_callback({});
  log_line(LogLevel::error, "unheard");
  REQUIRE(lines.size() == 1);
}

TEST_CASE("lines of several threads arrive one at a time") {
  int inside = 0, most = 0, count = 0;
  set_log_callback([&](LogLevel, std::string_view) {
    most = std::max(most, ++inside);
    ++count;
    --inside;
  });
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([] {
      for (int k = 0; k < 100; ++k) log_line(LogLevel::info, "{}", k);
    });
  for (auto& thread : threads) thread.join();
  set_log_callback({});
  REQUIRE(count == 400);
  REQUIRE(most == 1);
}

TEST_CASE("a callback may replace itself, log again, or throw") {
  int count = 0;
  set_log_callback([&](LogLevel, std::string_view line) {
    if (++count == 1) log_line(LogLevel::info, "again");
    if (line == "last") set_log_callback({});
    throw std::runtime_error("callback");
  });
  log_line(LogLevel::info, "first");
  log_line(LogLevel::info, "last");
  log_line(LogLevel::info, "unheard");
  REQUIRE(count == 3);
}
