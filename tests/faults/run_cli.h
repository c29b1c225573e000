/// @file
/// Runs the command line tool as a user does, and keeps what it said.
#pragma once
#include <functional>
#include <string>
#include <vector>

struct Said {
  int code = -1;  ///< exit code; 128 + the signal where one ended it
  std::string out, err;
  double seconds_after_signal = 0;  ///< until it ended

  [[nodiscard]] std::vector<std::string> error_lines() const;
};

struct RunSetup {
  /// Called in the child before the program begins. @return false: the test's condition cannot be
  /// made here; the exit code is then 99.
  std::function<bool()> before;
  /// Once this was said on stdout, `signal` is sent.
  std::string wait_for;
  int signal = 0;
};

/// @param arguments  after the program's name.
Said run_cli(const std::vector<std::string>& arguments, const RunSetup& setup = {});
/// Any program, by its path.
Said run_program(const std::vector<std::string>& command, const RunSetup& setup = {});

/// A fresh folder that goes with the object.
class TestFolder {
 public:
  TestFolder();
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;
  ~TestFolder();
  [[nodiscard]] std::string operator/(const std::string& name) const { return path_ + "/" + name; }
  [[nodiscard]] const std::string& path() const { return path_; }
  /// Sorted names of all that is in it.
  [[nodiscard]] std::vector<std::string> names() const;

 private:
  std::string path_;
};

/// Every byte of a file.
std::string read_bytes(const std::string& path);
void write_bytes(const std::string& path, const std::string& bytes);
