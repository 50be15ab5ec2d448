// Completion scripts for shells, made from the table of commands, so that they know each command, each option
// and the words that it takes.
#pragma once

#include <string>
#include <string_view>

namespace CLI {
class App;
}

namespace fanlight::cli {

// `shell`: bash, zsh or fish.
std::string completion_script(const CLI::App& app, std::string_view shell);

}  // namespace fanlight::cli
