// Does a value point to where the secret is kept, instead of being it? The forms are those of the languages
// of infrastructure: HCL, YAML with its tags, Jinja, Helm, shell, CI systems, secret managers, and calls in
// code.
#include <algorithm>
#include <array>
#include <string>

#include "fanlight/core/text.hpp"
#include "fanlight/detect/judge.hpp"

namespace fanlight::detect {
namespace {

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_name_start(char c) {
  return is_letter(c) || c == '_';
}
bool is_name(char c) {
  return is_name_start(c) || (c >= '0' && c <= '9');
}

// What an interpolation looks like wherever it stands.
constexpr auto kInterpolations = std::to_array<std::string_view>({
    "${",
    "$(",
    "$[[",
    "{{",
    "}}",
    "<%",
    "%>",
    "%(",
    "%{",
    "#{",
    "@{",
    "$$(",
    "[[",
});

// What a reference begins with, lower case. The hash of a password is none: it only says what the password
// must hash to.
constexpr auto kPrefixes = std::to_array<std::string_view>({
    "!ref",
    "!sub",
    "!getatt",
    "!vault",
    "!secret",
    "!env",
    "!include",
    "!reference",
    "!join",
    "!importvalue",
    "!!",
    "enc[",
    "enc(",
    "{cipher}",
    "vault:",
    "vault://",
    "secret://",
    "secrets://",
    "op://",
    "ref+",
    "awssm:",
    "aws-sm:",
    "ssm:",
    "ssm://",
    "gcpsm:",
    "gcp-sm:",
    "sm://",
    "akv:",
    "keyvault:",
    "@microsoft.keyvault",
    "keyring:",
    "file:",
    "file://",
    "env:",
    "env.",
    "env(",
    "env[",
    "arn:aws",
    "projects/",
    "os.environ",
    "os.getenv",
    "process.env",
    "getenv",
    "system.getenv",
    "environment.",
    "var.",
    "vars.",
    "local.",
    "locals.",
    "module.",
    "data.",
    "each.",
    "self.",
    "this.",
    "secrets.",
    "secret.",
    "github.",
    "steps.",
    "needs.",
    "inputs.",
    "params.",
    "parameters.",
    "context.",
    "config.",
    "settings.",
    "values.",
    ".values",
    "$.",
    "lookup(",
    "hiera(",
    "cred://",
    "pass://",
    "bw://",
    "doppler://",
    "infisical://",
    "conjur:",
    "{vault}",
    "kv/",
    "secret/data/",
    "/run/secrets/",
    "pkcs11:",
    "awskms:",
    "gcpkms:",
    "hashivault:",
    "base64encode(",
    "sensitive(",
    "http://",
    "https://",
    "$ansible_vault",
    "s3://",
    "$2a$",
    "$2b$",
    "$2y$",
    "$1$",
    "$5$",
    "$6$",
    "$y$",
    "$argon2",
    "$apr1$",
    "$pbkdf2",
    "$scrypt",
    "{sha",
    "{ssha",
    "{bcrypt",
    "{crypt",
    "{md5",
    "{smd5",
    "{noop",
    "pbkdf2",
    "scrypt:",
    "scram-sha-",
    "bcrypt:",
    "argon2",
    "gs://",
    "urn:",
    "data:image",
    "data:font",
    "data:application",
    "//",
    "aws4-hmac-sha256",
});

constexpr auto kFileEndings = std::to_array<std::string_view>({
    ".pem",  ".key", ".crt",        ".cer",  ".json",   ".yaml",    ".yml", ".txt",  ".env",
    ".conf", ".cfg", ".ini",        ".toml", ".p12",    ".pfx",     ".jks", ".gpg",  ".age",
    ".asc",  ".sh",  ".py",         ".js",   ".ts",     ".go",      ".rb",  ".java", ".md",
    ".html", ".xml", ".properties", ".tf",   ".tfvars", ".example", ".php", ".vue",  ".tsx",
});

bool is_wrapped(std::string_view value, std::string_view open, std::string_view close) {
  return value.size() > open.size() + close.size() && value.starts_with(open) && value.ends_with(close);
}

// "settings.keys.load(", "ed25519.PrivateKey.from_bytes(secret": names with dots between, then a call.
bool is_dotted_call(std::string_view value) {
  const std::size_t call = value.find('(');
  if (call == value.npos || call == 0) return false;
  const std::string_view callee = value.substr(0, call);
  return callee.find('.') != callee.npos && callee.back() != '.' &&
         std::ranges::all_of(callee, [](char c) { return is_name(c) || c == '.'; });
}

// "parts[", "Union[bytes": a name of letters with an index or a type behind it.
bool is_indexed_name(std::string_view value) {
  const std::size_t open = value.find('[');
  if (open == value.npos || open < 4) return false;
  const std::string_view name = value.substr(0, open);
  return std::ranges::all_of(name, [](char c) { return is_name_start(c) || c == '.'; }) &&
         !looks_random(name);
}

// Names joined by ".", "->", "::", "[…]" or "(…)": an expression, not a value. One plain name is none.
bool is_expression(std::string_view value) {
  while (!value.empty() && std::string_view(":;,.").find(value.back()) != value.npos) value.remove_suffix(1);
  if (value.empty() || !is_name_start(value.front())) return false;
  if (is_dotted_call(value) || is_indexed_name(value)) return true;
  std::size_t joints = 0, start = 0;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    if (is_name(c)) continue;
    if (i - start >= 12 && is_unreadable(value.substr(start, i - start))) return false;
    if (c == '(' || c == '[') {
      // A call or an index: whatever its arguments are, the value is elsewhere. A literal that is only cut
      // off here would have a quote in front.
      const bool called = i > 0 && (is_name(value[i - 1]) || value[i - 1] == '.') && i - start >= 2;
      const auto close = value.find(']', i);
      const bool indexed = close != std::string_view::npos &&
                           (close + 1 == value.size() ||
                            std::string_view(".[(?)").find(value[close + 1]) != std::string_view::npos);
      return called && (c == '(' || indexed || value.find_first_of("\"'`") != std::string_view::npos);
    }
    if (c == '.' && i + 1 < value.size() && is_name_start(value[i + 1])) {
      ++joints;
    } else if (value.substr(i).starts_with("->") || value.substr(i).starts_with("::") ||
               value.substr(i).starts_with("?.")) {
      ++joints;
      ++i;
    } else {
      return false;
    }
    start = i + 1;
  }
  return joints > 0 && !(value.size() - start >= 12 && is_unreadable(value.substr(start)));
}

// /etc/ssl/private/host.key, ./secrets/db, ~/.ssh/id_rsa, C:\keys\x, or a bare file name.
bool is_path(std::string_view value) {
  const std::string text = to_lower(value);
  if (std::ranges::any_of(kFileEndings, [&](std::string_view ending) {
        return text.size() > ending.size() && text.ends_with(ending);
      }))
    return true;
  if (value.starts_with("./") || value.starts_with("../") || value.starts_with("~/")) return true;
  if (value.size() > 3 && is_letter(value[0]) && value[1] == ':' && (value[2] == '\\' || value[2] == '/'))
    return true;
  // prod/app/db: the first part is a word. So is the start of many a key in base64, whose rest tells.
  const auto slash = value.find('/');
  if (slash != std::string_view::npos && slash >= 4 && slash <= 12 &&
      value.substr(0, slash).find_first_of("aeiou") != std::string_view::npos &&
      std::ranges::all_of(value.substr(0, slash), [](char c) { return c >= 'a' && c <= 'z'; }))
    return value.size() - slash < 16 || !looks_random(value.substr(slash));
  if (value.front() != '/' || std::ranges::count(value, '/') < 2) return false;
  // Folders are written small: "/go/src/github.com/x" reads like nothing, and is a path.
  return !looks_random(value) || std::ranges::all_of(value, [](char c) {
    return (c >= 'a' && c <= 'z') || std::string_view("/._-").find(c) != std::string_view::npos;
  });
}

// DB_PASSWORD, SECRET_KEY_BASE: the name of a variable.
bool is_constant_name(std::string_view value) {
  if (value.find('_') == std::string_view::npos) return false;
  std::size_t letters = 0;
  for (const char c : value) {
    if (!(c >= 'A' && c <= 'Z') && c != '_' && !(c >= '0' && c <= '9')) return false;
    letters += is_letter(c);
  }
  return letters * 4 >= value.size() * 3 && !looks_random(value);
}

// f"{registry_id}-token": a name in braces.
bool holds_braced_name(std::string_view value) {
  for (auto open = value.find('{'); open != value.npos; open = value.find('{', open + 1)) {
    const std::size_t close = value.find('}', open);
    if (close == value.npos) return false;
    const std::string_view name = value.substr(open + 1, close - open - 1);
    if (name.size() >= 3 && is_name_start(name[0]) &&
        std::ranges::all_of(name, [](char c) { return is_name(c) || c == '.'; }) && !looks_random(name))
      return true;
  }
  return false;
}

bool is_variable(std::string_view value) {
  // $name, %NAME%, __NAME__, @NAME@, *alias, &anchor, :symbol
  if (value.size() < 2) return false;
  const auto named = [](std::string_view name) {
    return !name.empty() && is_name_start(name.front()) &&
           std::ranges::all_of(name, [](char c) { return is_name(c) || c == '-' || c == '.' || c == ':'; });
  };
  for (const std::string_view mark : {"%", "__", "@@", "@", "##", "#"})
    if (is_wrapped(value, mark, mark) && named(value.substr(mark.size(), value.size() - 2 * mark.size())))
      return true;
  const char first = value.front();
  // $_POST['password'], $this->password, $config(…)
  if (first == '$') {
    const std::size_t end = value.find_first_of("[-(");
    if (end != value.npos && end > 2 && named(value.substr(1, end - 1)) &&
        (value[end] != '-' || value.substr(end).starts_with("->")) && !looks_random(value.substr(1, end - 1)))
      return true;
  }
  return (first == '$' || first == '*' || first == '&' || first == ':') && named(value.substr(1)) &&
         !looks_random(value.substr(1));
}

// %s or %d that stands alone, as a format does: "%s", "token-%s". A password may hold "%d9".
bool holds_directive(std::string_view value) {
  for (auto at = value.find('%'); at != std::string_view::npos; at = value.find('%', at + 1)) {
    if (at + 1 >= value.size() || (value[at + 1] != 's' && value[at + 1] != 'd')) continue;
    const bool left = at == 0 || !is_name(value[at - 1]);
    const bool right = at + 2 == value.size() || !is_name(value[at + 2]);
    if (left && right) return true;
  }
  return false;
}

}  // namespace

bool is_reference(std::string_view value) {
  value = trim(value);
  if (value.empty() || value.size() > 512) return false;
  for (const std::string_view mark : kInterpolations)
    if (value.find(mark) != std::string_view::npos) return true;
  const std::string head = to_lower(value.substr(0, 24));
  for (const std::string_view prefix : kPrefixes)
    if (head.starts_with(prefix)) return true;
  if (value.front() == '^' || value.find("(?") != std::string_view::npos ||
      value.find("[a-z") != std::string_view::npos || value.find("\\d") != std::string_view::npos)
    return true;  // a regular expression that checks passwords
  // What stands between two quoted texts, as if it were one: `"password=" + x + "…"`, `(", pass=").add("…")`.
  if (value.size() >= 2 && value.front() == ')' && std::string_view(".,;+) ").find(value[1]) != value.npos)
    return true;
  if (is_wrapped(value, "<", ">") || is_wrapped(value, "{", "}") || is_wrapped(value, "[", "]")) return true;
  if (holds_braced_name(value) || holds_directive(value) || value.find("{}") != std::string_view::npos)
    return true;
  return is_variable(value) || is_expression(value) || is_path(value) || is_constant_name(value);
}

}  // namespace fanlight::detect
