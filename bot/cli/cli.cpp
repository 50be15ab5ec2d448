// The table of commands and their options, over CLI11. Help, usage errors and `fanlight help` come from it.
#include "fanlight/cli/cli.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <filesystem>
#include <system_error>

#include "completion.hpp"
#include "fanlight/core/random.hpp"
#include "fanlight/host/hook.hpp"
#include "options.hpp"

namespace fanlight::cli {

namespace {

std::vector<std::string> format_names() {
  std::vector<std::string> out;
  for (const auto& spec : formats()) out.emplace_back(spec.name);
  return out;
}

void add_key(CLI::App& command, CommonOptions& common) {
  command
      .add_option("--key-file", common.key_file,
                  "Key of fingerprints and sealed names, the bot's data_dir/key; else FANLIGHT_KEY, else a "
                  "public one")
      ->type_name("FILE");
}

void add_rules(CLI::App& command, CommonOptions& common) {
  command.add_option("--rules", common.rules_files, "Rules of your own, beside the built-in ones")
      ->type_name("FILE")
      ->allow_extra_args(false);
}

// What every look at something takes.
void add_looking(CLI::App& command, CommonOptions& common) {
  command.add_option("--policy", common.policy_file, "Policy file, instead of .fanlight.yml")
      ->type_name("FILE");
  add_rules(command, common);
  command.add_option("--kind", common.kind, "What to look for")
      ->check(CLI::IsMember({"secret", "coupling", "all"}))
      ->capture_default_str();
  add_key(command, common);
  command.add_option("--threads", common.threads, "Threads; 0: one per core")
      ->check(CLI::Range(0, 256))
      ->capture_default_str();
}

// And what every report of it takes.
void add_common(CLI::App& command, CommonOptions& common) {
  add_looking(command, common);
  command.add_option("--format", common.format, "How to print")
      ->check(CLI::IsMember(format_names()))
      ->capture_default_str();
  command.add_option("--output", common.output_file, "Print to a file")->type_name("FILE");
  command.add_option("--fail-on", common.fail_on, "Least severity that fails")
      ->check(CLI::IsMember({"block", "warn", "note", "never"}))
      ->capture_default_str();
  command
      .add_option("--baseline", common.baseline_file,
                  "Findings that were there before, instead of the policy's")
      ->type_name("FILE");
  command.add_flag("--no-color", common.no_color, "No colours, also on a terminal");
}

struct Commands {
  CLI::App app{"Keeps open infrastructure code free of secrets and of ties to one private environment.",
               "fanlight"};
  CommonOptions common;
  ScanOptions scan;
  ReviewOptions review;
  BaselineOptions baseline;
  std::string import_file, shell, rules_format = "text";
  ReadinessOptions readiness;
  host::HookInstall hook;
  std::vector<std::string> terms;
  LexiconOptions lexicon;
  LayersOptions layers;
  std::string hook_event, when_down = "allow";
  unsigned wait_seconds = 60;
  std::string config_file = "/etc/fanlight/fanlight.yaml", rule_id, rule_file,
              url = "http://127.0.0.1:8095/healthz";
  bool policy_schema = false;
  std::function<int()> chosen;

  CLI::App* command(CLI::App& parent, const char* name, const char* about, std::function<int()> run) {
    CLI::App* made = parent.add_subcommand(name, about);
    made->final_callback([this, run] { chosen = run; });
    return made;
  }

  Commands() {
    app.require_subcommand(0, 1);
    app.set_version_flag("--version", "fanlight " FANLIGHT_VERSION);
    add_server();
    add_scanning();
    add_readiness();
    add_lexicon();
    add_rules_and_config();
    add_hook();
    add_moving_in();
    app.footer(
        "Exit codes: 0 clean, 1 findings, 2 usage or configuration, 3 something could not be looked at.\n"
        "`fanlight COMMAND --help` says more about one.");
    command(app, "version", "Print the version", [] {
      fmt::print("fanlight {}\n", FANLIGHT_VERSION);
      return exit_clean;
    });
    command(app, "help", "Print this", [this] {
      fmt::print("{}", overview());
      return exit_clean;
    });
  }

