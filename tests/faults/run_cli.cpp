#include "run_cli.h"

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace {

/// Reads both pipes until they close; sends the signal once its words were said.
/// @return when it was sent.
std::chrono::steady_clock::time_point listen(pid_t child, const std::array<int, 2>& pipes,
                                             const RunSetup& setup, Said& said) {
  std::array<pollfd, 2> open{pollfd{pipes[0], POLLIN, 0}, pollfd{pipes[1], POLLIN, 0}};
  bool sent = setup.signal == 0;
  auto when = std::chrono::steady_clock::now();
  while (open[0].fd >= 0 || open[1].fd >= 0) {
    if (poll(open.data(), open.size(), -1) < 0) continue;
    for (std::size_t i = 0; i < open.size(); ++i) {
      if (open[i].fd < 0 || !open[i].revents) continue;
      std::array<char, 4096> bytes{};
      const auto n = read(open[i].fd, bytes.data(), bytes.size());
      if (n > 0)
        (i == 0 ? said.out : said.err).append(bytes.data(), static_cast<std::size_t>(n));
      else
        open[i].fd = -1;
    }
    if (!sent && said.out.find(setup.wait_for) != std::string::npos) {
      kill(child, setup.signal);
      sent = true;
      when = std::chrono::steady_clock::now();
    }
  }
  return when;
}

}  // namespace

std::vector<std::string> Said::error_lines() const {
  std::vector<std::string> lines;
  std::istringstream text(err);
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
}

Said run_program(const std::vector<std::string>& command, const RunSetup& setup) {
  std::array<int, 2> out{}, err{};
  if (pipe(out.data()) != 0 || pipe(err.data()) != 0) throw std::runtime_error("pipe");
  std::vector<char*> argv;
  for (const auto& word : command) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);

  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("fork");
  if (child == 0) {
    dup2(out[1], STDOUT_FILENO);
    dup2(err[1], STDERR_FILENO);
    for (const int fd : {out[0], out[1], err[0], err[1]}) close(fd);
    if (setup.before && !setup.before()) _exit(99);
    execv(argv[0], argv.data());
    _exit(127);
  }
  close(out[1]);
  close(err[1]);
  Said said;
  const auto sent = listen(child, {out[0], err[0]}, setup, said);
  close(out[0]);
  close(err[0]);
  int status = 0;
  waitpid(child, &status, 0);
  said.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  said.seconds_after_signal =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - sent).count();
  return said;
}

Said run_cli(const std::vector<std::string>& arguments, const RunSetup& setup) {
  std::vector<std::string> command{CLEANPLATE_CLI};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return run_program(command, setup);
}

TestFolder::TestFolder() {
  path_ = (std::filesystem::temp_directory_path() / "cleanplate_faults_XXXXXX").string();
  if (!mkdtemp(path_.data())) throw std::runtime_error("mkdtemp");
}
TestFolder::~TestFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}
std::vector<std::string> TestFolder::names() const {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(path_))
    names.push_back(std::filesystem::relative(entry.path(), path_).string());
  std::sort(names.begin(), names.end());
  return names;
}

std::string read_bytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}
void write_bytes(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}
