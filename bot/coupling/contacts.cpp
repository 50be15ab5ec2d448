// How an organisation reaches its people and how they reach each other: lists of logins, telephones, pages,
// robots and on-call objects.
#include <algorithm>
#include <array>
#include <cctype>

#include "check.hpp"
#include "fanlight/core/text.hpp"

namespace fanlight::coupling {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Words that stand in lists of users and are nobody's login.
// clang-format off
constexpr auto kNobody = std::to_array<std::string_view>(
    {"amazon", "self", "aws-marketplace", "microsoft", "canonical", "debian", "redhat", "true", "false", "null", "none",
     "read", "write", "admin", "maintain", "triage", "push", "pull", "owner", "member", "everyone", "anonymous",
     "authenticated", "default", "public", "private", "internal", "external", "viewer", "editor", "developer",
     "developers", "engineering", "platform", "infra", "string", "list", "array", "object", "number", "id", "email",
     "name", "username", "login", "type", "role", "roles", "group", "groups", "users", "admins", "foo", "bar", "baz",
     "create", "delete", "update", "get", "view", "edit", "enabled", "disabled", "guest", "operator", "monitor",
     "dependabot", "renovate", "github-actions", "copilot", "bot"});
// clang-format on

std::vector<std::string> logins_of(std::string_view list) {
  std::vector<std::string> logins;
  std::string login;
  bool comment = false;
  for (const char c : list) {
    if (c == '#') comment = true;
    if (c == '\n') comment = false;
    const bool part =
        !comment && (std::isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '_' || c == '-');
    if (part && !(login.empty() && c == '-')) {
      login += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    } else if (!login.empty()) {
      logins.push_back(std::move(login));
      login.clear();
    }
  }
  if (!login.empty()) logins.push_back(std::move(login));
  return logins;
}

// The first part of a login that joins two names, "anna.kowalczyk", or the owner says who it is.
bool is_login(std::string_view word, const Lexicon* lexicon) {
  if (lexicon && std::ranges::find(lexicon->people, word) != lexicon->people.end()) return true;
  if (word.size() < 3 || is_any_of(word, kNobody) || is_role_mailbox(word) || is_service_user(word))
    return false;
  if (std::ranges::none_of(word, [](char c) { return c >= 'a' && c <= 'z'; })) return false;
  return !is_placeholder_name(word);
}

// Files whose purpose is to name people.
bool is_roster(std::string_view path) {
  const std::string lower = to_lower(path);
  const std::string_view name = std::string_view(lower).substr(lower.rfind('/') + 1);
  return name.starts_with("codeowners") || name.starts_with("owners") || name.starts_with("maintainers") ||
         name.starts_with("galaxy") || name == "meta.yml" || name.ends_with(".gemspec") ||
         name == "package.json";
}

std::optional<Literal> user_list(const Site& site) {
  if (is_roster(site.file.path)) return std::nullopt;
  // In a program a list of users is mostly a list of variables or kinds; one that is called so holds names.
  const bool named = has_word(site.key, {"username", "login", "admin"});
  if (is_program(site.file.path) && !(named && site.literal.find_first_of("\"'") != site.literal.npos))
    return std::nullopt;
  // "filters = { owners = [...] }" and the members of an enumeration are no people.
  if (has_word(site.position.key_path,
               {"enum", "filter", "permission", "scope", "rule", "ami", "schema", "required"}))
    return std::nullopt;
  std::size_t people = 0;
  std::string normalised;
  for (const std::string& login : logins_of(site.literal)) {
    if (!is_login(login, site.file.lexicon)) continue;
    ++people;
    normalised += login + ' ';
  }
  const std::size_t all = logins_of(site.literal).size();
  if (people < 2 || people * 2 < all) return std::nullopt;
  return Literal{normalised, "List of people", "admin_group", ""};
}

// Numbers that ring nowhere: made up, or kept for films (North America 555-01xx, Ofcom's 01632 960xxx and
// 07700 900xxx).
bool is_made_up_number(const std::string& digits) {
  if (digits.find("55501") != digits.npos || digits.find("555555") != digits.npos) return true;
  if (digits.starts_with("441632960") || digits.starts_with("447700900")) return true;
  if (digits.find("123456") != digits.npos || digits.find("987654") != digits.npos) return true;
  std::string distinct = digits.substr(std::min<std::size_t>(2, digits.size()));
  std::ranges::sort(distinct);
  const auto rest = std::ranges::unique(distinct);
  distinct.erase(rest.begin(), rest.end());
  return distinct.size() <= 3;
}

std::optional<Literal> phone_number(const Site& site) {
  std::string digits;
  std::ranges::copy_if(site.literal, std::back_inserter(digits), is_digit);
  if (digits.size() < 10 || digits.size() > 15 || is_made_up_number(digits)) return std::nullopt;
  const char next = site.after.empty() ? ' ' : site.after.front();
  if (is_digit(next) || next == '.' || next == '-' || next == '_') return std::nullopt;
  return Literal{digits, "Telephone number", "contact_phone", ""};
}

// Sites of projects that let everybody read.
constexpr auto kPublicSites = std::to_array<std::string_view>({"hibernate",
                                                               "ecosystem",
                                                               "jira",
                                                               "confluence",
                                                               "community",
                                                               "openmrs",
                                                               "mariadb",
                                                               "jahia",
                                                               "wso2",
                                                               "zookeeper",
                                                               "sakaiproject",
                                                               "openid",
                                                               "terracotta",
                                                               "onap",
                                                               "lf-onap",
                                                               "lf-networking",
                                                               "lf-hyperledger",
                                                               "hyperledger",
                                                               "linuxfoundation",
                                                               "oasis-open",
                                                               "spring",
                                                               "springsource",
                                                               "id",
                                                               "developer",
                                                               "support",
                                                               "api",
                                                               "team",
                                                               "www",
                                                               "wiki"});

std::optional<Literal> private_page(const Site& site) {
  const std::string page = to_lower(site.literal);
  const std::string_view owner = std::string_view(page).substr(0, page.find('.'));
  if (page.find(".atlassian.net") != page.npos || page.find(".sharepoint.com") != page.npos ||
      page.find(".monday.com") != page.npos) {
    if (is_any_of(owner, kPublicSites) || is_placeholder_name(owner)) return std::nullopt;
  }
  if (site.before.ends_with('}') || site.before.ends_with('.') || site.before.ends_with('-'))
    return std::nullopt;
  if (page.find("example") != page.npos) return std::nullopt;
  return Literal{page, "Page that outsiders cannot open", "", ""};
}

std::optional<Literal> robot_identity(const Site& site) {
  const std::string account = to_lower(site.literal);
  const std::size_t at = account.find('@');
  const std::string_view team = std::string_view(account).substr(at + 1, account.find('.', at) - at - 1);
  if (is_placeholder_name(team) || is_placeholder_name(std::string_view(account).substr(0, at)) ||
      is_composed(account))
    return std::nullopt;
  return Literal{account, "Robot account of your own", "bot_account", ""};
}

std::optional<Literal> oncall_object(const Site& site) {
  if (site.literal.size() == 36) {
    if (is_made_up_hex(site.literal.substr(0, 8))) return std::nullopt;
    return Literal{to_lower(site.literal), "On-call object of your own", "schedule_id", ""};
  }
  // Words and the codes of linters look the same: PRIMARY, PREMIUM, PLR0913. An id mixes.
  const std::string_view id = site.literal;
  const auto digits = std::ranges::count_if(id, is_digit);
  const bool tail = std::ranges::all_of(id.substr(3), is_digit);
  if (digits == 0 || tail || id.find("123") != id.npos || id.find("ABC") != id.npos ||
      id.find("XXX") != id.npos)
    return std::nullopt;
  return Literal{std::string(id), "On-call object of your own", "escalation_policy_id",
                 "data.pagerduty_escalation_policy.this.id"};
}

std::optional<Literal> chat_webhook(const Site& site) {
  const std::string url = to_lower(site.literal);
  if (url.find("xxx") != url.npos || url.find("0000000") != url.npos || url.find("12345") != url.npos ||
      is_composed(url))
    return std::nullopt;
  return Literal{url, "Address that posts into your chat", "", ""};
}

constexpr auto kChecks = std::to_array<Check>({
    {"user-list", user_list},
    {"phone-number", phone_number, false, true},
    {"private-page", private_page, false, true},
    {"robot-identity", robot_identity},
    {"oncall-object", oncall_object},
    {"chat-webhook", chat_webhook, false, true, false, true},
});

}  // namespace

std::span<const Check> contact_checks() {
  return kChecks;
}

}  // namespace fanlight::coupling