  // CLI11's help() is of the subcommand that was parsed.
  std::string overview() {
    return app.get_formatter()->make_help(&app, app.get_name(), CLI::AppFormatMode::Normal);
  }

  void add_server() {
    auto* serve = command(app, "serve", "Run the bot", [this] { return run_serve(config_file); });
    serve->add_option("--config", config_file, "Configuration")->type_name("FILE")->capture_default_str();
    auto* health =
        command(app, "health", "Ask a running bot whether it is well", [this] { return run_health(url); });
    health->add_option("--url", url, "What to ask")->capture_default_str();
  }

  void add_scanning() {
    auto* scan_command =
        command(app, "scan", "Look for secrets and coupling", [this] { return run_scan(common, scan); });
    auto* paths = scan_command->add_option(
        "path", scan.paths, "Files and folders, - for standard input; this folder when nothing is given");
    auto* diff = scan_command->add_option("--diff", scan.diff_file, "A unified diff; - for standard input")
                     ->type_name("FILE");
    auto* range = scan_command->add_option("--git", scan.git_range, "What a range of commits adds")
                      ->type_name("BASE..HEAD");
    auto* staged = scan_command->add_flag("--staged", scan.staged, "What is about to be committed");
    auto* input =
        scan_command->add_option("--stdin-path", scan.stdin_path, "Standard input, as if it were this file")
            ->type_name("NAME");
    auto* history = scan_command->add_flag("--history", scan.history, "All that a git repository ever held");
    CLI::Option* sources[] = {paths, diff, range, staged, input, history};
    for (CLI::Option* one : sources) {
      for (CLI::Option* other : sources) {
        const bool is_repository = (one == paths && other == history) || (one == history && other == paths);
        if (one != other && !is_repository) one->excludes(other);
      }
    }
    scan_command->add_option("--repo", scan.repository, "With --history: the repository, bare or not")
        ->type_name("DIR")
        ->needs(history);
    scan_command->add_option("--branch", scan.branches, "With --history: only what this revision reaches")
        ->type_name("REVISION")
        ->needs(history);
    scan_command->add_option("--since", scan.since, "With --history: only what was committed since then")
        ->type_name("DATE")
        ->needs(history);
    add_common(*scan_command, common);
    scan_command->footer(
        "fanlight scan --staged                  before a commit\n"
        "fanlight scan --git main..HEAD          what a branch adds\n"
        "git diff | fanlight scan --diff -       any diff\n"
        "fanlight scan --format sarif --output fanlight.sarif");

    auto* review_command = command(app, "review", "What the bot would say about a change",
                                   [this] { return run_review(common, review); });
    review_command->add_option("--repo", review.repository, "Repository, bare or not")
        ->type_name("DIR")
        ->capture_default_str();
    review_command->add_option("range", review.range, "BASE..HEAD")->required();
    add_common(*review_command, common);
  }

  // For a repository that was there before.
  void add_moving_in() {
    auto* group = app.add_subcommand("baseline", "Findings that were there before")->require_subcommand(1);
    auto* create = command(*group, "create", "Write down what is found now",
                           [this] { return run_baseline_create(common, baseline); });
    auto* prune = command(*group, "prune", "Take out what is not found any more",
                          [this] { return run_baseline_prune(common, baseline); });
    for (CLI::App* one : {create, prune}) {
      one->add_option("path", baseline.paths, "Files and folders; this folder when nothing is given");
      one->add_option("--baseline", baseline.file, "The file")->type_name("FILE")->capture_default_str();
      add_looking(*one, common);
    }
    auto* import =
        app.add_subcommand("import", "Another scanner's configuration as a policy")->require_subcommand(1);
    const auto add_import = [&](const char* name, const char* about, ImportFrom from) {
      auto* one =
          command(*import, name, about, [this, from] { return run_import(common, from, import_file); });
      one->add_option("file", import_file, "The file")->required()->type_name("FILE");
      one->add_option("--output", common.output_file, "Write to a file")->type_name("FILE");
    };
    add_import("gitleaks", "Rules and allow-lists of a .gitleaks.toml", ImportFrom::gitleaks);
    add_import("detect-secrets", "Filters of a .secrets.baseline", ImportFrom::detect_secrets);
    command(app, "completion", "Print a completion script for a shell",
            [this] {
              fmt::print("{}", completion_script(app, shell));
              return exit_clean;
            })
        ->add_option("shell", shell, "Which")
        ->required()
        ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  }

