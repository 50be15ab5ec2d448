#include "fanlight/core/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace fanlight {

namespace {

struct FileDescriptor {
  int fd = -1;
  ~FileDescriptor() {
    if (fd >= 0) close(fd);
  }
};

std::unexpected<Error> errno_error(const char* what, const std::string& path) {
  const int code = errno;
  return fail(code == ENOENT   ? ErrorCode::not_found
              : code == EACCES ? ErrorCode::forbidden
                               : ErrorCode::io,
              std::string(what) + ' ' + path + ": " + std::strerror(code));
}

}  // namespace

Result<std::string> read_file(const std::string& path, std::size_t bytes_max) {
  const FileDescriptor file{open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  if (file.fd < 0) return errno_error("read", path);
  struct stat status{};
  if (fstat(file.fd, &status) != 0) return errno_error("read", path);
  if (!S_ISREG(status.st_mode)) return fail(ErrorCode::bad_input, "read " + path + ": not a regular file");
  const auto too_large = [&] {
    return fail(ErrorCode::too_large,
                "read " + path + ": larger than " + std::to_string(bytes_max) + " bytes");
  };
  if (static_cast<std::size_t>(status.st_size) > bytes_max) return too_large();
  std::string out(static_cast<std::size_t>(status.st_size), '\0');
  std::size_t have = 0;
  // A file may grow or shrink while it is read; /proc files say 0.
  while (true) {
    if (have == out.size()) {
      if (have > bytes_max) return too_large();
      out.resize(have + 4096);
    }
    const ssize_t got = read(file.fd, out.data() + have, out.size() - have);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno_error("read", path);
    if (got == 0) break;
    have += static_cast<std::size_t>(got);
  }
  if (have > bytes_max) return too_large();
  out.resize(have);
  return out;
}

Result<void> write_file(const std::string& path, std::string_view bytes, unsigned mode) {
  std::string beside = path + ".XXXXXX";
  const FileDescriptor file{mkostemp(beside.data(), O_CLOEXEC)};
  if (file.fd < 0) return errno_error("write", path);
  const auto give_up = [&] {
    auto error = errno_error("write", path);
    unlink(beside.c_str());
    return error;
  };
  while (!bytes.empty()) {
    const ssize_t put = write(file.fd, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return give_up();
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  if (fchmod(file.fd, mode) != 0 || fsync(file.fd) != 0 || rename(beside.c_str(), path.c_str()) != 0)
    return give_up();
  return {};
}

std::optional<std::string> environment(const char* name) {
  const char* value = std::getenv(name);
  if (!value) return std::nullopt;
  return value;
}

}  // namespace fanlight
