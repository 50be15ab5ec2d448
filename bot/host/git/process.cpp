// posix_spawn in a process group of its own, then one poll loop over its three streams. Standard input is a
// socket, because a send() to a child that has gone away can be told not to raise SIGPIPE. The end of the
// streams is not the end of the process, so the last wait goes through a pidfd and keeps the deadline too.
#include "git/process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

#include "fanlight/core/text.hpp"

namespace fanlight::host {
namespace {

constexpr std::size_t error_bytes_max = 4096;
constexpr std::size_t error_line_bytes_max = 300;

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor() { close(); }

  int get() const { return fd_; }
  bool open() const { return fd_ >= 0; }
  void close() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }

 private:
  int fd_ = -1;
};

struct Streams {
  Descriptor in, out, err;                    // ours
  Descriptor child_in, child_out, child_err;  // the child's, closed here once it runs
};

Result<Streams> make_streams() {
  std::array<int, 2> in{}, out{}, err{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, in.data()) != 0)
    return fail(ErrorCode::io, fmt::format("process: make streams: {}", std::strerror(errno)));
  Streams streams{.in = Descriptor(in[0]),
                  .out = {},
                  .err = {},
                  .child_in = Descriptor(in[1]),
                  .child_out = {},
                  .child_err = {}};
  if (::pipe2(out.data(), O_CLOEXEC) != 0)
    return fail(ErrorCode::io, fmt::format("process: make streams: {}", std::strerror(errno)));
  streams.out = Descriptor(out[0]);
  streams.child_out = Descriptor(out[1]);
  if (::pipe2(err.data(), O_CLOEXEC) != 0)
    return fail(ErrorCode::io, fmt::format("process: make streams: {}", std::strerror(errno)));
  streams.err = Descriptor(err[0]);
  streams.child_err = Descriptor(err[1]);
  return streams;
}

std::vector<char*> pointers(const std::vector<std::string>& strings) {
  std::vector<char*> result;
  result.reserve(strings.size() + 1);
  for (const std::string& string : strings) result.push_back(const_cast<char*>(string.c_str()));
  result.push_back(nullptr);
  return result;
}

Result<pid_t> spawn(const ProcessRun& run, const Streams& streams) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_addchdir_np(&actions, run.directory.c_str());
  posix_spawn_file_actions_adddup2(&actions, streams.child_in.get(), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, streams.child_out.get(), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, streams.child_err.get(), STDERR_FILENO);
  posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);

  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);

  std::vector<char*> argv = pointers(run.argv), environment = pointers(run.environment);
  pid_t pid = -1;
  int error = ::posix_spawnp(&pid, argv[0], &actions, &attributes, argv.data(), environment.data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (error == 0) return pid;
  return fail(error == ENOENT ? ErrorCode::not_found : ErrorCode::io,
              fmt::format("process: start {}: {}", run.argv[0], std::strerror(error)));
}

// Until a named end: everything was read, the output is over its limit, or time is up.
enum class Ended { streams, too_large, timeout };