  void add_readiness() {
    auto* made = command(app, "readiness", "What stands between each module and its release",
                         [this] { return run_readiness(common, readiness); });
    made->add_option("path", readiness.path, "Repository: a folder, or a bare one at its HEAD")
        ->capture_default_str();
    made->add_option("--module", readiness.module, "Only this module, with everything known of it")
        ->type_name("NAME");
    made->add_flag("--history", readiness.history, "Also what the history still holds of each module");
    made->add_option("--baseline", readiness.baseline_file,
                     "An earlier --format json: only what is new since then fails")
        ->type_name("FILE");
    made->add_option("--format", readiness.format, "How to print")
        ->check(CLI::IsMember({"text", "json", "markdown", "html"}))
        ->capture_default_str();
    made->add_option("--output", common.output_file, "Print to a file")->type_name("FILE");
    made->add_option("--policy", common.policy_file, "Policy file, instead of .fanlight.yml")
        ->type_name("FILE");
    made->add_option("--fail-on", common.fail_on, "block: a module that is not ready fails; never: none does")
        ->check(CLI::IsMember({"block", "never"}))
        ->capture_default_str();
    made->add_option("--key-file", common.key_file,
                     "Key of the fingerprints; else FANLIGHT_KEY, else a public one")
        ->type_name("FILE");
    made->add_option("--threads", common.threads, "Threads; 0: one per core")
        ->check(CLI::Range(0, 256))
        ->capture_default_str();
    made->add_flag("--no-color", common.no_color, "No colours, also on a terminal");
  }

  void add_place(CLI::App& one) {
    one.add_option("--policy", common.policy_file, "Policy file, instead of .fanlight.yml")
        ->type_name("FILE");
    one.add_option("--format", common.format, "How to print")
        ->check(CLI::IsMember({"text", "json"}))
        ->capture_default_str();
    one.add_option("--output", common.output_file, "Print to a file")->type_name("FILE");
  }

  void add_lexicon() {
    auto* learn = command(app, "lexicon", "Names of your own, proposed with evidence",
                          [this] { return run_lexicon(common, lexicon); });
    learn->add_option("path", lexicon.path, "Folder")->type_name("DIR")->capture_default_str();
    learn->add_flag("--write", lexicon.write, "Write what is surely own to the policy");
    learn->add_option("--confirm", lexicon.confirm, "Write these terms to the policy")->type_name("TERM");
    add_place(*learn);
    auto* layers_command = command(app, "layers", "What each file is for, and what says so",
                                   [this] { return run_layers(common, layers); });
    layers_command->add_option("path", layers.path, "Folder")->type_name("DIR")->capture_default_str();
    layers_command->add_flag("--each", layers.each, "A line for each file, not for each folder");
    add_place(*layers_command);
    auto* seal = command(app, "seal", "Private names as keyed hashes, for lexicon.sealed",
                         [this] { return run_seal(common, terms); });
    seal->add_option("term", terms, "Names; standard input, one a line, when none is given");
    add_key(*seal, common);
    seal->add_option("--output", common.output_file, "Print to a file")->type_name("FILE");
  }

