// One finding in the words of a colleague: what, why it matters, what to do now, how to disagree.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "escape.hpp"
#include "fanlight/core/text.hpp"
#include "fanlight/policy/render.hpp"
#include "fingerprint.hpp"
#include "words.hpp"

namespace fanlight::policy {

namespace {

constexpr std::size_t text_bytes_max = 1'200;
constexpr std::size_t suggestion_bytes_max = 16'000;

// Names of secrets start with a service's name, which keeps its capital, or with a word that needs none here.
std::string in_a_sentence(std::string name) {
  static constexpr std::array<std::string_view, 14> common{
      "Access",   "API",   "Basic",      "Bearer",   "Connection", "Credential", "Credentials",
      "Database", "Login", "Passphrase", "Password", "Private",    "Secret",     "Token"};
  const std::string_view first = std::string_view(name).substr(0, name.find(' '));
  if (first != "API" && std::find(common.begin(), common.end(), first) != common.end()) {
    name[0] = static_cast<char>(name[0] + 32);
  }
  return name;
}

std::string why_real(const Finding& finding) {
  if (finding.structure != Structure::valid) return {};
  return finding.title.find("checksum") != std::string::npos ? "Its checksum is right, so it is real"
                                                             : "It is well formed throughout, so it is real";
}

// Why deleting the line does not help.
std::string why_stays(const Finding& finding, const Change& change) {
  const std::string commit = finding.commit ? "commit " + commit_span(*finding.commit) : "an earlier commit";
  switch (finding.location.place) {
    case Place::file:
      return finding.at_head
                 ? "it stays in the branch's history when the line is deleted"
                 : fmt::format("{} still has it for {}, although the files do not", commit,
                               change.public_repository ? "everyone" : "everyone who can read the branch");
    case Place::path:
      return "it stays in the branch's history when the file is renamed";
    case Place::title:
      return "earlier versions of the title can still be read after an edit";
    case Place::body:
      return "earlier versions of the description can still be read after an edit";
    case Place::branch:
      return "everyone who has fetched the branch has its name";
    case Place::commit_message:
      return fmt::format("{} carries it in its message", commit);
  }
  return {};
}

// The remedy without what step one has said.
std::string after_revoking(std::string_view remedy) {
  static constexpr std::array<std::string_view, 5> heads{
      "Revoke it, then ", "Revoke it and ", "Revoke it now, then ", "Revoke it now and ", "Revoke it. "};
  for (const std::string_view head : heads) {
    if (remedy.starts_with(head)) return capital(std::string(remedy.substr(head.size())));
  }
  return std::string(remedy);
}

// Where nobody can talk to the bot, the policy file is the place to accept a finding.
std::string accept_line(std::string_view question, const Finding& finding, const Change& change) {
  if (change.ref.number == 0) {
    return fmt::format("\n{} A waiver for `{}` in `.fanlight.yml` accepts it.\n", question,
                       short_fingerprint(finding.fingerprint));
  }
  return fmt::format("\n{} `{}`\n", question, allow_command(finding.fingerprint));
}

std::string footer(const Finding& finding) {
  std::string out = "<sub>" + escape_markdown(shorten(finding.rule, 80));
  if (finding.kind == FindingKind::coupling && (finding.axes.portability || finding.axes.disclosure)) {
    out += " · ";
    if (finding.axes.portability) out += "portability";
    if (finding.axes.portability && finding.axes.disclosure) out += ", ";
    if (finding.axes.disclosure) out += "disclosure";
  }
  const std::string why = link("why", finding.docs_url);
  if (!why.empty()) out += " · " + why;
  return out + "</sub>";
}

std::string revoke_step(const Finding& finding) {
  const std::string at = link("where", finding.docs_url);
  return at.empty() ? "Revoke it where it was made." : fmt::format("Revoke it: {}.", at);
}

std::string certain_secret(const Finding& finding, const Change& change) {
  std::string out = fmt::format("**Revoke this {} now.** ", escape_markdown(in_a_sentence(thing(finding))));
  if (!trim(finding.message).empty()) out += prose(shorten(finding.message, text_bytes_max)) + ' ';
  const std::string real = why_real(finding);
  out += real.empty() ? capital(why_stays(finding, change)) : real + ", and " + why_stays(finding, change);
  out += fmt::format(".\n1. {}\n", revoke_step(finding));
  const std::string remedy = prose(after_revoking(shorten(finding.remedy, text_bytes_max)));
  out += fmt::format("2. {}\n", remedy.empty() ? "Read the new one from your secret store." : remedy);
  if (finding.location.place == Place::file && !finding.at_head) {
    out += "3. Squash before merging, so that the commit goes away.\n";
  } else if (finding.location.place == Place::file && finding.commit) {
    out += fmt::format("3. Squash before merging: commit {} still has it.\n", commit_span(*finding.commit));
  }
  return out;
}

std::string doubtful_secret(const Finding& finding, const Change& change) {
  std::string out = fmt::format("**Is this {} real?** ", escape_markdown(in_a_sentence(thing(finding))));
  if (!trim(finding.message).empty()) out += prose(shorten(finding.message, text_bytes_max)) + ' ';
  const std::string at = link("revoke it", finding.docs_url);
  out += fmt::format("If it ever was, {}: {}.", at.empty() ? "revoke it" : at, why_stays(finding, change));
  const std::string remedy = prose(after_revoking(shorten(finding.remedy, text_bytes_max)));
  if (!remedy.empty()) out += ' ' + remedy;
  return out + '\n';
}

// Where the first sentence ends: after a full stop that a blank or the end follows, outside of code.
std::size_t first_sentence(std::string_view text) {
  bool code = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '`') code = !code;
    const bool stop = text[i] == '.' || text[i] == '?';
    if (stop && !code && (i + 1 == text.size() || text[i + 1] == ' ')) return i + 1;
  }
  return text.size();
}

std::string coupling(const Finding& finding, bool suggestions) {
  const std::string why =
      shorten(trim(finding.message).empty() ? finding.title : finding.message, text_bytes_max);
  const std::size_t end = first_sentence(why);
  std::string out = fmt::format("**{}**", prose(std::string_view(why).substr(0, end)));
  if (end < why.size()) out += ' ' + prose(trim(std::string_view(why).substr(end)));
  out += '\n';
  const bool applies = suggestions && finding.suggestion && finding.at_head &&
                       finding.location.place == Place::file &&
                       finding.suggestion->size() <= suggestion_bytes_max;
  if (applies) out += fenced(*finding.suggestion, "suggestion");
  const std::string remedy = prose(shorten(finding.remedy, text_bytes_max));
  if (!remedy.empty()) out += fmt::format("{}{}\n", applies ? "" : "\n", remedy);
  return out;
}

}  // namespace

std::string finding_markdown(const Finding& finding, const Change& change, bool suggestions) {
  if (finding.kind == FindingKind::coupling) {
    return coupling(finding, suggestions) + accept_line("Meant to stay?", finding, change) + footer(finding);
  }
  const bool certain = finding.severity == Severity::block && finding.structure != Structure::invalid;
  return (certain ? certain_secret(finding, change) : doubtful_secret(finding, change)) +
         accept_line("Not a secret?", finding, change) + footer(finding);
}

}  // namespace fanlight::policy
