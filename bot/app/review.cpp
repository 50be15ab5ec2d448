// One change to a record: fetch, scan, evaluate, plan, publish.
#include <algorithm>

#include "bearing.hpp"
#include "fanlight/app/ignores.hpp"
#include "fanlight/app/layout.hpp"
#include "fanlight/app/pages.hpp"
#include "fanlight/core/hash.hpp"
#include "fanlight/core/log.hpp"
#include "fanlight/coupling/lexicon.hpp"
#include "fanlight/policy/plan.hpp"
#include "job.hpp"

namespace fanlight::app {

namespace {

constexpr std::size_t context_files_max = 20;

Task<Result<ScanOutcome>> scan(Work& work, const Scanner& scanner, const Snapshot& snapshot,
                               const ScanSettings& settings) {
  auto running = on_pool(work.services.scan_pool, [&scanner, &snapshot, &settings] {
    auto scratch = scanner.engine().make_scratch();
    return scanner.scan_change(snapshot, settings, scratch);
  });
  co_return co_await std::move(running);
}

// Adds the text of files at the head. Without it what needs it is judged by less, which is no reason to fail.
Task<bool> add_files(Work& work, Snapshot& snapshot, std::vector<std::string> paths) {
  auto fetching =
      work.host.fetch_files(snapshot.change, std::move(paths), work.services.config.limits, work.deadline);
  auto files = co_await std::move(fetching);
  if (!files) {
    log::warn("context not fetched", {{"change", work.job.display}, {"error", files.error().text}});
    co_return false;
  }
  snapshot.files.merge(*files);
  co_return true;
}

// Once on what came with the diff; once more with the full text of the files whose findings need context.
Task<Result<ScanOutcome>> scan_with_context(Work& work, const Scanner& scanner, Snapshot& snapshot,
                                            ScanSettings& settings) {
  if (auto evidence = layout_evidence(snapshot); !evidence.empty()) {
    auto adding = add_files(work, snapshot, std::move(evidence));
    co_await std::move(adding);
  }
  settings.layers.repository = read_layout(snapshot);
  auto first = scan(work, scanner, snapshot, settings);
  Result<ScanOutcome> outcome = co_await std::move(first);
  if (!outcome || outcome->wants_files.empty()) co_return outcome;
  std::vector<std::string> paths = outcome->wants_files;
  if (paths.size() > context_files_max) paths.resize(context_files_max);
  auto adding = add_files(work, snapshot, std::move(paths));
  // Without: the findings stand; they are judged by their hunks alone.
  if (const bool added = co_await std::move(adding); !added) co_return outcome;
  auto second = scan(work, scanner, snapshot, settings);
  co_return co_await std::move(second);
}

policy::PolicyRead read_repository_policy(const Services& services, const Snapshot& snapshot) {
  const auto found = snapshot.policy_files.find(std::string(policy::policy_path));
  return repository_policy(services, found == snapshot.policy_files.end() ? nullptr : &found->second);
}

// What the base commit says to leave alone. A second look at the host, only for a policy that asks for it.
Task<Result<Ignores>> fetch_ignores(Work& work, const Snapshot& snapshot, const policy::Policy& policy) {
  std::vector<std::string> paths = ignore_files(policy);
  if (paths.empty()) co_return read_ignores(policy, {});
  Change base = snapshot.change;
  base.head_sha = base.base_sha;
  auto fetching = work.host.fetch_files(base, std::move(paths), work.services.config.limits, work.deadline);
  auto files = co_await std::move(fetching);
  if (!files) co_return std::unexpected(files.error());
  co_return read_ignores(policy, *files);
}

// The scanner with the rules of the repository's own policy. Rules that cannot be used are a problem of the
// policy; the change is judged by the others.
Task<Result<std::shared_ptr<const Scanner>>> scanner_for(Work& work, policy::PolicyRead& read) {
  Services& services = work.services;
  auto making = on_pool(services.scan_pool, [&services, rules = read.policy.custom_rules] {
    return services.scanners.get(services.scanner, rules);
  });
  auto made = co_await std::move(making);
  if (made || made.error().code == ErrorCode::canceled) co_return made;
  read.problems.push_back(made.error().text);
  co_return services.scanners.get(services.scanner, {});
}

constexpr std::size_t asked_max = 20;  // of one change

// Asks the host who can see what the change depends on. What stays unknown is said in the sentence that comes
// back: no verdict depends on it, for an unknown repository is no finding.
Task<std::string> ask_visibility(Work& work, const Snapshot& snapshot, ScanSettings& settings) {
  Services& services = work.services;
  auto listing =
      on_pool(services.scan_pool, [&snapshot, &settings] { return repositories_to_ask(snapshot, settings); });
  const std::vector<std::string> names = co_await std::move(listing);
  std::size_t asked = 0, unknown = 0;
  bool failed = false;
  for (const std::string& name : names) {
    const TimePoint now = services.clock.now();
    if (const auto known = services.visibility.find(work.host.name(), name, now)) {
      settings.visibility.asked.insert_or_assign(name, *known);
      continue;
    }
    if (failed || asked == asked_max) {
      ++unknown;
      continue;
    }
    auto asking = work.host.fetch_visibility(snapshot.change.ref, name, work.deadline);
    const auto is_public = co_await std::move(asking);
    if (!is_public) {
      log::warn("visibility not asked", {{"change", work.job.display}, {"error", is_public.error().text}});
      failed = true;
      ++unknown;
    } else if (*is_public) {
      ++asked;
      settings.visibility.asked.insert_or_assign(name, **is_public);
      services.visibility.put(work.host.name(), name, **is_public, now);
    }
  }
  if (unknown == 0) co_return std::string();
  co_return "I could not find out whether everybody can see " + std::to_string(unknown) + " of the " +
      std::to_string(names.size()) + " repositories that this depends on. `/fanlight recheck` asks again.";
}

// Ours, from the store, where the host did not list them.
void merge_posted(std::vector<Posted>& into, std::vector<Posted> from) {
  for (Posted& posted : from) {
    const bool known = std::any_of(into.begin(), into.end(), [&](const Posted& p) {
      return p.marker == posted.marker && p.kind == posted.kind;
    });
    if (!known) into.push_back(std::move(posted));
  }
}

// Publishing is opened and closed in the store. Whoever finds it open knows that an earlier job, perhaps of
// an earlier life of the process, may have posted what the store does not know of, and asks the host before
// posting.
constexpr std::string_view publishing_marker = "publishing";

Task<Result<void>> set_publishing(Work& work, bool open) {
  store::Store& store = work.services.store;
  const Posted posted{PostedKind::verdict, "", std::string(publishing_marker), "", open ? "open" : "closed"};
  auto writing =
      in_store(work, [&store, key = work.job.change_key, posted] { return store.put_posted({key, posted}); });
  co_return co_await std::move(writing);
}

// True when publishing was left open; the entry itself is nothing that was posted.
bool take_publishing(std::vector<Posted>& posted) {
  bool open = false;
  std::erase_if(posted, [&](const Posted& one) {
    if (one.marker != publishing_marker) return false;
    open = open || one.digest == "open";
    return true;
  });
  return open;
}

// A host keeps a status under ids of its own; what the next plan asks is whether the same was said of the
// same head.
void remember_status(const SetStatus& status, host::Applied& applied) {
  std::erase_if(applied.posted, [](const Posted& posted) { return posted.kind == PostedKind::verdict; });
  applied.posted.push_back(
      {PostedKind::verdict, "", "status", status.head_sha, policy::status_digest(status)});
}

// Does one action and writes down what now stands.
Task<Result<host::Applied>> apply(Work& work, const Snapshot& snapshot, Action action, Record& record) {
  auto applying = post(work, snapshot.change, snapshot.diff, action, work.interrupted);
  Result<host::Applied> applied = co_await std::move(applying);
  work.services.metrics.action(action_name(action), applied.has_value());
  if (!applied) co_return applied;
  if (const auto* status = std::get_if<SetStatus>(&action)) remember_status(*status, *applied);
  store::Store& store = work.services.store;
  for (const Posted& posted : applied->posted) {
    auto writing = in_store(
        work, [&store, key = work.job.change_key, posted] { return store.put_posted({key, posted}); });
    auto written = co_await std::move(writing);
    if (!written) co_return std::unexpected(written.error());
  }
  record.done.push_back({std::string(action_name(action)), applied->detail, applied->url});
  co_return applied;
}

// A comment that the host will not anchor is written down as such: it is not tried again at this head.
Task<Result<void>> remember_refused(Work& work, const Snapshot& snapshot,
                                    std::vector<InlineComment> refused) {
  store::Store& store = work.services.store;
  for (const InlineComment& comment : refused) {
    const Posted posted{PostedKind::inline_comment, "", comment.marker, snapshot.change.head_sha, ""};
    auto writing = in_store(
        work, [&store, key = work.job.change_key, posted] { return store.put_posted({key, posted}); });
    auto written = co_await std::move(writing);
    if (!written) co_return written;
  }
  co_return Result<void>{};
}

Task<Result<void>> publish(Work& work, const Snapshot& snapshot, const policy::PlanInput& input,
                           Record& record) {
  std::vector<Action> actions = policy::plan(input);
  if (actions.empty()) co_return Result<void>{};
  if (!work.interrupted) {
    auto opening = set_publishing(work, true);
    if (auto opened = co_await std::move(opening); !opened) co_return opened;
  }
  std::vector<InlineComment> refused;
  bool in_summary = true;  // what was refused stands in the summary
  for (Action& action : actions) {
    // The summary comes after the review in every plan.
    if (!refused.empty() && std::holds_alternative<PutSummary>(action)) {
      action = policy::summary_with_refused(input, refused);
      in_summary = true;
    }
    auto applying = apply(work, snapshot, action, record);
    auto applied = co_await std::move(applying);
    if (!applied) co_return std::unexpected(applied.error());
    if (applied->refused.empty()) continue;
    in_summary = false;
    std::move(applied->refused.begin(), applied->refused.end(), std::back_inserter(refused));
  }
  if (!in_summary) {
    const Action summary = policy::summary_with_refused(input, refused);
    auto applying = apply(work, snapshot, summary, record);
    auto applied = co_await std::move(applying);
    if (!applied) co_return std::unexpected(applied.error());
  }
  auto remembering = remember_refused(work, snapshot, std::move(refused));
  if (auto remembered = co_await std::move(remembering); !remembered) co_return remembered;
  // What an interrupted job posted may be about a finding that is gone now and comes back later: such a
  // change stays open, and costs a look at the host before each post.
  if (work.interrupted) co_return Result<void>{};
  auto closing = set_publishing(work, false);
  co_return co_await std::move(closing);
}

Record make_record(Work& work, const Snapshot& snapshot, TimePoint started) {
  const Change& change = snapshot.change;
  Record out;
  // One page per change and head: looking again renews it, and a link that was posted stays right.
  out.id = to_hex(hmac_sha256(work.services.config.key.reveal(),
                              "record\n" + work.job.change_key + '\n' + change.head_sha))
               .substr(0, 32);
  out.change = change.ref;
  out.title = change.title;
  out.author = change.author;
  out.base_sha = change.base_sha;
  out.head_sha = change.head_sha;
  out.web_url = change.web_url;
  out.created = started;
  return out;
}

// What is written down is what may be shown: the record, and with it the page, and all that is rendered.
Task<> pass_gate(Work& work, Record& record, Change& change) {
  auto cleaning = on_pool(work.services.scan_pool, [&gate = *work.gate, &record, &change] {
    record.review = gate.clean(std::move(record.review));
    for (std::string* text :
         {&record.title, &record.author, &change.title, &change.author, &change.base_ref, &change.head_ref})
      *text = gate.clean(*text);
  });
  co_await std::move(cleaning);
}

}  // namespace

Task<Result<Done>> review(Work& work, Event event) {
  Services& services = work.services;
  const TimePoint now = services.clock.now();
  auto fetching =
      work.host.fetch(event, {std::string(policy::policy_path)}, services.config.limits, work.deadline);
  Result<Snapshot> snapshot = co_await std::move(fetching);
  if (!snapshot) co_return std::unexpected(snapshot.error());
  if (!snapshot->change.open) co_return Done{};

  policy::PolicyRead read = read_repository_policy(services, *snapshot);
  auto asking_base = fetch_ignores(work, *snapshot, read.policy);
  Result<Ignores> ignores = co_await std::move(asking_base);
  if (!ignores) co_return std::unexpected(ignores.error());
  std::ranges::move(ignores->problems, std::back_inserter(read.problems));
  store::Store& store = services.store;
  const std::string scope = waiver_scope(snapshot->change.ref);
  auto remembering = in_store(work, [&store, scope] { return store.terms(scope); });
  auto stored_terms = co_await std::move(remembering);
  if (!stored_terms) co_return std::unexpected(stored_terms.error());
  std::vector<LexiconTerm> said;
  for (auto& stored : *stored_terms) said.push_back(std::move(stored.term));
  add_confirmed(read.policy.lexicon, said);
  auto choosing = scanner_for(work, read);
  auto scanner = co_await std::move(choosing);
  if (!scanner) co_return std::unexpected(scanner.error());
  ScanSettings settings = (*scanner)->settings(read.policy);
  settings.allow_list = ignores->allow_list;
  std::ranges::copy(settings.problems, std::back_inserter(read.problems));
  work.gate = make_gate(services, *scanner, settings);
  auto asking_host = ask_visibility(work, *snapshot, settings);
  const std::string unasked = co_await std::move(asking_host);
  auto scanning = scan_with_context(work, **scanner, *snapshot, settings);
  Result<ScanOutcome> outcome = co_await std::move(scanning);
  if (!outcome) co_return std::unexpected(outcome.error());

  auto reading = in_store(work, [&store, scope] { return store.waivers(scope); });
  auto waivers = co_await std::move(reading);
  if (!waivers) co_return std::unexpected(waivers.error());
  auto listing = in_store(work, [&store, key = work.job.change_key] { return store.posted(key); });
  auto posted = co_await std::move(listing);
  if (!posted) co_return std::unexpected(posted.error());
  work.interrupted = take_publishing(*posted);
  merge_posted(snapshot->posted, std::move(*posted));

  policy::EvaluateInput judged;
  judged.findings = std::move(outcome->findings);
  judged.policy = read.policy;
  judged.problems = std::move(read.problems);
  for (auto& stored : *waivers) judged.waivers.push_back(std::move(stored.waiver));
  judged.allows = std::move(outcome->allows);
  judged.missing = std::move(outcome->missing);
  judged.scanned = std::move(outcome->scanned);
  judged.now = now;
  judged.baseline = std::move(ignores->baseline);
  judged.key_id = services.scanner.key_id();
  judged.empty_change = outcome->empty_change;

  Record record = make_record(work, *snapshot, now);
  record.review = policy::evaluate(std::move(judged));
  record.contexts = std::move(outcome->contexts);
  Change shown = snapshot->change;
  if (!unasked.empty()) record.review.notices.push_back(unasked);
  auto weighing = on_pool(services.scan_pool, [&] {
    record.review.steps = module_steps(record.review);
    record.review.proposals = propose_names(*snapshot, read.policy, said, services.config.key);
  });
  co_await std::move(weighing);
  auto passing = pass_gate(work, record, shown);
  co_await std::move(passing);

  auto asking = in_store(work, [&store, job = work.job] { return store.superseded(job); });
  auto superseded = co_await std::move(asking);
  if (!superseded) co_return std::unexpected(superseded.error());
  if (*superseded) co_return Done{JobEnd::superseded, std::nullopt};

  policy::PlanInput input;
  input.change = std::move(shown);
  input.diff = snapshot->diff;
  input.review = record.review;
  input.posted = snapshot->posted;
  input.capabilities = work.host.capabilities();
  input.policy = read.policy;
  input.page_url = services.public_url +
                   review_path(record.id, link_until(now, services.config.link_valid), services.config.key);
  input.forced = event.forced;
  auto publishing = publish(work, *snapshot, input, record);
  auto published = co_await std::move(publishing);
  if (!published) co_return std::unexpected(published.error());
  record.took_ms = static_cast<std::uint32_t>((services.clock.now() - now).count());
  services.metrics.verdict(to_string(record.review.verdict));
  co_return Done{JobEnd::done, std::move(record)};
}

}  // namespace fanlight::app