Ended pump(Streams& streams, std::string_view input, Deadline deadline,
           const std::function<bool(std::string_view)>& take, std::string& errors) {
  std::size_t written = 0;
  std::array<char, 64 * 1024> buffer;
  if (input.empty()) streams.in.close();
  while (streams.out.open() || streams.err.open()) {
    std::array<pollfd, 3> polled{pollfd{streams.out.get(), POLLIN, 0}, pollfd{streams.err.get(), POLLIN, 0},
                                 pollfd{streams.in.get(), POLLOUT, 0}};
    auto wait_ms = std::min<long long>(deadline.remaining().count(), 60'000);
    if (wait_ms == 0) return Ended::timeout;
    int ready = ::poll(polled.data(), polled.size(), static_cast<int>(wait_ms));
    if (ready <= 0) continue;  // a signal, or one more minute of a long wait

    if (polled[0].revents) {
      ssize_t got = ::read(streams.out.get(), buffer.data(), buffer.size());
      if (got > 0 && !take({buffer.data(), static_cast<std::size_t>(got)})) return Ended::too_large;
      if (got == 0) streams.out.close();
    }
    if (polled[1].revents) {
      ssize_t got = ::read(streams.err.get(), buffer.data(), buffer.size());
      if (got > 0 && errors.size() < error_bytes_max)
        errors.append(buffer.data(), static_cast<std::size_t>(got));
      if (got == 0) streams.err.close();
    }
    if (polled[2].revents) {
      ssize_t sent = ::send(streams.in.get(), input.data() + written, input.size() - written,
                            MSG_NOSIGNAL | MSG_DONTWAIT);
      if (sent > 0) written += static_cast<std::size_t>(sent);
      bool gone = sent < 0 && errno != EAGAIN && errno != EINTR;
      if (gone || written == input.size()) streams.in.close();
    }
  }
  return Ended::streams;
}

// False when the deadline passed first.
bool wait_until_exit(pid_t pid, Deadline deadline) {
  Descriptor process(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  while (process.open()) {
    pollfd polled{process.get(), POLLIN, 0};
    auto wait_ms = std::min<long long>(deadline.remaining().count(), 60'000);
    if (::poll(&polled, 1, static_cast<int>(wait_ms)) > 0) return true;
    if (deadline.expired()) return false;
  }
  return true;  // a kernel without pidfd: waitpid has to wait
}

int reap(pid_t pid) {
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

std::string first_line(std::string_view errors) {
  const std::string_view text = trim(errors);
  return printable_line(text.substr(0, text.find('\n')), error_line_bytes_max);
}

}  // namespace

std::string printable_line(std::string_view text, std::size_t bytes_max) {
  std::string clean = sanitize_utf8(truncate_utf8(text, bytes_max));
  std::string line;
  line.reserve(clean.size());
  for (std::size_t i = 0; i < clean.size(); ++i) {
    auto byte = static_cast<unsigned char>(clean[i]);
    auto at = [&](std::size_t k) {
      return i + k < clean.size() ? static_cast<unsigned char>(clean[i + k]) : 0;
    };
    bool c1 = byte == 0xC2 && at(1) >= 0x80 && at(1) <= 0x9F;
    // U+200E, U+200F, U+2028-U+202E and U+2066-U+2069 turn or break the line for whoever reads it.
    bool turns = byte == 0xE2 &&
                 ((at(1) == 0x80 && (at(2) == 0x8E || at(2) == 0x8F || (at(2) >= 0xA8 && at(2) <= 0xAE))) ||
                  (at(1) == 0x81 && at(2) >= 0xA6 && at(2) <= 0xA9));
    if (c1 || turns) {
      line += '?';
      i += c1 ? 1 : 2;
    } else if (byte < 0x20 || byte == 0x7F) {
      line += byte == '\t' ? ' ' : '?';
    } else {
      line += clean[i];
    }
  }
  return line;
}

Result<ProcessResult> run_process(const ProcessRun& run, Deadline deadline) {
  auto streams = make_streams();
  if (!streams) return std::unexpected(streams.error());
  auto pid = spawn(run, *streams);
  if (!pid) return std::unexpected(pid.error());
  streams->child_in.close();
  streams->child_out.close();
  streams->child_err.close();

  ProcessResult result;
  std::string errors;
  const auto take = [&](std::string_view piece) {
    result.output += piece;
    return result.output.size() <= run.output_bytes_max;
  };
  Ended ended = pump(*streams, run.input, deadline, take, errors);
  if (ended == Ended::streams && !wait_until_exit(*pid, deadline)) ended = Ended::timeout;
  // The whole group: what git started itself must not outlive it either.
  if (ended != Ended::streams) ::kill(-*pid, SIGKILL);
  result.exit_code = reap(*pid);

  if (ended == Ended::too_large)
    return fail(ErrorCode::too_large, fmt::format("process: run {}: more than {} bytes of output",
                                                  run.argv[0], run.output_bytes_max));
  if (ended == Ended::timeout)
    return fail(ErrorCode::timeout, fmt::format("process: run {}: not done in time, ended", run.argv[0]));
  result.error_line = first_line(errors);
  return result;
}

Result<void> run_pipeline(const std::vector<ProcessRun>& runs,
                          const std::function<void(std::string_view)>& take, Deadline deadline) {
  auto streams = make_streams();
  if (!streams) return std::unexpected(streams.error());
  std::vector<pid_t> pids;
  const auto end_all = [&] {
    for (pid_t pid : pids) ::kill(-pid, SIGKILL);
    for (pid_t pid : pids) reap(pid);
  };
  // The last one's output is ours already; each of the others gets a pipe to its neighbour.
  Streams stage{.in = {},
                .out = {},
                .err = {},
                .child_in = std::move(streams->child_in),
                .child_out = {},
                .child_err = std::move(streams->child_err)};
  for (std::size_t i = 0; i < runs.size(); ++i) {
    Descriptor next_in;
    if (i + 1 == runs.size()) {
      stage.child_out = std::move(streams->child_out);
    } else {
      std::array<int, 2> between{};
      if (::pipe2(between.data(), O_CLOEXEC) != 0) {
        const std::string why = std::strerror(errno);
        end_all();
        return fail(ErrorCode::io, "process: make streams: " + why);
      }
      next_in = Descriptor(between[0]);
      stage.child_out = Descriptor(between[1]);
    }
    auto pid = spawn(runs[i], stage);
    stage.child_out.close();
    stage.child_in = std::move(next_in);
    if (!pid) {
      end_all();
      return std::unexpected(pid.error());
    }
    pids.push_back(*pid);
  }
  stage.child_in.close();
  stage.child_err.close();

  std::string errors;
  const auto take_all = [&](std::string_view piece) {
    take(piece);
    return true;
  };
  bool in_time = pump(*streams, runs.front().input, deadline, take_all, errors) == Ended::streams;
  for (pid_t pid : pids) in_time = in_time && wait_until_exit(pid, deadline);
  if (!in_time) {
    end_all();
    return fail(ErrorCode::timeout,
                fmt::format("process: run {}: not done in time, ended", runs.back().argv[0]));
  }
  int exit_code = 0;
  for (pid_t pid : pids) {
    // One that was cut off because its reader ended says less than the reader.
    const int code = reap(pid);
    if (code != 0 && (exit_code == 0 || exit_code == 128 + SIGPIPE)) exit_code = code;
  }
  if (exit_code == 0) return {};
  const std::string line = first_line(errors);
  return fail(ErrorCode::io, line.empty() ? fmt::format("exit code {}", exit_code) : line);
}

}  // namespace fanlight::host
