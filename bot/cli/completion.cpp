#include "completion.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <vector>

#include "fanlight/core/text.hpp"

namespace fanlight::cli {

namespace {

struct OptionDoc {
  std::string name, about;  // "--format"
  bool takes_value = false;
  std::vector<std::string> choices;  // empty: a file, or anything
};

struct CommandDoc {
  std::string path, about;  // "rules list"; empty for the program itself
  std::vector<std::pair<std::string, std::string>> commands;
  std::vector<OptionDoc> options;
};

// CLI11 writes the words of a check into the type's name: "TEXT:{block,warn}".
std::vector<std::string> choices_in(const std::string& type) {
  const std::size_t open = type.find('{'), close = type.find('}');
  std::vector<std::string> out;
  if (open == type.npos || close == type.npos || close < open) return out;
  for (const std::string_view word : split(std::string_view(type).substr(open + 1, close - open - 1), ','))
    out.emplace_back(trim(word));
  return out;
}

void collect(const CLI::App& app, const std::string& path, std::vector<CommandDoc>& out) {
  CommandDoc doc{path, app.get_description(), {}, {}};
  const auto children = app.get_subcommands([](const CLI::App*) { return true; });
  for (const CLI::App* child : children)
    doc.commands.emplace_back(child->get_name(), child->get_description());
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) {
      doc.options.push_back({"--" + name, option->get_description(), option->get_items_expected_max() > 0,
                             choices_in(option->get_type_name())});
    }
  }
  out.push_back(std::move(doc));
  for (const CLI::App* child : children)
    collect(*child, path.empty() ? child->get_name() : path + ' ' + child->get_name(), out);
}

// For '…' in a shell. Descriptions are ours, and hold no line end.
std::string shell_quote(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + '\'';
}

std::string words_of(const CommandDoc& doc) {
  std::vector<std::string> words;
  for (const auto& [name, about] : doc.commands) words.push_back(name);
  for (const OptionDoc& option : doc.options) words.push_back(option.name);
  return join(words, " ");
}

// Walks the words before the cursor to the command that they name. bash and zsh write this alike.
std::string paths_case(const std::vector<CommandDoc>& docs) {
  std::string out = "    case \"$at $word\" in\n      ";
  for (const CommandDoc& doc : docs) {
    if (doc.path.empty()) continue;
    const std::string full = doc.path.find(' ') == doc.path.npos ? ' ' + doc.path : doc.path;
    out += '"' + full + "\"|";
  }
  out.back() = ')';
  return out + " at=\"${at:+$at }$word\" ;;\n    esac\n";
}

std::string bash(const std::vector<CommandDoc>& docs) {
  std::string out =
      "# fanlight completion bash > /etc/bash_completion.d/fanlight\n"
      "_fanlight() {\n"
      "  local cur=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} at= word words=\n"
      "  for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n" +
      paths_case(docs) + "  done\n  case \"$at $previous\" in\n";
  for (const CommandDoc& doc : docs) {
    for (const OptionDoc& option : doc.options) {
      if (!option.takes_value) continue;
      out += fmt::format("    \"{} {}\") ", doc.path, option.name);
      out += option.choices.empty() ? std::string("COMPREPLY=($(compgen -f -- \"$cur\")); return ;;\n")
                                    : fmt::format("COMPREPLY=($(compgen -W {} -- \"$cur\")); return ;;\n",
                                                  shell_quote(join(option.choices, " ")));
    }
  }
  out += "  esac\n  case \"$at\" in\n";
  for (const CommandDoc& doc : docs)
    out += fmt::format("    \"{}\") words={} ;;\n", doc.path, shell_quote(words_of(doc)));
  return out +
         "  esac\n  COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n}\ncomplete -o default -F _fanlight "
         "fanlight\n";
}

std::string zsh(const std::vector<CommandDoc>& docs) {
  std::string out =
      "#compdef fanlight\n# fanlight completion zsh > \"${fpath[1]}/_fanlight\"\n"
      "_fanlight() {\n"
      "  local previous=${words[CURRENT-1]} at= word\n  local -a found\n"
      "  for word in \"${(@)words[2,CURRENT-1]}\"; do\n" +
      paths_case(docs) + "  done\n  case \"$at $previous\" in\n";
  for (const CommandDoc& doc : docs) {
    for (const OptionDoc& option : doc.options) {
      if (!option.takes_value) continue;
      out += fmt::format("    \"{} {}\") ", doc.path, option.name);
      out += option.choices.empty() ? std::string("_files; return ;;\n")
                                    : fmt::format("compadd -- {}; return ;;\n", join(option.choices, " "));
    }
  }
  out += "  esac\n  case \"$at\" in\n";
  // _describe splits at the first colon.
  const auto entry = [](const std::string& name, const std::string& about) {
    return shell_quote(name + ':' + about);
  };
  for (const CommandDoc& doc : docs) {
    out += fmt::format("    \"{}\") found=(", doc.path);
    for (const auto& [name, about] : doc.commands) out += entry(name, about) + ' ';
    for (const OptionDoc& option : doc.options) out += entry(option.name, option.about) + ' ';
    out += ") ;;\n";
  }
  return out +
         "  esac\n  _describe fanlight found\n  _files\n}\n"
         "if [ \"$funcstack[1]\" = _fanlight ]; then _fanlight \"$@\"; else compdef _fanlight fanlight; fi\n";
}

std::string fish(const std::vector<CommandDoc>& docs) {
  std::string out =
      "# fanlight completion fish > ~/.config/fish/completions/fanlight.fish\n"
      "function __fanlight_at\n"
      "  set -l words (string match -v -- '-*' (commandline -opc)[2..])\n"
      "  set -l wanted (string split ' ' -- $argv[1])\n"
      "  test -z \"$argv[1]\"; and set wanted\n"
      "  test (count $words) -ge (count $wanted); or return 1\n"
      "  for i in (seq (count $wanted))\n"
      "    test \"$words[$i]\" = \"$wanted[$i]\"; or return 1\n"
      "  end\n"
      "  test -z \"$argv[2]\"; or test (count $words) -eq (count $wanted)\n"
      "end\n";
  for (const CommandDoc& doc : docs) {
    for (const auto& [name, about] : doc.commands) {
      out += fmt::format("complete -c fanlight -f -n \"__fanlight_at '{}' only\" -a {} -d {}\n", doc.path,
                         name, shell_quote(about));
    }
    if (doc.path.empty()) continue;
    for (const OptionDoc& option : doc.options) {
      out += fmt::format("complete -c fanlight -n \"__fanlight_at '{}'\" -l {} -d {}", doc.path,
                         option.name.substr(2), shell_quote(option.about));
      if (option.takes_value)
        out += option.choices.empty() ? " -r" : " -x -a " + shell_quote(join(option.choices, " "));
      out += '\n';
    }
  }
  return out;
}

}  // namespace

std::string completion_script(const CLI::App& app, std::string_view shell) {
  std::vector<CommandDoc> docs;
  collect(app, "", docs);
  if (shell == "fish") return fish(docs);
  return shell == "zsh" ? zsh(docs) : bash(docs);
}

}  // namespace fanlight::cli
