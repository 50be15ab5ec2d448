// `fanlight seal TERM…`: private names as entries of `lexicon: sealed:`.
#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

#include "fanlight/cli/cli.hpp"
#include "fanlight/core/text.hpp"
#include "fanlight/coupling/seal.hpp"
#include "options.hpp"

namespace fanlight::cli {

namespace {

constexpr std::size_t input_bytes_max = 1024 * 1024;

// One name a line.
Result<std::vector<std::string>> read_terms() {
  if (is_terminal(STDIN_FILENO)) fmt::print(stderr, "Names, one a line; end with Ctrl-D.\n");
  std::string text;
  char buffer[4096];
  for (std::size_t got; (got = std::fread(buffer, 1, sizeof buffer, stdin)) > 0;) {
    text.append(buffer, got);
    if (text.size() > input_bytes_max) return fail(ErrorCode::too_large, "seal: standard input: over 1 MiB");
  }
  std::vector<std::string> out;
  for (const std::string_view line : split_lines(text)) {
    if (!trim(line).empty()) out.emplace_back(trim(line));
  }
  return out;
}

}  // namespace

int run_seal(const CommonOptions& common, std::vector<std::string> terms) {
  const auto key = own_key(common);
  if (!key) return complain(key.error());
  if (!*key) {
    return complain(
        {ErrorCode::bad_input,
         "seal: no key: give the bot's own, --key-file DATA_DIR/key or FANLIGHT_KEY: with a key that "
         "all know, all could try words on the list"});
  }
  if (terms.empty() || (terms.size() == 1 && terms[0] == "-")) {
    auto read = read_terms();
    if (!read) return complain(read.error());
    terms = std::move(*read);
  }
  if (terms.empty()) return complain({ErrorCode::bad_input, "seal: no name was given"});
  std::string out;
  for (std::size_t i = 0; i < terms.size(); ++i) {
    const auto entry = coupling::seal_term(terms[i], **key);
    if (!entry) return complain({entry.error().code, fmt::format("{} (name {})", entry.error().text, i + 1)});
    out += *entry + '\n';
  }
  const auto written = write_output(common, out);
  return written ? exit_clean : complain(written.error());
}

}  // namespace fanlight::cli
