#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <thread>

#include "fanlight/core/files.hpp"
#include "fanlight/host/hook.hpp"
#include "fanlight/net/server.hpp"
#include "git/push.hpp"
#include "git/settings.hpp"
#include "unit/host/git_sandbox.hpp"

namespace fanlight::host {
namespace {

const std::string id_a(40, 'a'), id_b(40, 'b'), id_null(40, '0');

struct Repository : GitSandbox {
  Repository() {
    git("", {"init", "--quiet", "--bare", "infra.git"});
    install.repository = path("infra.git");
    install.binary = "/bin/true";
    install.secret_file = path("secrets/hook");
  }
  std::vector<std::string> installed() {
    auto done = install_hook(install, random);
    BOOST_REQUIRE_MESSAGE(done, done.error().text);
    return *done;
  }
  std::string hook(const std::string& name) const { return path("infra.git/hooks/" + name); }
  std::string text(const std::string& file) const { return read_file(file, 1 << 20).value_or(""); }
  std::string setting(const std::string& key) const { return git("infra.git", {"config", key}); }

  HookInstall install;
  SeededRandom random{7};
};

// Answers as the bot does, with what the test put in. One thread of its own.
struct FakeBot {
  FakeBot() {
    std::vector<net::Route> routes;
    routes.push_back({"POST", "/hooks/git", 1 << 20, [this](net::Request request) -> Task<net::Response> {
                        bodies.push_back(request.body);
                        signature_held = verify_push(request, key, "git").has_value();
                        net::Response response = net::make_response(hook_status, hook_answer);
                        if (hook_status == 202) response.headers.add("Location", "/result?change=a&sig=b");
                        co_return response;
                      }});
    routes.push_back({"GET", "/result", 0, [this](net::Request request) -> Task<net::Response> {
                        asked.push_back(request.target);
                        if (waiting_answers > 0) {
                          --waiting_answers;
                          co_return net::make_response(202, "{\"state\":\"waiting\"}");
                        }
                        co_return net::make_response(200, result);
                      }});
    net::ServerConfig config;
    config.listen = "127.0.0.1:0";
    auto listening = net::Server::listen(io.get_executor(), config, std::move(routes));
    BOOST_REQUIRE_MESSAGE(listening, listening.error().text);
    server = std::move(*listening);
    boost::asio::co_spawn(io, server->run(), [](std::exception_ptr) {});
    thread = std::thread([this] { io.run(); });
  }
  ~FakeBot() {
    io.stop();
    thread.join();
  }

  boost::asio::io_context io;
  std::unique_ptr<net::Server> server;
  std::thread thread;
  Secret key;
  unsigned hook_status = 202;
  std::string hook_answer = "queued\n", result;
  int waiting_answers = 0;
  std::vector<std::string> bodies, asked;
  bool signature_held = false;
};

struct Running : Repository {
  // The exit code; what was printed is in `lines`.
  int run(const std::string& event, const std::string& updates) {
    installed();
    bot.key = read_hook_secret(install.secret_file).value();
    HookRun what{.event = event, .repository = install.repository, .quarantine = quarantine, .pusher = "ada"};
    return run_hook(what, updates, random, [this](std::string_view line) { lines.emplace_back(line); });
  }
  Running() { install.url = "http://" + bot.server->address(); }

  std::string update(const std::string& ref = "refs/heads/topic") const {
    return id_a + " " + id_b + " " + ref + "\n";
  }

