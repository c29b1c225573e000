/// @file
/// A file that appears under its name only when it is whole.
#pragma once
#include <cleanplate/result.h>

#include <cstdint>
#include <memory>
#include <string>

#include "media/compat.h"

namespace cleanplate::media {

/// Written under a temporary name beside the target; `publish` syncs and renames. Destroyed
/// unpublished it is unlinked. Threads: one at a time.
class OutputFile {
 public:
  /// @param target  a new or an existing regular file; a link is followed.
  /// @param input   the file that is read; the target must not be it, under any name.
  /// @return `same_file`, `unwritable`, `disk_full`.
  [[nodiscard]] static Result<std::unique_ptr<OutputFile>> create(const std::string& target,
                                                                  const std::string& input);
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;
  ~OutputFile();

  /// For libavformat; lives as long as this.
  [[nodiscard]] AVIOContext* io() const { return io_; }
  /// @return the first write's failure in words, with its Code; done if there was none.
  [[nodiscard]] Result<void> written() const;
  /// Flushes libav's buffer.
  [[nodiscard]] Result<void> flush();
  /// Flushes, syncs, renames onto the target.
  [[nodiscard]] Result<void> publish();
  [[nodiscard]] int descriptor() const { return file_; }

 private:
  OutputFile() = default;
  int write(const std::uint8_t* bytes, int count);
  std::int64_t seek(std::int64_t to, int whence) const;
  friend struct OutputCallbacks;

  std::string target_, temporary_;
  AVIOContext* io_ = nullptr;
  int file_ = -1;
  int error_ = 0;  ///< errno of the first write that failed
};

}  // namespace cleanplate::media