  void add_rules_and_config() {
    auto* rules = app.add_subcommand("rules", "The rules")->require_subcommand(1);
    auto* list = command(*rules, "list", "All of them, a line each",
                         [this] { return run_rules_list(common, rules_format); });
    list->add_option("--format", rules_format, "How to print")
        ->check(CLI::IsMember({"text", "json"}))
        ->capture_default_str();
    add_rules(*list, common);
    auto* show = command(*rules, "show", "One of them", [this] { return run_rules_show(common, rule_id); });
    show->add_option("id", rule_id, "Its id")->required();
    add_rules(*show, common);
    command(*rules, "test", "Try every rule on its own examples", [this] {
      return run_rules_test(rule_file);
    })->add_option("file", rule_file, "Rules in YAML; the built-in ones when not given");
    auto* config = app.add_subcommand("config", "The server's configuration")->require_subcommand(1);
    command(*config, "check", "Read it and say what is wrong",
            [this] { return run_config_check(config_file); })
        ->add_option("file", config_file, "The file")
        ->capture_default_str();
    command(*config, "schema", "Its JSON Schema", [this] {
      return run_config_schema(policy_schema);
    })->add_flag("--policy", policy_schema, "Of .fanlight.yml instead");
  }

  void add_hook() {
    auto* group = app.add_subcommand("hook", "Hooks of plain git repositories")->require_subcommand(1);
    auto* install =
        command(*group, "install", "Have pushes to a repository reviewed", [this] { return install_hook(); });
    install->add_option("--repo", hook.repository, "Bare repository")->type_name("DIR")->required();
    install->add_flag("--enforce", hook.enforce, "Refuse a push that fails, instead of reviewing after it");
    install->add_option("--url", hook.url, "The bot: http://127.0.0.1:8095 or unix:/path")
        ->capture_default_str();
    install
        ->add_option("--secret-file", hook.secret_file,
                     "The bot's git.hook_secret; made when it is not there")
        ->type_name("FILE")
        ->capture_default_str();
    install->add_option("--name", hook.name,
                        "The repository below the bot's git.root; its path when not given");
    install->add_option("--when-down", when_down, "What becomes of a push when the bot does not answer")
        ->check(CLI::IsMember({"allow", "refuse"}))
        ->capture_default_str();
    install->add_option("--wait", wait_seconds, "Seconds to wait for a review")
        ->check(CLI::Range(1, 3600))
        ->capture_default_str();
    install->add_flag("--force", hook.force, "Keep a hook that is there and run it first");
    auto* run =
        command(*group, "run", "What an installed hook calls", [this] { return host::run_hook(hook_event); });
    run->add_option("--event", hook_event, "When")
        ->required()
        ->check(CLI::IsMember({"post-receive", "pre-receive"}));
  }

  int install_hook() {
    std::error_code error;
    hook.binary = std::filesystem::canonical("/proc/self/exe", error).string();
    host::parse(when_down, hook.when_down);
    hook.wait = std::chrono::seconds(wait_seconds);
    SystemRandom random;
    const auto done = host::install_hook(hook, random);
    if (!done) return complain(done.error());
    for (const std::string& line : *done) fmt::print("{}\n", line);
    return exit_clean;
  }
};

}  // namespace

int run(int argc, char** argv) {
  // A reader that goes away (`| head`) is an error of the write, not the end of the process.
  std::signal(SIGPIPE, SIG_IGN);
  Commands commands;
  try {
    commands.app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    const int code = commands.app.exit(e);
    return code == 0 ? exit_clean : exit_usage;
  }
  if (!commands.chosen) {
    fmt::print("{}", commands.overview());
    return exit_usage;
  }
  try {
    return commands.chosen();
  } catch (const std::system_error& e) {
    // The reader of a list has seen enough of it.
    if (e.code() == std::errc::broken_pipe) return exit_incomplete;
    return complain({ErrorCode::internal, std::string("unexpected: ") + e.what()});
  } catch (const std::exception& e) {
    return complain({ErrorCode::internal, std::string("unexpected: ") + e.what()});
  }
}

}  // namespace fanlight::cli