  FakeBot bot;
  std::string quarantine;
  std::vector<std::string> lines;
};

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

BOOST_AUTO_TEST_SUITE(git_hook_install)

BOOST_FIXTURE_TEST_CASE(writes_the_hook_its_settings_and_a_secret, Repository) {
  installed();
  BOOST_TEST(contains(text(hook("post-receive")), "exec '/bin/true' hook run --event post-receive\n"));
  auto mode = std::filesystem::status(hook("post-receive")).permissions();
  BOOST_TEST((mode == static_cast<std::filesystem::perms>(0755)));
  BOOST_TEST(!std::filesystem::exists(hook("pre-receive")));
  BOOST_TEST(setting("fanlight.url") == "http://127.0.0.1:8095");
  BOOST_TEST(setting("fanlight.whenDown") == "allow");
  BOOST_TEST(setting("fanlight.secretFile") == path("secrets/hook"));
  BOOST_TEST(text(path("secrets/hook")).size() == 65U);
  auto secret_mode = std::filesystem::status(path("secrets/hook")).permissions();
  BOOST_TEST((secret_mode == static_cast<std::filesystem::perms>(0600)));
}

BOOST_FIXTURE_TEST_CASE(doing_it_again_changes_nothing_and_keeps_the_secret, Repository) {
  installed();
  std::string secret = text(path("secrets/hook")), script = text(hook("post-receive"));
  installed();
  BOOST_TEST(text(path("secrets/hook")) == secret);
  BOOST_TEST(text(hook("post-receive")) == script);
  BOOST_TEST(setting("fanlight.url") == "http://127.0.0.1:8095");
}

BOOST_FIXTURE_TEST_CASE(enforcing_can_be_switched_on_and_off, Repository) {
  install.enforce = true;
  install.when_down = WhenDown::refuse;
  installed();
  BOOST_TEST(contains(text(hook("pre-receive")), "hook run --event pre-receive"));
  BOOST_TEST(contains(text(hook("pre-receive")), "exit 1"));
  BOOST_TEST(contains(text(hook("post-receive")), "exit 0"));
  BOOST_TEST(setting("fanlight.whenDown") == "refuse");
  install.enforce = false;
  installed();
  BOOST_TEST(!std::filesystem::exists(hook("pre-receive")));
}

BOOST_FIXTURE_TEST_CASE(somebody_elses_hook_is_kept, Repository) {
  write("infra.git/hooks/post-receive", "#!/bin/sh\ncat > " + path("seen") + "\n");
  std::filesystem::permissions(hook("post-receive"), std::filesystem::perms::owner_all);
  auto refused = install_hook(install, random);
  BOOST_REQUIRE(!refused);
  BOOST_TEST((refused.error().code == ErrorCode::conflict));
  BOOST_TEST(contains(refused.error().text, "--force"));
  BOOST_TEST(!contains(refused.error().text, "\n"));
  BOOST_TEST(!std::filesystem::exists(path("secrets/hook")));

  install.force = true;
  install.binary = path("second");
  write("second", "#!/bin/sh\necho \"$@\" > " + path("called") + "\ncat > " + path("seen2") + "\n");
  std::filesystem::permissions(path("second"), std::filesystem::perms::owner_all);
  installed();
  installed();
  ProcessRun run{
      .argv = {hook("post-receive")}, .environment = {"PATH=/usr/bin:/bin"}, .input = "old new ref\n"};
  BOOST_TEST(run_process(run, soon()).value().exit_code == 0);
  BOOST_TEST(text(path("seen")) == "old new ref\n");
  BOOST_TEST(text(path("seen2")) == "old new ref\n");
  BOOST_TEST(text(path("called")) == "hook run --event post-receive\n");

  // What the other hook refuses never reaches us.
  std::filesystem::remove(path("called"));
  write("infra.git/hooks/post-receive.before-fanlight", "#!/bin/sh\nexit 3\n");
  BOOST_TEST(run_process(run, soon()).value().exit_code == 3);
  BOOST_TEST(!std::filesystem::exists(path("called")));
}

BOOST_FIXTURE_TEST_CASE(a_program_that_is_gone_follows_when_down, Repository) {
  install.enforce = true;
  install.binary = path("it's gone");
  for (WhenDown when : {WhenDown::allow, WhenDown::refuse}) {
    install.when_down = when;
    installed();
    ProcessRun run{.argv = {hook("pre-receive")}, .environment = {"PATH=/usr/bin:/bin"}, .input = "x\n"};
    auto result = run_process(run, soon()).value();
    BOOST_TEST(result.exit_code == (when == WhenDown::refuse ? 1 : 0));
    BOOST_TEST(contains(result.error_line, path("it's gone")), result.error_line);
  }
}

BOOST_FIXTURE_TEST_CASE(what_cannot_work_is_refused_in_one_line, Repository) {
  struct Row {
    const char* name;
    void (*change)(HookInstall&);
    const char* text;
  };
  const Row rows[] = {
      {"no repository", [](HookInstall& i) { i.repository = "/nonexistent"; }, "no such folder"},
      {"url without a scheme", [](HookInstall& i) { i.url = "127.0.0.1:8095"; }, "give http://"},
      {"url with a newline", [](HookInstall& i) { i.url = "http://a\nb"; }, "give http://"},
      {"relative secret file", [](HookInstall& i) { i.secret_file = "secret"; }, "absolute"},
      {"relative program", [](HookInstall& i) { i.binary = "fanlight"; }, "absolute"},
      {"no time to wait", [](HookInstall& i) { i.wait = std::chrono::seconds(0); }, "between 1 and"},
  };
  for (const Row& row : rows) {
    BOOST_TEST_CONTEXT(row.name) {
      HookInstall changed = install;
      row.change(changed);
      auto refused = install_hook(changed, random);
      BOOST_REQUIRE(!refused);
      BOOST_TEST(contains(refused.error().text, row.text), refused.error().text);
      BOOST_TEST(!contains(refused.error().text, "\n"));
    }
  }
  git("infra.git", {"config", "core.hooksPath", "/etc/hooks"});
  auto elsewhere = install_hook(install, random);
  BOOST_REQUIRE(!elsewhere);
  BOOST_TEST(contains(elsewhere.error().text, "core.hooksPath"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(git_hook_run)

BOOST_FIXTURE_TEST_CASE(tells_the_bot_waits_and_says_what_it_says, Running) {
  bot.waiting_answers = 1;
  bot.result =
      R"({"state":"done","verdict":"fail","text":"One thing to fix.\n\u001b[2J  main.tf:1","url":"http://x/r"})";
  BOOST_TEST(run("post-receive", update()) == 0);
  BOOST_TEST(bot.signature_held);
  BOOST_TEST(lines == (std::vector<std::string>{"One thing to fix.", "?[2J  main.tf:1", "http://x/r"}),
             boost::test_tools::per_element());
  BOOST_REQUIRE(bot.bodies.size() == 1);
  BOOST_TEST(contains(bot.bodies[0], "\"ref\":\"refs/heads/topic\""));
  BOOST_TEST(contains(bot.bodies[0], "\"repository\":\"" + path("infra.git") + "\""));
  BOOST_TEST(bot.asked == (std::vector<std::string>(2, "/result?change=a&sig=b")),
             boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(before_a_push_is_accepted_the_verdict_decides, Running) {
  struct Row {
    const char *verdict, *when_down;
    int exit_code;
  };
  const Row rows[] = {{"pass", "allow", 0},     {"pass", "refuse", 0},      {"fail", "allow", 1},
                      {"fail", "refuse", 1},    {"incomplete", "allow", 0}, {"incomplete", "refuse", 1},
                      {"nonsense", "refuse", 1}};
  install.enforce = true;
  quarantine = "/srv/x/objects/tmp_objdir-incoming-q1";
  for (const Row& row : rows) {
    BOOST_TEST_CONTEXT(row.verdict << ", when down " << row.when_down) {
      BOOST_REQUIRE(parse(row.when_down, install.when_down));
      bot.result = std::string(R"({"state":"done","text":"","verdict":")") + row.verdict + "\"}";
      BOOST_TEST(run("pre-receive", update()) == row.exit_code);
      BOOST_TEST(contains(bot.bodies.back(), "\"quarantine\":\"tmp_objdir-incoming-q1\""));
    }
  }
}

BOOST_FIXTURE_TEST_CASE(an_annotated_tag_is_told_as_the_commit_it_names, Running) {
  git("", {"init", "--quiet", "work"});
  std::string head = commit("work", "a.tf", "a = 1\n");
  git("work", {"tag", "-a", "v1", "-m", "release"});
  git("work", {"push", "--quiet", path("infra.git"), "v1"});
  bot.result = R"({"state":"done","verdict":"pass","text":""})";
  BOOST_TEST(run("post-receive", id_null + " " + git("work", {"rev-parse", "v1"}) + " refs/tags/v1\n") == 0);
  BOOST_TEST(contains(bot.bodies.at(0), "\"new\":\"" + head + "\""));
}

BOOST_FIXTURE_TEST_CASE(one_refused_reference_refuses_the_push_and_each_is_named, Running) {
  install.enforce = true;
  bot.result = R"({"state":"done","verdict":"fail","text":"bad"})";
  BOOST_TEST(run("pre-receive", update("refs/heads/a") + update("refs/heads/b")) == 1);
  BOOST_TEST(lines == (std::vector<std::string>{"refs/heads/a:", "bad", "refs/heads/b:", "bad",
                                                "The push was refused: nothing of it is in the repository."}),
             boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(when_the_bot_does_not_answer_the_setting_decides, Running) {
  struct Row {
    const char* name;
    unsigned status;  // 0: nobody listens there
    const char *event, *when_down;
    int exit_code;
    const char* line;
  };
  const Row rows[] = {
      {"refused signature", 401, "pre-receive", "refuse", 1, "answered 401"},
      {"refused signature, allowed", 401, "pre-receive", "allow", 0, "pushed without a full review"},
      {"nobody there", 0, "pre-receive", "refuse", 1, "the push is refused, try again later"},
      {"nobody there, allowed", 0, "pre-receive", "allow", 0, "pushed without a full review"},
      {"nobody there, after the push", 0, "post-receive", "refuse", 0, "pushed without a full review"},
  };
  const std::string address = install.url;
  for (const Row& row : rows) {
    BOOST_TEST_CONTEXT(row.name) {
      lines.clear();
      install.enforce = std::string_view(row.event) == "pre-receive";
      BOOST_REQUIRE(parse(row.when_down, install.when_down));
      install.wait = std::chrono::seconds(2);
      install.url = row.status == 0 ? "unix:" + path("no.sock") : address;
      bot.hook_status = row.status == 0 ? 202 : row.status;
      BOOST_TEST(run(row.event, update()) == row.exit_code);
      BOOST_REQUIRE(lines.size() == 1);
      BOOST_TEST(contains(lines[0], row.line), lines[0]);
    }
  }
}

BOOST_FIXTURE_TEST_CASE(what_the_bot_ignores_and_deletions_are_silent, Running) {
  BOOST_TEST(run("post-receive", id_a + " " + id_null + " refs/heads/gone\n") == 0);
  BOOST_TEST(bot.bodies.empty());
  bot.hook_status = 200;
  bot.hook_answer = "ignored: our own notes\n";
  BOOST_TEST(run("post-receive", update("refs/notes/fanlight")) == 0);
  BOOST_TEST(bot.asked.empty());
  BOOST_TEST(lines.empty());
}

BOOST_FIXTURE_TEST_CASE(after_an_enforced_push_the_bot_is_told_and_nobody_waits, Running) {
  install.enforce = true;
  BOOST_TEST(run("post-receive", update()) == 0);
  BOOST_TEST(bot.bodies.size() == 1U);
  BOOST_TEST(bot.asked.empty());
  BOOST_TEST(lines.empty());
}

BOOST_FIXTURE_TEST_CASE(a_hook_that_is_not_set_up_right_blocks_nobody_and_says_so, Running) {
  HookRun what{.event = "pre-receive", .repository = install.repository, .quarantine = {}, .pusher = "ada"};
  auto print = [this](std::string_view line) { lines.emplace_back(line); };
  BOOST_TEST(run_hook(what, update(), random, print) == 0);
  installed();
  BOOST_TEST(run_hook(what, "nonsense\n", random, print) == 0);
  std::filesystem::remove(install.secret_file);
  BOOST_TEST(run_hook(what, update(), random, print) == 0);
  BOOST_REQUIRE(lines.size() == 3);
  for (const std::string& line : lines) BOOST_TEST(contains(line, "pushed without a review"), line);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace fanlight::host
