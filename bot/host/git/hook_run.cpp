// What git runs on a push: hand each updated reference to the bot, wait for its reviews, say what they say.
// The pusher sees every printed line as "remote: …", so lines are few, plain, and safe for a terminal. One
// deadline covers everything.
#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <cerrno>
#include <filesystem>

#include "fanlight/core/files.hpp"
#include "fanlight/core/task.hpp"
#include "fanlight/core/text.hpp"
#include "fanlight/host/git_repository.hpp"
#include "fanlight/host/hook.hpp"
#include "fanlight/net/client.hpp"
#include "git/process.hpp"
#include "git/push.hpp"
#include "git/settings.hpp"
#include "json.hpp"

namespace fanlight::host {
namespace {

constexpr std::size_t updates_max = 256;
constexpr std::size_t updates_bytes_max = 16 * 1024 * 1024;
constexpr std::size_t lines_max = 200;
constexpr std::size_t line_bytes_max = 500;
constexpr std::size_t answer_bytes_max = 1024 * 1024;
constexpr std::chrono::milliseconds ask_again{250};  // between two questions

struct Update {
  std::string delivery_id;
  Push push;
};

// What became of one update.
struct Outcome {
  enum class Kind { nothing, pass, fail, incomplete, down } kind = Kind::nothing;
  std::vector<std::string> lines;
};

struct Asking {
  net::Client& client;
  const HookSettings& settings;
  const Secret& secret;
  Deadline deadline;
};

std::string login() {
  for (const char* name : {"REMOTE_USER", "GL_USER", "GL_USERNAME", "LOGNAME", "USER"})
    if (auto value = environment(name); value && !value->empty()) return *value;
  std::array<char, 4096> buffer;
  passwd entry{}, *found = nullptr;
  if (::getpwuid_r(::getuid(), &entry, buffer.data(), buffer.size(), &found) == 0 && found)
    return entry.pw_name;
  return std::to_string(::getuid());
}

std::string quarantine_name(const HookRun& run) {
  return std::filesystem::path(run.quarantine).filename().string();
}

// "old new ref" lines; deletions have nothing to look at. False when a line is none.
bool parse_updates(std::string_view text, const HookRun& run, const std::string& repository, Random& random,
                   std::vector<Update>& out) {
  for (std::string_view line : split_lines(text)) {
    std::vector<std::string_view> words = split(line, ' ');
    if (words.size() < 3 || !is_object_id(words[0]) || !is_object_id(words[1])) return false;
    if (is_null_id(words[1])) continue;
    Update update;
    update.delivery_id = random.hex(16);
    update.push = {.repository = repository,
                   .ref = std::string(line.substr(words[0].size() + words[1].size() + 2)),
                   .old_id = std::string(words[0]),
                   .new_id = std::string(words[1]),
                   .pusher = run.pusher,
                   .quarantine = quarantine_name(run)};
    out.push_back(std::move(update));
  }
  return true;
}

Outcome down(std::string_view why) {
  return {.kind = Outcome::Kind::down, .lines = {printable_line(why, line_bytes_max)}};
}

Outcome unexpected_answer(const Asking& asking, const net::Response& answer) {
  std::string_view said = trim(answer.body);
  return down(
      fmt::format("{} answered {}: {}", asking.settings.url, answer.status, said.substr(0, said.find('\n'))));
}

Task<Result<net::Response>> send(Asking asking, net::Exchange exchange) {
  exchange.retry.attempts_max = 2;
  exchange.body_bytes_max = answer_bytes_max;
  auto sending = asking.client.send(std::move(exchange), asking.deadline);
  co_return co_await std::move(sending);
}

// What the bot made of a delivery: an outcome at once, or where the result will be (a path at the bot).
struct Delivered {
  std::optional<Outcome> outcome;
  std::string result_path;
};

Task<Delivered> deliver(Asking asking, Update update) {
  net::Exchange exchange;
  exchange.url = at_bot(asking.settings.url, "/hooks/git");
  exchange.request.method = "POST";
  exchange.request.body = to_json(update.push);
  exchange.request.headers.add("Content-Type", "application/json");
  exchange.request.headers.add(std::string(push_event_header), "push");
  exchange.request.headers.add(std::string(push_delivery_header), update.delivery_id);
  exchange.request.headers.add(std::string(push_signature_header),
                               sign(asking.secret, exchange.request.body));
  exchange.repeatable = true;  // the delivery id makes it so
  auto sending = send(asking, std::move(exchange));
  auto answer = co_await std::move(sending);
  if (!answer) co_return Delivered{.outcome = down(answer.error().text), .result_path = {}};
  if (answer->status != 200 && answer->status != 202)
    co_return Delivered{.outcome = unexpected_answer(asking, *answer), .result_path = {}};
  std::string_view place = answer->headers.get("Location");
  if (!place.starts_with('/')) co_return Delivered{.outcome = Outcome{}, .result_path = {}};  // "ignored: …"
  co_return Delivered{.outcome = {}, .result_path = std::string(place)};
}

Outcome read_result(std::string_view body) {
  auto document = JsonDocument::parse(body);
  if (!document) return down("the bot's answer: " + document.error().text);
  Json json = document->root();
  if (json["state"].text() != "done") return down("the bot's answer says neither done nor waiting");
  Outcome outcome;
  std::string_view verdict = json["verdict"].text();
  outcome.kind = verdict == "pass"   ? Outcome::Kind::pass
                 : verdict == "fail" ? Outcome::Kind::fail
                                     : Outcome::Kind::incomplete;
  for (std::string_view line : split_lines(json["text"].text())) {
    if (outcome.lines.size() == lines_max) {
      outcome.lines.push_back("…");
      break;
    }
    outcome.lines.push_back(printable_line(line, line_bytes_max));
  }
  std::string_view url = json["url"].text();
  if (!url.empty() && json["text"].text().find(url) == std::string_view::npos)
    outcome.lines.push_back(printable_line(url, line_bytes_max));
  return outcome;
}

Task<Outcome> await_result(Asking asking, std::string result_path) {
  while (!asking.deadline.expired()) {
    net::Exchange exchange;
    exchange.url = at_bot(asking.settings.url, result_path);
    auto asked_at = Deadline::after(ask_again);
    auto sending = send(asking, std::move(exchange));
    auto answer = co_await std::move(sending);
    if (!answer && answer.error().code == ErrorCode::timeout) break;
    if (!answer) co_return down(answer.error().text);
    if (answer->status == 200) co_return read_result(answer->body);
    if (answer->status != 202) co_return unexpected_answer(asking, *answer);
    auto pausing = sleep_for(std::min(asked_at.remaining(), asking.deadline.remaining()));
    co_await std::move(pausing);
  }
  co_return down(fmt::format("the review took more than {} seconds", asking.settings.wait.count()));
}

// Every update is delivered before the first is waited for: the bot looks at them side by side.
Task<std::vector<Outcome>> ask(Asking asking, std::vector<Update> updates, bool wait) {
  std::vector<Outcome> outcomes;
  std::vector<std::string> results;  // beside `outcomes`; empty: nothing to wait for
  for (const Update& update : updates) {
    auto delivering = deliver(asking, update);
    auto delivered = co_await std::move(delivering);
    outcomes.push_back(delivered.outcome.value_or(Outcome{}));
    results.push_back(std::move(delivered.result_path));
    if (outcomes.back().kind == Outcome::Kind::down)
      co_return outcomes;  // it will not answer the others either
  }
  for (std::size_t i = 0; i < results.size() && wait; ++i) {
    if (results[i].empty()) continue;
    auto awaiting = await_result(asking, results[i]);
    outcomes[i] = co_await std::move(awaiting);
    if (outcomes[i].kind == Outcome::Kind::down) break;
  }
  co_return outcomes;
}

struct Prepared {
  HookSettings settings;
  Secret secret;
  std::vector<Update> updates;
};

Result<Prepared> prepare(const HookRun& run, std::string_view text, Random& random) {
  Deadline deadline = Deadline::after(std::chrono::seconds(30));
  auto repository = GitRepository::open(run.repository, GitTrust::anybody, deadline);
  if (!repository) return std::unexpected(repository.error());
  auto settings = read_hook_settings(*repository, deadline);
  if (!settings) return std::unexpected(settings.error());
  auto secret = read_hook_secret(settings->secret_file);
  if (!secret) return std::unexpected(secret.error());
  Prepared prepared{.settings = std::move(*settings), .secret = std::move(*secret), .updates = {}};
  const std::string& name = prepared.settings.name.empty() ? repository->git_dir() : prepared.settings.name;
  if (!parse_updates(text, run, name, random, prepared.updates))
    return fail(ErrorCode::bad_input, "the input is not \"old new ref\" lines as git gives them to a hook");
  // An annotated tag is an object of its own; what is looked at, and asked for later, is the commit it names.
  if (!run.quarantine.empty()) (void)repository->read_quarantine(quarantine_name(run));
  for (Update& update : prepared.updates)
    if (update.push.ref.starts_with("refs/tags/"))
      if (auto commit = repository->resolve(update.push.new_id, deadline))
        update.push.new_id = std::move(*commit);
  return prepared;
}

Result<std::vector<Outcome>> ask_all(const Prepared& prepared, bool wait, Random& random) {
  boost::asio::io_context io;
  net::ClientConfig config;
  config.user_agent = "fanlight-hook";
  config.read_idle_ms = prepared.settings.wait;  // an answer comes when the review is done
  auto client = net::Client::make(io.get_executor(), config, random);
  if (!client) return std::unexpected(client.error());
  Asking asking{.client = **client,
                .settings = prepared.settings,
                .secret = prepared.secret,
                .deadline = Deadline::after(prepared.settings.wait)};
  std::vector<Outcome> outcomes;
  auto body = [](Asking what, std::vector<Update> updates, bool waits, std::vector<Outcome>& out) -> Task<> {
    auto asking_all = ask(what, std::move(updates), waits);
    out = co_await std::move(asking_all);
  };
  boost::asio::co_spawn(io, body(asking, prepared.updates, wait, outcomes), [&io](std::exception_ptr error) {
    io.stop();
    if (error) std::rethrow_exception(error);
  });
  io.run();
  return outcomes;
}

}  // namespace

HookRun hook_run_from_environment(std::string event) {
  HookRun run;
  run.event = std::move(event);
  run.quarantine = environment("GIT_QUARANTINE_PATH").value_or("");
  run.pusher = login();
  return run;
}

int run_hook(const HookRun& run, std::string_view updates, Random& random,
             const std::function<void(std::string_view line)>& print) {
  bool before = run.event == "pre-receive";
  auto prepared = prepare(run, updates, random);
  // Without settings nobody can say what --when-down was: a hook that is not set up right must not block a
  // team.
  if (!prepared) {
    print("fanlight: " + printable_line(prepared.error().text, line_bytes_max) + ": pushed without a review");
    return 0;
  }
  bool refuse_when_down = before && prepared->settings.when_down == WhenDown::refuse;
  auto not_reviewed = [&](std::string_view why) {
    print(fmt::format(
        "fanlight: {}: {}", why,
        refuse_when_down ? "the push is refused, try again later" : "pushed without a full review"));
    return refuse_when_down ? 1 : 0;
  };
  if (prepared->updates.empty()) return 0;
  int exit_code = 0;
  if (prepared->updates.size() > updates_max) {
    exit_code = not_reviewed(fmt::format("{} references at once, the first {} are looked at",
                                         prepared->updates.size(), updates_max));
    prepared->updates.resize(updates_max);
  }
  // With enforce the pusher has seen the review already; now the bot only learns that the push is in.
  bool wait = before || !prepared->settings.enforce;
  auto outcomes = ask_all(*prepared, wait, random);
  if (!outcomes)
    return std::max(exit_code, not_reviewed(printable_line(outcomes.error().text, line_bytes_max)));
  if (!wait) return 0;

  bool refused = false;
  for (std::size_t i = 0; i < outcomes->size(); ++i) {
    const Outcome& outcome = (*outcomes)[i];
    if (outcome.kind == Outcome::Kind::down) {
      exit_code = std::max(exit_code, not_reviewed(outcome.lines.front()));
      continue;
    }
    if (outcomes->size() > 1 && !outcome.lines.empty())
      print(printable_line(prepared->updates[i].push.ref, line_bytes_max) + ":");
    for (const std::string& line : outcome.lines) print(line);
    if (outcome.kind == Outcome::Kind::incomplete) exit_code = std::max(exit_code, refuse_when_down ? 1 : 0);
    if (outcome.kind == Outcome::Kind::fail && before) refused = true;
  }
  if (refused) print("The push was refused: nothing of it is in the repository.");
  return refused ? 1 : exit_code;
}

int run_hook(std::string event) {
  std::string updates;
  std::array<char, 64 * 1024> buffer;
  ssize_t got = 0;
  while (updates.size() <= updates_bytes_max &&
         ((got = ::read(STDIN_FILENO, buffer.data(), buffer.size())) > 0 || (got < 0 && errno == EINTR)))
    if (got > 0) updates.append(buffer.data(), static_cast<std::size_t>(got));
  SystemRandom random;
  return run_hook(hook_run_from_environment(std::move(event)), updates, random, [](std::string_view line) {
    std::string text(line);
    text += '\n';
    [[maybe_unused]] ssize_t written = ::write(STDERR_FILENO, text.data(), text.size());
  });
}

}  // namespace fanlight::host
