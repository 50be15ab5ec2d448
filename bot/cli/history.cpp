// One thread reads what git prints and hands it on in batches; the others scan. What they found is kept by
// fingerprint: the same secret in a hundred versions of a file is one finding, with a list of the contents
// that hold it. Which commits brought and took those is asked last, in one more pass, and only when there is
// something to ask about. Memory grows with what is found, not with the history.
#include "history.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <thread>
#include <unordered_map>

#include "fanlight/app/archive.hpp"
#include "fanlight/app/layout.hpp"
#include "fanlight/coupling/change.hpp"
#include "fanlight/host/git_repository.hpp"

namespace fanlight::cli {

namespace {

constexpr std::chrono::hours time_max{12};
constexpr std::size_t blob_bytes_max = 64 * 1024 * 1024;
constexpr std::size_t message_bytes_max = 1024 * 1024;
constexpr std::size_t evidence_bytes_max = 64 * 1024 * 1024;
constexpr std::size_t batch_bytes = 256 * 1024;
constexpr std::size_t queue_bytes_max = 32 * 1024 * 1024;
constexpr std::size_t named_max = 1000;  // of what was skipped; the rest is counted

struct Item {
  host::GitObject object;
  std::uint64_t number = 0;        // in the order that git gave
  std::vector<std::string> paths;  // at HEAD; empty: it is not there
};
using Batch = std::vector<Item>;

// Bounded by bytes: git waits when the scanners are behind.
class Queue {
 public:
  void put(Batch batch, std::size_t bytes) {
    std::unique_lock lock(mutex_);
    room_.wait(lock, [&] { return bytes_ == 0 || bytes_ + bytes <= queue_bytes_max; });
    bytes_ += bytes;
    batches_.emplace_back(std::move(batch), bytes);
    some_.notify_one();
  }
  // Nothing when there will be no more.
  std::optional<Batch> take() {
    std::unique_lock lock(mutex_);
    some_.wait(lock, [&] { return closed_ || !batches_.empty(); });
    if (batches_.empty()) return std::nullopt;
    auto [batch, bytes] = std::move(batches_.front());
    batches_.erase(batches_.begin());
    bytes_ -= bytes;
    room_.notify_one();
    return std::move(batch);
  }
  void close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    some_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable room_, some_;
  std::vector<std::pair<Batch, std::size_t>> batches_;
  std::size_t bytes_ = 0;
  bool closed_ = false;
};

// One secret, or one coupling, wherever it stood.
struct Trace {
  std::vector<Finding> at_head;
  std::optional<Finding> newest;      // of those that HEAD does not have
  std::uint64_t number = UINT64_MAX;  // of `newest`
  std::set<std::string> blobs;
  std::string brought, brought_date, removed, removed_date;
};
using Traces = std::map<std::string, Trace>;  // by fingerprint

// What one thread found.
struct Found {
  Traces traces;
  app::ScanOutcome rest;  // all but findings
  std::uint64_t skipped = 0, missing = 0;
};

void add_named(std::vector<Missing>& to, std::uint64_t& count, Missing what) {
  if (++count <= named_max) to.push_back(std::move(what));
}

void add_trace(Traces& traces, Finding finding, const Item& item) {
  Trace& trace = traces[finding.fingerprint];
  trace.blobs.insert(item.object.id);
  if (!item.paths.empty()) {
    trace.at_head.push_back(std::move(finding));
  } else if (item.number < trace.number) {
    trace.number = item.number;
    trace.newest = std::move(finding);
  }
}

// Nothing that tells: it weighs only while it stands.
bool couples_only(const Finding& finding) {
  return finding.kind == FindingKind::coupling &&
         (!finding.axes.disclosure || finding.severity < Severity::warn);
}

void scan_item(const app::Scanner& scanner, const app::ScanSettings& settings, const Item& item,
               detect::Engine::Scratch& scratch, Found& out) {
  const host::GitObject& object = item.object;
  const std::string name =
      fmt::format("{} ({})", object.path.empty() ? "a file" : object.path, object.id.substr(0, 10));
  if (!object.text) {
    const std::string why = object.type.empty()
                                ? "the clone does not have it"
                                : fmt::format("{} bytes, over the limit of {}", object.bytes, blob_bytes_max);
    return add_named(out.rest.missing, out.missing, {name, why});
  }
  const bool gone = item.paths.empty();
  for (const std::string& path : gone ? std::vector{object.path} : item.paths) {
    auto outcome = app::scan_content(scanner, path, *object.text, settings, scratch);
    if (gone) std::erase_if(outcome.findings, couples_only);
    for (Finding& finding : outcome.findings) add_trace(out.traces, std::move(finding), item);
    for (Missing& skipped : outcome.scanned.skipped)
      add_named(out.rest.scanned.skipped, out.skipped,
                {item.paths.empty() ? name : skipped.what, skipped.reason});
    out.rest.scanned.files += outcome.scanned.files;
    out.rest.scanned.bytes += outcome.scanned.bytes;
    std::move(outcome.missing.begin(), outcome.missing.end(), std::back_inserter(out.rest.missing));
    std::move(outcome.allows.begin(), outcome.allows.end(), std::back_inserter(out.rest.allows));
  }
}

void merge(Found& into, Found from) {
  for (auto& [fingerprint, trace] : from.traces) {
    Trace& to = into.traces[fingerprint];
    std::move(trace.at_head.begin(), trace.at_head.end(), std::back_inserter(to.at_head));
    to.blobs.merge(trace.blobs);
    if (trace.number < to.number) {
      to.number = trace.number;
      to.newest = std::move(trace.newest);
    }
  }
  app::merge_outcome(into.rest, std::move(from.rest));
  into.skipped += from.skipped;
  into.missing += from.missing;
}

// Keeps the marks apart, once each: a version of a file repeats those of the one before.
void sort_unique(std::vector<policy::AllowMark>& marks) {
  const auto key = [](const policy::AllowMark& mark) {
    return std::tie(mark.fingerprint, mark.mark, mark.reason, mark.path, mark.line);
  };
  std::ranges::sort(marks, {}, key);
  const auto repeats = std::ranges::unique(marks, {}, key);
  marks.erase(repeats.begin(), repeats.end());
}

Result<Found> scan_blobs(const app::Scanner& scanner, const host::GitRepository& repository,
                         const host::GitHistory& history, const std::multimap<std::string, std::string>& head,
                         const app::ScanSettings& settings, unsigned threads, Deadline deadline) {
  Queue queue;
  Found all;
  std::mutex mutex;
  const auto scan_some = [&] {
    auto scratch = scanner.engine().make_scratch();
    Found found;
    while (const auto batch = queue.take()) {
      for (const Item& item : *batch) scan_item(scanner, settings, item, scratch, found);
    }
    const std::lock_guard lock(mutex);
    merge(all, std::move(found));
  };
  if (threads == 0) threads = std::max(1u, std::thread::hardware_concurrency());
  std::vector<std::thread> scanners;
  for (unsigned i = 0; i < threads; ++i) scanners.emplace_back(scan_some);

  Batch batch;
  std::size_t bytes = 0;
  std::uint64_t number = 0;
  const auto hand_on = [&] {
    if (!batch.empty()) queue.put(std::exchange(batch, {}), std::exchange(bytes, 0));
  };
  auto read = repository.read_blobs(
      history, blob_bytes_max,
      [&](host::GitObject object) {
        Item item{std::move(object), number++, {}};
        for (auto [at, end] = head.equal_range(item.object.id); at != end; ++at)
          item.paths.push_back(at->second);
        bytes += item.object.text ? item.object.text->size() : 0;
        batch.push_back(std::move(item));
        if (bytes >= batch_bytes || batch.size() >= 1000) hand_on();
      },
      deadline);
  hand_on();
  queue.close();
  for (std::thread& scan : scanners) scan.join();
  if (!read) return std::unexpected(read.error());
  return all;
}

// Commits come after their children: the last one that brought a content is the oldest, the first one that
// took it the newest.
Result<void> attribute(const host::GitRepository& repository, const host::GitHistory& history, Traces& traces,
                       Deadline deadline) {
  std::unordered_map<std::string_view, std::vector<Trace*>> traces_of;
  for (auto& [fingerprint, trace] : traces) {
    for (const std::string& blob : trace.blobs) traces_of[blob].push_back(&trace);
  }
  if (traces_of.empty()) return {};
  return repository.read_changes(
      history,
      [&](const host::GitBlobChange& change) {
        const auto after = traces_of.find(change.after);
        if (after != traces_of.end()) {
          for (Trace* trace : after->second) {
            // Not when every side had it already, in an other version of the file.
            const bool had = std::ranges::all_of(
                change.before, [&](std::string_view id) { return trace->blobs.contains(std::string(id)); });
            if (had) continue;
            trace->brought = change.commit;
            trace->brought_date = change.date;
          }
        }
        for (const std::string_view id : change.before) {
          const auto before = traces_of.find(id);
          if (before == traces_of.end()) continue;
          for (Trace* trace : before->second) {
            if (!trace->removed.empty() || trace->blobs.contains(std::string(change.after))) continue;
            trace->removed = change.commit;
            trace->removed_date = change.date;
          }
        }
      },
      deadline);
}

// " In 1a2b3c4 2024-05-01, removed in 5d6e7f8 2024-06-02: still in the history."
std::string story_of(const Trace& trace, bool at_head) {
  if (trace.brought.empty()) return at_head ? "" : " Not at HEAD, but in the history.";
  std::string out = fmt::format(" In {} {}", trace.brought.substr(0, 7), trace.brought_date);
  if (at_head) return out + " and since.";
  if (trace.removed.empty()) return out + ": not at HEAD, but in the history.";
  return out + fmt::format(", removed in {} {}: still in the history.", trace.removed.substr(0, 7),
                           trace.removed_date);
}

void add_findings(Traces traces, app::ScanOutcome& out) {
  for (auto& [fingerprint, trace] : traces) {
    const bool at_head = !trace.at_head.empty();
    if (!at_head && trace.newest) trace.at_head.push_back(std::move(*trace.newest));
    for (Finding& finding : trace.at_head) {
      finding.at_head = at_head;
      if (!trace.brought.empty()) finding.commit = trace.brought;
      finding.message += story_of(trace, at_head);
      out.findings.push_back(std::move(finding));
    }
  }
}

Result<void> scan_messages(const app::Scanner& scanner, const host::GitRepository& repository,
                           const host::GitHistory& history, const app::ScanSettings& settings,
                           app::ScanOutcome& out, Deadline deadline) {
  auto scratch = scanner.engine().make_scratch();
  std::set<std::string> told;
  return repository.read_commits(
      history, message_bytes_max,
      [&](host::GitObject object) {
        const std::string name = object.type + " " + object.id.substr(0, 10);
        if (!object.text) {
          out.missing.push_back({name, "its message is over the limit, or the clone does not have it"});
          return;
        }
        ++out.scanned.commits;
        const std::size_t end = object.text->find("\n\n");
        if (end == std::string::npos) return;
        Snapshot words;
        words.commits.push_back({object.id, object.text->substr(end + 2), {}, {}, {}});
        auto found = scanner.scan_change(words, settings, scratch);
        for (Finding& finding : found.findings) {
          // A name that many messages repeat is one thing to decide about; a secret is told at each commit.
          const bool once = finding.kind == FindingKind::coupling;
          if (told.insert(finding.fingerprint + (once ? "" : object.id)).second)
            out.findings.push_back(std::move(finding));
        }
      },
      deadline);
}

void count_unnamed(std::vector<Missing>& list, std::uint64_t count) {
  if (count > named_max) {
    list.resize(std::min<std::size_t>(list.size(), named_max));
    list.push_back({fmt::format("{} more", count - list.size()), "not named one by one"});
  }
}

// What is known of the repository at HEAD: coupling is judged for what HEAD has alone.
Result<std::shared_ptr<const coupling::RepositoryPaths>> layout_at(const host::GitRepository& repository,
                                                                   const std::string& head,
                                                                   Deadline deadline) {
  auto paths = repository.list_files(head, deadline);
  if (!paths) return std::unexpected(paths.error());
  const auto evidence = app::layout_evidence(*paths);
  Snapshot snapshot;
  snapshot.paths = std::move(*paths);
  auto texts = repository.files(head, evidence, message_bytes_max, evidence_bytes_max, deadline);
  if (!texts) return std::unexpected(texts.error());
  for (auto& [path, file] : *texts) {
    if (file.text) snapshot.files.emplace(path, std::move(*file.text));
  }
  return app::read_layout(snapshot);
}

}  // namespace

void tell_survivors(app::ScanOutcome& outcome) {
  const detect::Rule& rule = coupling::change_rule("value-survives-in-history");
  for (Finding& finding : outcome.findings) {
    if (finding.kind != FindingKind::coupling || finding.at_head || finding.location.place != Place::file)
      continue;
    if (finding.rule == "org-unit-or-project-codename") continue;
    finding.rule = rule.id;
    finding.severity = rule.severity[static_cast<std::size_t>(finding.layer)];
    finding.axes = rule.axes;
    finding.remedy = rule.remedy;
    finding.suggestion.reset();
  }
}

Result<app::ScanOutcome> scan_history(const app::Scanner& scanner, const ScanOptions& options,
                                      const app::ScanSettings& settings, unsigned threads) {
  const Deadline deadline = Deadline::after(time_max);
  if (options.paths.size() > 1 || (!options.paths.empty() && !options.repository.empty()))
    return fail(ErrorCode::bad_input, "scan --history: one repository at a time");
  std::string directory = options.repository.empty() ? "." : options.repository;
  if (!options.paths.empty()) directory = options.paths.front();
  const auto repository = host::GitRepository::open(directory, host::GitTrust::user, deadline);
  if (!repository) return std::unexpected(repository.error());
  const auto history = repository->history(options.branches, options.since, deadline);
  if (!history) return std::unexpected(history.error());

  std::multimap<std::string, std::string> at_head;
  app::ScanSettings known = settings;
  if (const auto head = repository->resolve("HEAD", deadline)) {
    auto blobs = repository->tree_blobs(*head, deadline);
    if (!blobs) return std::unexpected(blobs.error());
    at_head = std::move(*blobs);
    auto layout = layout_at(*repository, *head, deadline);
    if (!layout) return std::unexpected(layout.error());
    known.layers.repository = std::move(*layout);
  }
  auto found = scan_blobs(scanner, *repository, *history, at_head, known, threads, deadline);
  if (!found) return std::unexpected(found.error());
  app::ScanOutcome out = std::move(found->rest);
  if (auto done = attribute(*repository, *history, found->traces, deadline); !done)
    return std::unexpected(done.error());
  add_findings(std::move(found->traces), out);
  if (auto done = scan_messages(scanner, *repository, *history, settings, out, deadline); !done)
    return std::unexpected(done.error());
  if (out.scanned.commits == 0 && out.scanned.files == 0)
    return fail(ErrorCode::not_found, "scan --history: the repository has no commit: nothing was checked");

  sort_unique(out.allows);
  const auto by_name = [](const Missing& missing) { return std::tie(missing.what, missing.reason); };
  std::ranges::sort(out.missing, {}, by_name);
  std::ranges::sort(out.scanned.skipped, {}, by_name);
  count_unnamed(out.missing, found->missing);
  count_unnamed(out.scanned.skipped, found->skipped);
  if (repository->is_shallow()) {
    out.missing.push_back({"the history before the oldest commit here",
                           "the clone is shallow: fetch all of it with git fetch --unshallow"});
  }
  out.whole_repository = options.branches.empty() && options.since.empty();
  out.history = true;
  return out;
}

}  // namespace fanlight::cli
