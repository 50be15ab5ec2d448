// The plain git host: the port over push.hpp (bytes to event) and fetch.hpp (event to snapshot). git is run
// on a small pool of its own, so that the io thread never waits for a process.
#include <fmt/format.h>

#include <boost/asio/thread_pool.hpp>
#include <filesystem>

#include "fanlight/host/git_repository.hpp"
#include "fanlight/host/host.hpp"
#include "git/fetch.hpp"
#include "git/process.hpp"
#include "git/push.hpp"

namespace fanlight::host {
namespace {

// A child process each; git itself uses the other cores.
constexpr std::size_t git_threads = 2;
constexpr std::size_t note_bytes_max = 256 * 1024;

Capabilities plain_git() {
  return {.inline_comments = false,
          .suggestions = false,
          .reactions = false,
          .comments = false,
          .summary = true,
          .summary_always = true,
          .annotations = false,
          .comment_bytes_max = note_bytes_max};
}

class GitHost final : public Host {
 public:
  GitHost(GitConfig config, DiffParser parser)
      : config_(std::move(config)),
        parser_(std::move(parser)),
        capabilities_(plain_git()),
        pool_(git_threads) {}
  ~GitHost() override { pool_.join(); }

  const std::string& name() const override { return config_.name; }
  const Capabilities& capabilities() const override { return capabilities_; }

  Result<Received> receive(const net::Request& request) const override {
    auto delivery = verify_push(request, config_.hook_secret, config_.name);
    if (!delivery) return std::unexpected(delivery.error());
    auto event = decode(*delivery);
    if (!event) return std::unexpected(event.error());
    return Received{.delivery = std::move(*delivery), .event = std::move(*event)};
  }

  Result<Event> decode(const Delivery& delivery) const override {
    return decode_push(delivery, config_.root, config_.notes_ref);
  }

  Task<Result<Snapshot>> fetch(Event event, std::vector<std::string> policy_paths, FetchLimits limits,
                               Deadline deadline) override {
    auto work = [this, event = std::move(event), policy_paths = std::move(policy_paths), limits, deadline] {
      return fetch_push(config_.root, config_.notes_ref, event, policy_paths, limits, parser_, deadline);
    };
    auto running = on_pool(pool_, std::move(work));
    co_return co_await std::move(running);
  }

  Task<Result<std::map<std::string, std::string>>> fetch_files(const Change& change,
                                                               std::vector<std::string> paths,
                                                               FetchLimits limits,
                                                               Deadline deadline) override {
    auto work = [this, ref = change.ref, head = change.head_sha, paths = std::move(paths), limits,
                 deadline]() -> Result<std::map<std::string, std::string>> {
      auto repository = open_change(config_.root, ref, head, deadline);
      if (!repository) return std::unexpected(repository.error());
      auto files = repository->files(head, paths, limits.file_bytes_max, 4 * limits.file_bytes_max, deadline);
      if (!files) return std::unexpected(files.error());
      std::map<std::string, std::string> result;
      for (auto& [path, file] : *files)
        if (file.text) result.emplace(path, std::move(*file.text));
      return result;
    };
    auto running = on_pool(pool_, std::move(work));
    co_return co_await std::move(running);
  }

  // Nobody writes comments here, and git itself does not know who may push.
  Task<Result<Permission>> fetch_permission(ChangeRef, std::string, Deadline) override {
    co_return Permission::none;
  }

  Task<Result<Applied>> apply(const Change& change, const Diff&, Action action, bool,
                              Deadline deadline) override {
    auto* summary = std::get_if<PutSummary>(&action);
    if (!summary)
      co_return Applied{.posted = {}, .url = {}, .detail = "shown on the review's page", .refused = {}};
    auto work = [this, ref = change.ref, summary = std::move(*summary), deadline] {
      return put_summary(ref, summary, deadline);
    };
    auto running = on_pool(pool_, std::move(work));
    co_return co_await std::move(running);
  }

  std::string describe() const override { return "git repositories below " + config_.root; }

 private:
  // Looks before it writes, so doing it again changes nothing. A review does not fail because its note could
  // not be left: the page and the pusher have it.
  Result<Applied> put_summary(const ChangeRef& ref, const PutSummary& summary, Deadline deadline) const {
    auto said = [](std::string detail) {
      return Applied{.posted = {}, .url = {}, .detail = std::move(detail), .refused = {}};
    };
    auto repository = open_below(config_.root, ref.repository, deadline);
    if (!repository) return std::unexpected(repository.error());
    auto there = repository->has_commit(summary.head_sha, deadline);
    if (!there) return std::unexpected(there.error());
    if (!*there) return said("no note: the push is not accepted yet");
    std::string text = summary.body;
    if (!text.ends_with('\n')) text += '\n';
    auto standing = repository->note(config_.notes_ref, summary.head_sha, deadline);
    if (!standing) return std::unexpected(standing.error());
    if (*standing == text) return said("note unchanged");
    auto written = repository->put_note(config_.notes_ref, summary.head_sha, text, deadline);
    if (!written && written.error().code == ErrorCode::forbidden)
      return said("no note: " + written.error().text);
    if (!written) return std::unexpected(written.error());
    return said(
        fmt::format("note {} on {}", *standing ? "edited" : "written", summary.head_sha.substr(0, 12)));
  }

  GitConfig config_;
  DiffParser parser_;
  Capabilities capabilities_;
  mutable boost::asio::thread_pool pool_;
};

}  // namespace

Result<std::unique_ptr<Host>> make_git(GitConfig config, Executor, Clock&, DiffParser parser) {
  if (config.hook_secret.empty())
    return fail(ErrorCode::bad_input, "git: hook_secret is empty: give the secret that the hooks sign with");
  if (!is_ref_name(config.notes_ref) || !config.notes_ref.starts_with("refs/notes/"))
    return fail(ErrorCode::bad_input, "git: notes_ref: \"" + printable_line(config.notes_ref, 100) +
                                          "\" is no reference below refs/notes/");
  std::error_code error;
  std::string root = std::filesystem::canonical(config.root, error).string();
  if (error || root == "/" || !std::filesystem::is_directory(root, error))
    return fail(ErrorCode::not_found,
                fmt::format("git: root {}: {}: name the folder that holds the repositories",
                            printable_line(config.root, 200),
                            root == "/" ? "not the whole machine" : "no such folder"));
  config.root = std::move(root);
  return std::make_unique<GitHost>(std::move(config), std::move(parser));
}

}  // namespace fanlight::host
