// People and where they talk: addresses, keys with a name on them, home folders, channels.
#include <algorithm>
#include <array>
#include <cctype>

#include "check.hpp"
#include "fanlight/core/hash.hpp"
#include "fanlight/core/text.hpp"

namespace fanlight::coupling {

bool is_credit(const Site& site) {
  const std::string line = to_lower(site.before);
  if (has_word(line, {"copyright", "author", "maintainer", "signed-off-by", "co-authored-by", "contributor",
                      "credit", "submitted", "licensed", "committer", "packager", "uploader", "reported-by",
                      "thanks", "(c)"})) {
    return true;
  }
  if (has_word(site.key, {"author", "maintainer", "contributor"})) return true;
  const std::string path = to_lower(site.file.path);
  const std::string_view name = std::string_view(path).substr(path.rfind('/') + 1);
  return name == "package.json" || name == "pyproject.toml" || name == "setup.py" || name == "setup.cfg" ||
         name == "metadata.json" || name == "composer.json" || name == "cargo.toml" || name == "galaxy.yml" ||
         name == "chart.yaml" || name.ends_with(".gemspec") || name.starts_with("authors") ||
         name.starts_with("changelog") || name.ends_with(".spec") || name.ends_with(".changes") ||
         name == "metadata" || name == ".mailmap" || name == "codeowners" || name.ends_with(".po");
}

namespace {

std::optional<Literal> person_email(const Site& site) {
  const std::string email = to_lower(site.literal);
  const std::size_t at = email.find('@');
  if (at == email.npos || at == 0 || is_credit(site)) return std::nullopt;
  const std::string_view local = std::string_view(email).substr(0, at),
                         host = std::string_view(email).substr(at + 1);
  if (is_role_mailbox(local) || is_example_host(host) || is_composed(email)) return std::nullopt;
  // "${user}@…" leaves a tail that looks like a name; "://user@host" is a login in a URL.
  if (site.before.ends_with('}') || site.before.ends_with('%') || site.before.ends_with("//"))
    return std::nullopt;
  if (!std::ranges::any_of(local, [](char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; })) {
    return std::nullopt;
  }
  return Literal{email, "E-mail address of a person", "team_email", ""};
}

// An OpenSSH public key begins with the length and the name of its type.
bool is_public_key(std::string_view type, std::string_view body) {
  const auto blob = from_base64(body);
  if (!blob || blob->size() < 4 + type.size()) return false;
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>((*blob)[i]); };
  const std::size_t length =
      (std::size_t{byte(0)} << 24) | (std::size_t{byte(1)} << 16) | (std::size_t{byte(2)} << 8) | byte(3);
  return length == type.size() && std::string_view(*blob).substr(4, length) == type;
}

std::optional<Literal> ssh_key(const Site& site) {
  const std::vector<std::string_view> parts = split(site.literal, ' ');
  if (parts.size() < 3 || !is_public_key(parts[0], parts[1])) return std::nullopt;
  const std::string comment = to_lower(parts[2]);
  const std::size_t at = comment.find('@');
  if (at == comment.npos || at == 0 || at + 1 == comment.size()) return std::nullopt;
  if (is_composed(comment) || is_example_host(std::string_view(comment).substr(at + 1))) return std::nullopt;
  for (const std::string_view forge : {"github.com", "gitlab.com", "bitbucket.org"}) {
    if (comment.ends_with(forge)) return std::nullopt;
  }
  const std::string path = to_lower(site.file.path);
  if (path.find("known_hosts") != path.npos) return std::nullopt;
  return Literal{std::string(parts[1]),
                 "SSH key with a person's name on it",
                 "authorized_keys",
                 "",
                 {},
                 "Keep the key, drop the comment behind it."};
}

std::optional<Literal> home_path(const Site& site) {
  const std::size_t cut = site.literal.find_last_of("/\\");
  const std::string person = to_lower(site.literal.substr(cut + 1));
  if (person.size() < 3 || is_service_user(person) || is_composed(person)) return std::nullopt;
  if (is_placeholder_name(person) || person == "path" || person == "folder") return std::nullopt;
  if (person.ends_with("user") || person.ends_with("runner") || person.starts_with("your") ||
      person.starts_with("my")) {
    return std::nullopt;
  }
  // /home as part of a longer path or a route of a web site is somebody else's folder or none.
  const char previous = site.before.empty() ? ' ' : site.before.back();
  if (previous == '/' && !site.before.ends_with("file://")) return std::nullopt;
  if (std::isalnum(static_cast<unsigned char>(previous)) || previous == '.' || previous == '}' ||
      previous == '/' || previous == '_' || previous == '-' || previous == '*') {
    return std::nullopt;
  }
  const char next = site.after.empty() ? ' ' : site.after.front();
  if (next == '.' || next == '(' || next == '$' || next == '{' || next == '*') return std::nullopt;
  // Only a folder that something lies in is surely a home: "/home/about" is a page.
  if (next != '/' && next != '\\' && !has_word(site.key, {"home", "homedir", "directory", "dir", "path"})) {
    return std::nullopt;
  }
  return Literal{person, "Home folder of one person", "home", "", {}, "Write `~` or `$HOME`."};
}

// Chats of communities, open to everybody.
constexpr auto kCommunities = std::to_array<std::string_view>(
    {"kubernetes", "cloud-native", "gophers", "hangops", "sweetops", "cloudposse", "communityinviter",
     "hashicorp-community", "fluxcd", "cloudnative", "ansiblecommunity", "puppetcommunity", "openinfra"});

std::optional<Literal> chat_channel(const Site& site) {
  if (site.before.ends_with(".slack.com/archives/")) {
    std::string_view team =
        site.before.substr(0, site.before.size() - std::string_view(".slack.com/archives/").size());
    team = team.substr(team.find_last_of(" /\"'(<[") + 1);
    if (is_any_of(team, kCommunities) || is_example_host(team)) return std::nullopt;
    return Literal{to_lower(site.literal), "Link into your own chat", "alert_channel", ""};
  }
  const std::string_view word = site.literal.substr(1);
  const auto all = [&](auto is) {
    return std::ranges::all_of(word, [&](char c) { return is(static_cast<unsigned char>(c)) != 0; });
  };
  if (site.literal.front() == '#') {
    const bool colour = word.size() <= 8 && all([](int c) { return std::isxdigit(c); });
    if (colour || all([](int c) { return std::isdigit(c); }) || word == "general" || word == "random")
      return std::nullopt;
    if (has_word(word, {"channel", "example", "your", "my", "test"})) return std::nullopt;
  } else if (std::islower(static_cast<unsigned char>(site.literal.front()))) {
    // A name without its #: only where the key says that it is one.
    if (has_word(site.literal, {"channel", "example", "your", "my", "test", "general", "random", "default",
                                "none", "true", "false", "null", "alerts"}))
      return std::nullopt;
  } else if (!std::ranges::any_of(word.substr(1), [](char c) { return c >= '0' && c <= '9'; })) {
    return std::nullopt;  // an id mixes capitals and digits
  }
  return Literal{to_lower(site.literal), "Channel of your own chat", "alert_channel", ""};
}

constexpr auto kChecks = std::to_array<Check>({
    {"person-email", person_email, false, true},
    {"ssh-key", ssh_key},
    {"home-path", home_path},
    {"chat-channel", chat_channel, false, true},
});

}  // namespace

std::span<const Check> people_checks() {
  return kChecks;
}

}  // namespace fanlight::coupling
