// Words that people write where a secret would stand. Three lists, since they weigh differently: markers say
// it anywhere in a value; stand-ins say it when the value is nothing but such words; weak words say it too,
// unless the value was made strong on purpose (small, capital, digit and mark).
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace fanlight::detect {

inline constexpr std::size_t kListedWordMax = 14;

inline constexpr auto kMarkers = std::to_array<std::string_view>({
    "example",
    "changeme",
    "change-me",
    "change_me",
    "change_this",
    "changethis",
    "change this",
    "placeholder",
    "redacted",
    "replaceme",
    "replace_me",
    "replace-me",
    "replace_with",
    "replace-with",
    "your-",
    "your_",
    "yourpass",
    "yourkey",
    "yoursecret",
    "yourtoken",
    "yourapi",
    "goes-here",
    "goes_here",
    "goeshere",
    "-here",
    "_here",
    "insert",
    "dummy",
    "fake",
    "mock",
    "sample",
    "todo",
    "fixme",
    "not-real",
    "notreal",
    "not_real",
    "notasecret",
    "not-a-secret",
    "not_a_secret",
    "not-secret",
    "nosecret",
    "deadbeef",
    "foobar",
    "lorem",
    "sanitized",
    "sanitised",
    "censored",
    "scrubbed",
    "removed-",
    "masked",
    "hidden-",
    "unittest",
    "unit-test",
    "unit_test",
    "test-key",
    "test_key",
    "testkey",
    "test-token",
    "test_token",
    "testtoken",
    "testsecret",
    "test-secret",
    "test_secret",
    "testpass",
    "test-pass",
    "test_pass",
    "abcdef0123456789",
    "abcdefghijkl",
    "qwertyuiop",
    "some-secret",
    "some_secret",
    "somesecret",
    "my-secret",
    "my_secret",
    "thisisasecret",
    "this-is",
    "this_is",
    "xxxx",
    "fill-in",
    "fill_in",
    "fillme",
    "set-me",
    "set_me",
    "setme",
    "put-your",
    "put_your",
    "enter-your",
    "enter_your",
    "illustrat",
    "documentation",
    "template",
    "yourstrong",
    "your_strong",
});

inline constexpr auto kStandIns = std::to_array<std::string_view>({
    "a",          "abc",      "access",   "always",    "never",     "an",         "any",         "api",
    "app",        "apikey",   "auth",     "bar",       "baz",       "bearer",     "blank",       "change",
    "changed",    "changeit", "client",   "code",      "creds",     "credential", "credentials", "db",
    "def",        "default",  "demo",     "dev",       "empty",     "enter",      "env",         "file",
    "foo",        "for",      "from",     "generated", "get",       "here",       "hidden",      "id",
    "in",         "input",    "insecure", "insert",    "invalid",   "is",         "it",          "key",
    "local",      "me",       "my",       "mypass",    "name",      "new",        "nil",         "no",
    "none",       "not",      "null",     "of",        "old",       "optional",   "or",          "pass",
    "passphrase", "passwd",   "password", "passwort",  "passwords", "path",       "prod",        "production",
    "prompt",     "provided", "put",      "pwd",       "qux",       "ref",        "required",    "reset",
    "safe",       "secret",   "secrets",  "secure",    "set",       "shared",     "some",        "something",
    "staging",    "string",   "super",    "temp",      "test",      "tester",     "testing",     "text",
    "the",        "this",     "tmp",      "to",        "token",     "tokens",     "top",         "type",
    "undefined",  "unset",    "unsafe",   "unused",    "user",      "username",   "value",       "values",
    "var",        "variable", "vault",    "with",      "wrong",     "your",       "xyz",         "bool",
    "boolean",    "int",      "str",      "true",      "false",     "yes",        "object",      "const",
    "constant",   "field",    "label",    "hash",      "hashed",    "encrypted",  "random",      "ci",
    "build",      "private",  "public",   "read",      "write",     "only",       "one",         "two",
    "on",         "off",      "disabled", "enabled",   "ignore",    "ignored",    "see",         "use",
    "using",      "must",     "be",       "and",
});

// Words of programs. One of them makes a numbered phrase a name: "input_field_2", "oauthClient1".
// clang-format off
inline constexpr auto kTradeWords = std::to_array<std::string_view>({
    "action", "active", "add", "after", "alert", "alias", "all", "allow", "alpha", "archive", "args", "array", "attr",
    "attribute", "auto", "background", "badge", "base", "basic", "batch", "before", "begin", "beta", "bind",
    "bit", "block", "body", "border", "bottom", "box", "branch", "browser", "bucket", "buffer", "button", "byte", "bytes",
    "cache", "call", "callback", "cancel", "card", "case", "category", "cell", "center", "channel", "char", "check",
    "checkbox", "child", "class", "click", "close", "color", "colour", "column", "command", "comment", "common",
    "component", "confirm", "connect", "connection", "container", "content", "context", "controller", "cookie", "copy",
    "core", "count", "create", "css", "current", "custom", "data", "date", "debug", "decode", "delete", "deploy",
    "desc", "description", "detail", "details", "device", "dialog", "digest", "dir", "directory", "disable", "display",
    "div", "dns", "doc", "document", "domain", "download", "driver", "drop", "edit", "editor", "element", "email", "enable",
    "encode", "encoder", "end", "endpoint", "entity", "entry", "error", "event", "exception", "expire", "expired",
    "export", "extra", "factory", "fail", "failed", "fetch", "field", "fields", "filter", "find", "first", "flag", "folder",
    "font", "footer", "force", "form", "format", "frame", "function", "gateway", "global", "grid", "group", "handle",
    "handler", "header", "headers", "height", "help", "helper", "hide", "hint", "hook", "host", "html", "icon",
    "image", "img", "import", "index", "info", "init", "inner", "install", "instance", "interface", "internal", "item",
    "items", "job", "kind", "label", "last", "layer", "layout", "left", "length", "level", "library", "line", "link", "list",
    "load", "loader", "lock", "log", "logger", "logout", "main", "map", "match", "max", "media", "menu", "message", "meta",
    "method", "min", "mode", "model", "module", "month", "namespace", "native", "network", "next", "notify", "num", "number",
    "oauth", "offset", "open", "option", "options", "order", "output", "package", "page", "panel", "param", "params",
    "parent", "parse", "parser", "part", "pattern", "plain", "player", "plugin", "policy", "pool", "popup", "port",
    "position", "post", "prefix", "preview", "print", "process", "profile", "properties", "property", "protocol", "provider",
    "proxy", "query", "queue", "raw", "record", "redirect", "refresh", "region", "register", "remote", "remove", "repeat",
    "report", "request", "resource", "response", "result", "retry", "right", "role", "route", "router", "row", "rule", "run",
    "saml", "save", "schema", "scope", "screen", "script", "scroll", "search", "section", "select", "send", "session",
    "setting", "settings", "setup", "show", "side", "sign", "signature", "size", "socket", "sort", "source", "split",
    "stack", "stage", "start", "state", "status", "step", "storage", "store", "stream", "style", "submit", "success",
    "suffix", "switch", "sync", "tab", "table", "tag", "target", "task", "template", "theme", "thread", "time", "timeout",
    "timestamp", "title", "toggle", "tool", "total", "track", "type", "update", "upload", "util", "utils", "valid",
    "validate", "validation", "validator", "vendor", "verify", "version", "video", "view", "virtual", "visible", "volume",
    "warning", "widget", "width", "worker", "wrapper", "zone",
});
// clang-format on

inline constexpr auto kWeakWords = std::to_array<std::string_view>({
    "account",    "admin",     "administrator", "airflow",   "backup",     "cassandra", "cluster",
    "config",     "database",  "django",        "docker",    "elastic",    "grafana",   "guest",
    "hello",      "keycloak",  "kibana",        "laravel",   "letmein",    "localhost", "login",
    "mail",       "mariadb",   "master",        "minio",     "minioadmin", "mongo",     "mongodb",
    "mysql",      "neo",       "node",          "oracle",    "owner",      "pg",        "postgres",
    "postgresql", "project",   "qwerty",        "rabbitmq",  "redis",      "replica",   "root",
    "rootroot",   "sa",        "sample",        "server",    "service",    "site",      "sonar",
    "sonarqube",  "spring",    "sql",           "symfony",   "system",     "vagrant",   "web",
    "welcome",    "wordpress", "world",         "zabbix",    "rails",      "manager",   "member",
    "nobody",     "primary",   "secondary",     "dbuser",    "dbadmin",    "rootpass",  "adminpass",
    "superuser",  "developer", "operator",      "anonymous", "s",          "u",         "p",
});

// Short words that is_pronounceable() cannot know.
inline constexpr auto kCommonShort = std::to_array<std::string_view>({
    "a",    "an",  "and", "api",  "app",  "as",  "at",  "be",   "by",    "ca",  "cd",  "ci",  "db",
    "dev",  "dns", "do",  "eu",   "for",  "get", "go",  "http", "https", "id",  "if",  "in",  "io",
    "ip",   "is",  "it",  "js",   "json", "jwt", "key", "md",   "me",    "my",  "ms",  "no",  "not",
    "of",   "ok",  "on",  "or",   "our",  "pem", "prd", "prod", "pwd",   "s",   "set", "sh",  "so",
    "sql",  "ssh", "ssl", "stg",  "sub",  "svc", "the", "tls",  "tmp",   "to",  "uk",  "uri", "url",
    "us",   "usr", "via", "vm",   "we",   "xml", "yml", "you",  "t",     "src", "str", "gcp", "aws",
    "ssm",  "kms", "iam", "arn",  "ns",   "txt", "cfg", "conf", "env",   "fn",  "ctx", "req", "res",
    "args", "cmd", "ref", "hash", "sha",  "rsa", "crt", "cert", "csr",
});

inline bool is_stand_in(std::string_view word) {
  return std::ranges::find(kStandIns, word) != kStandIns.end();
}
inline bool is_weak_word(std::string_view word) {
  return std::ranges::find(kWeakWords, word) != kWeakWords.end();
}
inline bool is_trade_word(std::string_view word) {
  return std::ranges::find(kTradeWords, word) != kTradeWords.end();
}
inline bool is_common_short(std::string_view word) {
  return word.size() <= 5 && std::ranges::find(kCommonShort, word) != kCommonShort.end();
}

}  // namespace fanlight::detect
