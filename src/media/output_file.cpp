#include "media/output_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <random>

#include "core/try.h"
#include "media/av.h"

namespace cleanplate::media {

namespace {
constexpr int buffer_bytes = 1 << 18;
constexpr std::size_t longest_name = 255;  // of a file, in bytes

Error write_error(const std::string& target, int e) {
  std::string what = "The output '" + target + "' cannot be written: ";
  if (e == ENOSPC || e == EDQUOT)
    return {Code::disk_full, "encode", what + "its disk is full; free some space.", -1, e};
  if (e == EFBIG)
    return {Code::unwritable, "encode",
            what + "it passes the largest size that this system or account allows a file.", -1, e};
  return {Code::unwritable, "encode", what + std::strerror(e) + ".", -1, e};
}

bool same(const struct stat& a, const struct stat& b) {
  return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/// ".name.cleanplate-1f3a….part" in the target's folder, so that the rename stays on one disk.
std::string temporary_name(const std::filesystem::path& target) {
  std::random_device random;
  char tail[40];
  std::snprintf(tail, sizeof tail, ".cleanplate-%08x%08x.part", random(), random());
  std::string name = target.filename().string();
  name.resize(std::min(name.size(), longest_name - 1 - std::strlen(tail)));
  return (target.parent_path() / ("." + name + tail)).string();
}

void sync_folder(const std::string& file) {
  const auto folder = std::filesystem::path(file).parent_path().string();
  const int d = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (d < 0) return;
  ::fsync(d);  // some file systems cannot; the rename stands either way
  ::close(d);
}
}  // namespace

struct OutputCallbacks {
#if CP_AV_WRITE_CONST
  static int write(void* self, const std::uint8_t* bytes, int count)
#else
  static int write(void* self, std::uint8_t* bytes, int count)
#endif
  {
    return static_cast<OutputFile*>(self)->write(bytes, count);
  }
  static std::int64_t seek(void* self, std::int64_t to, int whence) {
    return static_cast<OutputFile*>(self)->seek(to, whence);
  }
};

int OutputFile::write(const std::uint8_t* bytes, int count) {
  for (int done = 0; done < count;) {
    const ssize_t n = ::write(file_, bytes + done, static_cast<std::size_t>(count - done));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      if (!error_) error_ = errno;
      return AVERROR(error_);
    }
    done += static_cast<int>(n);
  }
  return count;
}

std::int64_t OutputFile::seek(std::int64_t to, int whence) const {
  if (whence & AVSEEK_SIZE) {
    struct stat st {};
    return ::fstat(file_, &st) == 0 ? static_cast<std::int64_t>(st.st_size) : AVERROR(errno);
  }
  const off_t at = ::lseek(file_, to, whence & ~AVSEEK_FORCE);
  return at < 0 ? AVERROR(errno) : at;
}

Result<std::unique_ptr<OutputFile>> OutputFile::create(const std::string& target,
                                                       const std::string& input) {
  namespace fs = std::filesystem;
  std::unique_ptr<OutputFile> out(new OutputFile);
  out->target_ = target;
  struct stat there {
  }, in{};
  mode_t mode = 0666;
  if (::stat(target.c_str(), &there) == 0) {
    if (::stat(input.c_str(), &in) == 0 && same(there, in))
      return Error{Code::same_file, "encode",
                   "The output '" + target + "' is the input '" + input +
                       "'; give the output another name."};
    if (!S_ISREG(there.st_mode))
      return Error{Code::unwritable, "encode",
                   "The output '" + target + "' is no file but a " +
                       (S_ISDIR(there.st_mode) ? "folder" : "device or pipe") +
                       "; give a file's name."};
    if (::access(target.c_str(), W_OK) != 0) return write_error(target, errno);
    mode = there.st_mode & 0777;
    std::error_code failed;
    const fs::path real = fs::canonical(target, failed);
    if (!failed) out->target_ = real.string();
  }
  out->temporary_ = temporary_name(out->target_);
  out->file_ = ::open(out->temporary_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  if (out->file_ < 0) {
    const int e = errno;
    out->temporary_.clear();
    return write_error(target, e);
  }
  auto* buffer = static_cast<unsigned char*>(must(av_malloc(buffer_bytes)));
  out->io_ = avio_alloc_context(buffer, buffer_bytes, 1, out.get(), nullptr, OutputCallbacks::write,
                                OutputCallbacks::seek);
  if (!out->io_) {
    av_free(buffer);
    throw std::bad_alloc();
  }
  return out;
}

OutputFile::~OutputFile() {
  if (io_) {
    error_ = error_ ? error_ : ECANCELED;
    av_freep(&io_->buffer);
    avio_context_free(&io_);
  }
  if (file_ >= 0) ::close(file_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

Result<void> OutputFile::written() const {
  if (error_) return write_error(target_, error_);
  return {};
}

Result<void> OutputFile::flush() {
  avio_flush(io_);
  return written();
}

Result<void> OutputFile::publish() {
  CP_CHECK(flush());
  if (::fsync(file_) != 0 && errno != EINVAL && errno != EROFS) return write_error(target_, errno);
  if (::close(std::exchange(file_, -1)) != 0) return write_error(target_, errno);
  if (::rename(temporary_.c_str(), target_.c_str()) != 0) return write_error(target_, errno);
  temporary_.clear();
  sync_folder(target_);
  return {};
}

}  // namespace cleanplate::media
