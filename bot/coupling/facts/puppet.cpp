// Puppet, by words: parameters of classes and defines, the classes it includes, what it looks up in hiera. No
// grammar: strings and comments are told apart, brackets are counted.
#include <algorithm>
#include <array>
#include <cctype>

#include "fanlight/core/text.hpp"
#include "readers.hpp"

namespace fanlight::coupling {

namespace {

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == ':';
}

// Facts by their old names: `$::osfamily` is no site's own variable.
bool is_fact(std::string_view name) {
  static constexpr auto kFacts = std::to_array<std::string_view>({"osfamily",
                                                                  "operatingsystem",
                                                                  "operatingsystemrelease",
                                                                  "operatingsystemmajrelease",
                                                                  "lsbdistcodename",
                                                                  "lsbdistid",
                                                                  "lsbdistrelease",
                                                                  "lsbmajdistrelease",
                                                                  "hostname",
                                                                  "fqdn",
                                                                  "domain",
                                                                  "ipaddress",
                                                                  "ipaddress6",
                                                                  "ipaddress_lo",
                                                                  "architecture",
                                                                  "kernel",
                                                                  "kernelrelease",
                                                                  "kernelversion",
                                                                  "kernelmajversion",
                                                                  "virtual",
                                                                  "is_virtual",
                                                                  "processorcount",
                                                                  "physicalprocessorcount",
                                                                  "memorysize",
                                                                  "memorysize_mb",
                                                                  "memorytotal",
                                                                  "macaddress",
                                                                  "netmask",
                                                                  "interfaces",
                                                                  "uptime_days",
                                                                  "uniqueid",
                                                                  "puppetversion",
                                                                  "facterversion",
                                                                  "rubyversion",
                                                                  "servername",
                                                                  "serverip",
                                                                  "serverversion",
                                                                  "environment",
                                                                  "clientcert",
                                                                  "clientversion",
                                                                  "module_name",
                                                                  "caller_module_name",
                                                                  "trusted",
                                                                  "facts",
                                                                  "settings",
                                                                  "name",
                                                                  "title",
                                                                  "id",
                                                                  "path",
                                                                  "timezone",
                                                                  "selinux",
                                                                  "augeasversion",
                                                                  "hardwaremodel",
                                                                  "os",
                                                                  "networking",
                                                                  "sudoversion",
                                                                  "service_provider",
                                                                  "init",
                                                                  "swapsize_mb",
                                                                  "root_home",
                                                                  "concat_basedir",
                                                                  "staging_http_get",
                                                                  "package_provider",
                                                                  "gid",
                                                                  "blockdevices",
                                                                  "hardwareisa",
                                                                  "boardmanufacturer",
                                                                  "productname",
                                                                  "manufacturer",
                                                                  "serialnumber",
                                                                  "filesystems",
                                                                  "partitions",
                                                                  "processors",
                                                                  "mountpoints",
                                                                  "memory",
                                                                  "disks",
                                                                  "identity",
                                                                  "system_uptime",
                                                                  "ec2_metadata",
                                                                  "gce",
                                                                  "puppet_vardir",
                                                                  "augeas",
                                                                  "dmi",
                                                                  "ssldir",
                                                                  "vardir",
                                                                  "server_facts",
                                                                  "lsbdistdescription",
                                                                  "systemd",
                                                                  "systemd_version"});
  return std::ranges::find(kFacts, name) != kFacts.end() || name.starts_with("ipaddress_") ||
         name.starts_with("blockdevice_") || name.starts_with("macaddress_") || name.starts_with("ec2_") ||
         name.starts_with("netmask_") || name.starts_with("processor");
}

struct Puppet {
  FactsReader& reader;
  std::string_view text = reader.text;
  std::size_t at = 0;

  void skip_blank() {
    while (at < text.size()) {
      if (std::isspace(static_cast<unsigned char>(text[at]))) {
        ++at;
      } else if (text[at] == '#') {
        at = std::min(text.find('\n', at), text.size());
      } else {
        return;
      }
    }
  }

  // Past the string that begins at `at`; its inside.
  std::string_view string() {
    const char quote = text[at];
    const std::size_t begin = ++at;
    while (at < text.size() && text[at] != quote) at += text[at] == '\\' ? 2 : 1;
    at = std::min(at, text.size());
    const std::string_view inside = text.substr(begin, at - begin);
    if (at < text.size()) ++at;
    return inside;
  }

  std::string_view word() {
    const std::size_t begin = at;
    while (at < text.size() && is_word(text[at])) ++at;
    return text.substr(begin, at - begin);
  }

  std::size_t offset(std::string_view part) const {
    return static_cast<std::size_t>(part.data() - text.data());
  }

  void need_class(std::string_view name) {
    const std::size_t begin = offset(name);
    std::size_t cut = 0;
    while (name.starts_with("::")) {
      name.remove_prefix(2);
      cut += 2;
    }
    if (name.empty() || name.find('$') != name.npos) return;
    if (!std::islower(static_cast<unsigned char>(name.front()))) return;
    reader.need(Need::puppet_class, name, begin + cut);
  }

  // "include a, 'b::c'".
  void class_list() {
    for (;;) {
      skip_blank();
      if (at < text.size() && text[at] == '(') {
        ++at;
        continue;
      }
      if (at >= text.size()) return;
      if (text[at] == '\'' || text[at] == '"') {
        need_class(string());
      } else if (is_word(text[at])) {
        need_class(word());
      } else {
        return;
      }
      while (at < text.size() && (text[at] == ' ' || text[at] == '\t')) ++at;
      if (at >= text.size() || text[at] != ',') return;
      ++at;
    }
  }

  // "( Type $name = default, … )".
  void parameters() {
    unsigned depth = 0;
    std::size_t begin = at + 1;
    std::string_view name;
    bool has_default = false;
    const auto finish = [&](std::size_t end) {
      if (!name.empty()) {
        const std::size_t first = std::min(text.find_first_not_of(" \t\r\n", begin), end);
        const std::string_view type = trim(text.substr(first, offset(name) - 1 - first));
        reader.parameter(name, type, has_default, {first, end});
      }
      name = {};
      has_default = false;
      begin = end + 1;
    };
    while (at < text.size()) {
      const char c = text[at];
      if (c == '\'' || c == '"') {
        string();
        continue;
      }
      if (c == '#') {
        at = std::min(text.find('\n', at), text.size());
        continue;
      }
      if (c == '$' && name.empty() && depth == 1) {
        ++at;
        name = word();
        continue;
      }
      if (c == '(' || c == '[' || c == '{') ++depth;
      if (c == ')' || c == ']' || c == '}') --depth;
      if (depth == 0) {
        finish(at);
        ++at;
        return;
      }
      if (depth == 1 && c == '=') has_default = true;
      if (depth == 1 && c == ',') finish(at);
      ++at;
    }
  }

  void lookup(std::string_view function) {
    skip_blank();
    if (at >= text.size() || text[at] != '(') return;
    ++at;
    skip_blank();
    if (at >= text.size() || (text[at] != '\'' && text[at] != '"')) return;
    const std::string_view key = string();
    const std::size_t close = std::min(text.find(')', at), text.size());
    const std::string_view rest = text.substr(at, close - at);
    const bool more = rest.find(',') != rest.npos;
    // lookup's second argument is a type; a default is named, or comes fourth.
    const bool has_default =
        function == "lookup" ? rest.find("default_value") != rest.npos || std::ranges::count(rest, ',') >= 3
                             : more;
    if (key.find('$') == key.npos && key.find('%') == key.npos)
      reader.look_up(LookupKind::hiera, key, has_default, offset(key));
  }

  void variable() {
    ++at;
    const std::string_view name = word();
    if (!name.starts_with("::")) return;
    const std::string_view top = name.substr(2);
    if (top.find("::") == top.npos && !is_fact(top))
      reader.look_up(LookupKind::global, top, false, offset(top));
  }

  void statement(std::string_view name) {
    if (name == "include" || name == "require" || name == "contain") return class_list();
    if (name == "hiera" || name == "hiera_array" || name == "hiera_hash" || name == "lookup")
      return lookup(name);
    if (name == "inherits") {
      skip_blank();
      if (at < text.size() && is_word(text[at])) need_class(word());
      return;
    }
    if (name != "class" && name != "define") return;
    skip_blank();
    if (at < text.size() && text[at] == '{') {
      ++at;
      skip_blank();
      if (at < text.size() && (text[at] == '\'' || text[at] == '"')) need_class(string());
      return;
    }
    word();
    skip_blank();
    if (at < text.size() && text[at] == '(') parameters();
  }

  void read() {
    bool after_arrow = false;  // `require => Class['x']` is a relation of resources
    while (at < text.size()) {
      skip_blank();
      if (at >= text.size()) return;
      const char c = text[at];
      if (c == '\'' || c == '"') {
        string();
      } else if (c == '$') {
        variable();
      } else if (is_word(c)) {
        const std::string_view name = word();
        std::size_t next = at;
        while (next < text.size() && (text[next] == ' ' || text[next] == '\t')) ++next;
        after_arrow = text.substr(next, 2) == "=>";
        if (!after_arrow) statement(name);
      } else {
        ++at;
      }
    }
  }
};

}  // namespace

void read_puppet(FactsReader& reader) {
  Puppet{reader}.read();
}

}  // namespace fanlight::coupling
