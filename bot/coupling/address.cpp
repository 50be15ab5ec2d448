// Addresses: private, shared (CGNAT, unique local) and public ones of the organisation, and hardware ids. A
// dotted quad is an address only where it parses as one and stands where an address may stand: versions,
// object ids and paths look the same.
#include <algorithm>
#include <array>
#include <cctype>
#include <vector>

#include "check.hpp"
#include "fanlight/core/text.hpp"
#include "ip.hpp"

namespace fanlight::coupling {

namespace {

using namespace std::string_view_literals;

// Whole ranges say "everything private", and the rest are defaults of public software, equal for everybody.
constexpr auto kPrivateConstants = std::to_array<std::string_view>({
    "10.0.0.0/8",       "172.16.0.0/12",  "192.168.0.0/16",  "10.0.0.0",
    "172.16.0.0",       "192.168.0.0",  // RFC 1918 whole
    "10.255.255.255",   "172.31.255.255", "192.168.255.255", "10.96.0.0/12",
    "10.96.0.0/16",     "10.96.0.1",      "10.96.0.10",      "10.244.0.0/16",  // kubeadm, flannel
    "10.42.0.0/16",     "10.43.0.0/16",   "10.43.0.10",
    "10.43.0.1",  // k3s, RKE
    "10.233.0.0/18",    "10.233.64.0/18", "10.233.0.0/16",   "10.152.183.0/24",
    "10.152.183.10",  // kubespray, MicroK8s
    "10.100.0.0/16",    "10.100.0.10",    "172.20.0.0/16",
    "172.20.0.10",  // EKS service ranges
    "10.32.0.0/12",     "10.88.0.0/16",   "10.217.0.0/16",   "10.128.0.0/14",
    "172.30.0.0/16",  // Weave, Podman, OpenShift
    "172.17.0.0/16",    "172.17.0.1",     "172.17.0.2",      "172.18.0.0/16",
    "172.18.0.1",       "172.17.0.1/16",  // Docker
    "10.0.2.2",         "10.0.2.3",       "10.0.2.15",
    "10.0.2.0/24",  // VirtualBox and QEMU NAT
    "192.168.122.0/24", "192.168.122.1",  "192.168.49.2",
    "192.168.99.100",  // libvirt, minikube, docker-machine
    "192.168.65.1",     "192.168.65.2",   "192.168.65.0/24",
    "192.168.56.0/21",  // Docker Desktop, VirtualBox host-only
});
constexpr auto kPrivateRanges =
    std::to_array<std::string_view>({"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"});

constexpr auto kSharedConstants = std::to_array<std::string_view>({
    "100.64.0.0/10", "100.64.0.0/16", "100.64.0.0",
    "100.127.255.255",  // whole, and the EKS custom networking example
    "100.100.100.100", "fd7a:115c:a1e0::/48", "fd7a:115c:a1e0::53",  // Tailscale
    "fc00::/7", "fc00::", "fd00::/8", "fd00::", "fd00::1", "fd00:ec2::254",
    "fd00:ec2::/32",  // whole; AWS metadata
});
// RFC 4193 gives fdf8:f53b:82e4::/48 in its text; the others are what tutorials copy.
constexpr auto kSharedExamples =
    std::to_array<std::string_view>({"fdf8:f53b:82e4::/48", "fd12:3456:789a::/48", "fd00:1234::/32",
                                     "fd00:dead:beef::/48", "fd20:ce::/32", "fd15:4ba5:5a2b:1008::/64"});
constexpr auto kSharedRanges = std::to_array<std::string_view>({"100.64.0.0/10", "fc00::/7"});

// IANA's special-purpose registry: none of these is globally reachable.
constexpr auto kSpecial = std::to_array<std::string_view>(
    {"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
     "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16",
     "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"});

// Published by their operators and the same for everybody: resolvers, health checks, content networks,
// forges.
constexpr auto kPublished = std::to_array<std::string_view>({
    "1.1.1.0/24",       "1.0.0.0/24",       "8.8.8.0/24",       "8.8.4.0/24",
    "9.9.9.0/24",       "149.112.112.0/24", "208.67.220.0/22",  "4.2.2.0/24",
    "64.6.64.0/23",     "94.140.14.0/23",   "185.228.168.0/23", "77.88.8.0/24",
    "76.76.2.0/24",     "185.12.64.0/22",  // Hetzner's resolvers
    "168.63.129.16/32",                    // Azure platform
    "35.235.240.0/20",  "35.191.0.0/16",    "130.211.0.0/22",   "209.85.152.0/22",
    "209.85.204.0/22",  // GCP
    "199.36.153.4/30",  "199.36.153.8/30",  "34.126.0.0/18",    "35.199.192.0/19",
    "192.30.252.0/22",  "185.199.108.0/22", "140.82.112.0/20",  "143.55.64.0/20",  // GitHub
    "173.245.48.0/20",  "103.21.244.0/22",  "103.22.200.0/22",  "103.31.4.0/22",
    "141.101.64.0/18",  "108.162.192.0/18", "190.93.240.0/20",  "188.114.96.0/20",
    "197.234.240.0/22", "198.41.128.0/17",  "162.158.0.0/15",   "104.16.0.0/13",
    "104.24.0.0/14",    "172.64.0.0/13",    "131.0.72.0/22",  // Cloudflare
    "23.235.32.0/20",   "43.249.72.0/22",   "103.244.50.0/24",  "103.245.222.0/23",
    "103.245.224.0/24", "104.156.80.0/20",  "140.248.64.0/18",  "140.248.128.0/17",
    "146.75.0.0/17",    "151.101.0.0/16",   "157.52.64.0/18",   "167.82.0.0/17",
    "167.82.128.0/20",  "167.82.160.0/20",  "167.82.224.0/20",  "172.111.64.0/18",
    "185.31.16.0/22",   "199.27.72.0/21",
    "199.232.0.0/16",  // Fastly
    "13.32.0.0/15",     "13.35.0.0/16",     "52.84.0.0/15",     "54.182.0.0/16",
    "54.192.0.0/16",    "54.230.0.0/16",    "54.239.128.0/18",  "99.84.0.0/16",
    "143.204.0.0/16",   "204.246.164.0/22", "204.246.168.0/22", "204.246.174.0/23",
    "205.251.192.0/19",
    "216.137.32.0/19",  // CloudFront
});

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_alnum(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0;
}
char last_of(std::string_view text) {
  return text.empty() ? '\0' : text.back();
}
char first_of(std::string_view text) {
  return text.empty() ? '\0' : text.front();
}

// Part of something longer: an object id, a file name, a path component, a word.
bool is_inside_a_longer_word(const Site& site) {
  const std::string_view b = site.before, a = site.after;
  if (last_of(b) == '.' || last_of(b) == '_') return true;
  if (first_of(a) == '.' && a.size() > 1 && is_alnum(a[1])) return true;
  if (first_of(a) == '_' || first_of(a) == '+') return true;
  if (first_of(a) == '-' && a.size() > 1 && std::isalpha(static_cast<unsigned char>(a[1]))) return true;
  if (last_of(b) == '-' && b.size() > 1 && std::isalpha(static_cast<unsigned char>(b[b.size() - 2])))
    return true;
  const bool url = b.ends_with("//");
  if (last_of(b) == '/' && !url && b.size() > 1 && (is_alnum(b[b.size() - 2]) || b[b.size() - 2] == '.'))
    return true;
  return false;
}

// "version = 10.1.2.3", "name==10.1.2.3", ">= 10.1.2.3", "release 10.1.2.3".
bool is_version(const Site& site) {
  if (site.literal.find('/') != site.literal.npos) return false;
  if (has_word(site.key, {"version", "release", "revision", "rev", "tag", "build", "oid", "ver"}))
    return true;
  std::string_view b = trim(site.before);
  while (!b.empty() && (b.back() == '"' || b.back() == '\'' || b.back() == '(')) b.remove_suffix(1);
  b = trim(b);
  if (b.ends_with("=>")) return false;  // Puppet and Ruby assign with it
  for (const std::string_view op : {"==", ">=", "<=", "~>", "~=", "^", "~", "!=", "<", ">"}) {
    if (b.ends_with(op)) return true;
  }
  const std::string_view near = b.substr(b.size() > 24 ? b.size() - 24 : 0);
  return has_word(near, {"version", "release", "ver", "rev", "oid", "chromium", "chrome"});
}

// Split at what stands between the items of a list.
std::vector<std::string_view> list_items(std::string_view text) {
  constexpr std::string_view kBetween = " \t\r\n,-[]\"'=:>";
  std::vector<std::string_view> words;
  for (std::size_t at = text.find_first_not_of(kBetween); at != text.npos;) {
    const std::size_t end = std::min(text.find_first_of(kBetween, at), text.size());
    words.push_back(text.substr(at, end - at));
    at = text.find_first_not_of(kBetween, end);
  }
  return words;
}

std::optional<Prefix> address_of(const Site& site) {
  if (is_inside_a_longer_word(site) || is_version(site)) return std::nullopt;
  return parse_prefix(site.literal);
}

std::optional<Literal> private_address(const Site& site) {
  // "10.34.${count.index}.0/24": the network is a literal, its parts are counted.
  if (site.literal.ends_with('.')) {
    if (is_inside_a_longer_word(site) || is_version(site)) return std::nullopt;
    return Literal{std::string(site.literal), "Private address range", "", "cidrsubnet(var.vpc_cidr, 8, 1)"};
  }
  const auto address = address_of(site);
  if (!address || !is_in(*address, kPrivateRanges) || is_one_of(*address, kPrivateConstants))
    return std::nullopt;
  const bool range = address->has_length && address->length < 32;
  return Literal{to_string(*address), range ? "Private address range" : "Private address",
                 range ? "cidr_block" : "address", range ? "cidrsubnet(var.vpc_cidr, 8, 1)" : ""};
}

std::optional<Literal> shared_address(const Site& site) {
  const auto address = parse_prefix(site.literal);
  if (!address || is_inside_a_longer_word(site) || first_of(site.after) == ':' ||
      last_of(site.before) == ':') {
    return std::nullopt;
  }
  if (!address->v6 && is_version(site)) return std::nullopt;
  if (!is_in(*address, kSharedRanges) || is_one_of(*address, kSharedConstants) ||
      is_in(*address, kSharedExamples)) {
    return std::nullopt;
  }
  return Literal{to_string(*address), address->v6 ? "Unique local IPv6 address" : "Carrier-grade NAT address",
                 "pod_cidr", ""};
}

// Any organisation's address is public; that it is *this* organisation's is what its key or a comment says.
bool says_whose(const Site& site) {
  static constexpr std::initializer_list<std::string_view> kWords = {
      "office",    "vpn",       "egress",      "nat",     "allow",    "allowed",
      "allowlist", "whitelist", "whitelisted", "corp",    "trusted",  "bastion",
      "origin",    "hq",        "datacenter",  "ingress", "safelist", "permitted"};
  return has_word(site.position.key_path, kWords) || has_word(site.before, kWords) ||
         has_word(site.after, kWords);
}

// Under such a key an address is where something of yours is.
bool says_where(const Site& site) {
  static constexpr std::initializer_list<std::string_view> kWords = {
      "address", "addr",   "ip",       "ipv4", "gateway", "gw",      "from",       "source",
      "srange",  "saddr",  "daddr",    "host", "peer",    "network", "mynetworks", "cidr",
      "bind",    "listen", "endpoint", "ns",   "router",  "firewall"};
  return has_word(site.key, kWords) || site.before.ends_with("-s ") || site.before.ends_with("-d ");
}

// Small numbers all of them: rather a version, 4.12.3.7, than an address.
bool may_be_version(const Prefix& address) {
  if (address.has_length) return false;
  const auto* octets = address.bytes.data() + 12;
  return std::all_of(octets, octets + 4, [](std::uint8_t octet) { return octet <= 30; }) || octets[3] == 0;
}

std::optional<Literal> public_address(const Site& site) {
  const auto address = address_of(site);
  if (!address || address->v6 || address->length < 24 || first_of(site.after) == '/') return std::nullopt;
  if (is_in(*address, kSpecial) || is_in(*address, kPublished)) return std::nullopt;
  // A comment has to say whose it is; a value that is one address and nothing else, or stands under such a
  // key, is somebody's in any case.
  const bool comment = site.position.role == Role::comment || site.position.role == Role::description;
  const bool host = !address->has_length || address->length == 32;
  const bool alone = host && !may_be_version(*address) && !is_program(site.file.path) &&
                     (last_of(site.before) == '\'' || last_of(site.before) == '"') &&
                     first_of(site.after) == last_of(site.before);
  const bool placed = says_where(site) && !may_be_version(*address);
  if (!says_whose(site) && (comment || (!placed && !alone))) return std::nullopt;
  return Literal{to_string(*address), "Public address of your own", "allowed_cidrs",
                 "data.aws_ec2_managed_prefix_list.office.id"};
}

// Prefixes that name no machine of yours: broadcast, VRRP and documentation, and the makers of virtual
// machines.
constexpr auto kMacPrefixes = std::to_array<std::string_view>(
    {"000000", "ffffff", "00005e", "525400", "080027", "0242",   "001122", "aabbcc",
     "112233", "000102", "deadbe", "123456", "010203", "0a0b0c", "01005e", "3333",
     "005056", "000c29", "00155d", "00163e", "020000", "abcdef", "f0f0f0"});

std::optional<Literal> hardware_id(const Site& site) {
  if (site.literal.find('.') != site.literal.npos) {
    const std::string host = to_lower(site.literal);
    const bool address = parse_prefix(host).has_value();
    if (address || is_example_host(host) || is_composed(host) || first_of(site.after) == '(')
      return std::nullopt;
    for (const std::string_view expression : {"var.", "local.", "module.", "data.", "self.", "each."}) {
      if (host.starts_with(expression)) return std::nullopt;
    }
    return Literal{host, "Management port of one machine", "ipmi_address", ""};
  }
  const bool mac = site.literal.find_first_of(":-") == 2;
  std::string plain;
  for (const char c : to_lower(site.literal)) {
    if (is_alnum(c)) plain += c;
  }
  if (mac) {
    const char next = first_of(site.after), previous = last_of(site.before);
    if (next == ':' || next == '-' || previous == ':' || previous == '-')
      return std::nullopt;  // a fingerprint
    for (const std::string_view prefix : kMacPrefixes) {
      if (plain.starts_with(prefix)) return std::nullopt;
    }
    if (is_made_up_hex(plain)) return std::nullopt;
    return Literal{plain, "Hardware address of one machine", "mac_address", ""};
  }
  if (!has_word(site.before, {"serial", "asset", "tag"})) return std::nullopt;
  // Serials mix capitals and digits; a zone's serial (2024010101) or a counter does not.
  const bool digits = std::ranges::any_of(site.literal, is_digit);
  const bool letters = std::ranges::any_of(site.literal, [](char c) { return c >= 'A' && c <= 'Z'; });
  const bool lower = std::ranges::any_of(site.literal, [](char c) { return c >= 'a' && c <= 'z'; });
  if (!digits || !letters || lower || is_made_up_hex(site.literal)) return std::nullopt;
  return Literal{plain, "Serial number of one machine", "serial_number", ""};
}

constexpr std::size_t kAddressesMax = 2000;  // public ones of one text
constexpr std::size_t kPlanBytesMax = 2000;
constexpr std::size_t kPlanRangesMin = 4;

// The key stands for the list behind it, so that each range in it keeps its own finding.
std::optional<Literal> address_plan(const Site& site) {
  std::vector<Prefix> ranges;
  std::string normalised;
  for (const std::string_view word : list_items(text_after(site, kPlanBytesMax))) {
    if (word.starts_with("#")) break;
    const auto range = parse_prefix(word);
    if (!range) {
      if (ranges.empty()) continue;
      break;
    }
    if (!range->has_length || !is_in(*range, kPrivateRanges) || is_one_of(*range, kPrivateConstants))
      continue;
    normalised += to_string(*range) + ' ';
    ranges.push_back(*range);
  }
  if (ranges.size() < kPlanRangesMin) return std::nullopt;
  // Siblings: one supernet of 12 bits or more holds them all.
  const std::string first = to_string(ranges.front());
  const std::string head = first.substr(0, first.find('.') + 1);
  const bool siblings =
      std::ranges::all_of(ranges, [&](const Prefix& range) { return to_string(range).starts_with(head); });
  if (!siblings) return std::nullopt;
  return Literal{normalised, "Address plan written by hand", "subnet_cidrs",
                 "[for i in range(4) : cidrsubnet(var.vpc_cidr, 8, i)]"};
}

// Numbers and dots from `at` on: "81.187.44.208/29". Empty where it is something else.
std::string_view dotted_quad(std::string_view text) {
  std::size_t end = 0;
  int dots = 0;
  while (end < text.size() && (is_digit(text[end]) || (text[end] == '.' && dots < 4))) {
    if (text[end] == '.') ++dots;
    ++end;
  }
  if (dots != 3 || end < 7 || end > 15) return {};
  if (end + 1 < text.size() && text[end] == '/' && is_digit(text[end + 1])) {
    std::size_t slash = end + 1;
    while (slash < text.size() && slash < end + 3 && is_digit(text[slash])) ++slash;
    end = slash;
  }
  return text.substr(0, end);
}

constexpr auto kChecks = std::to_array<Check>({
    {"private-address", private_address},
    {"shared-address", shared_address},
    {"public-address", public_address, false, true},
    {"hardware-id", hardware_id},
    {"address-plan", address_plan},
});

}  // namespace

std::vector<detect::Span> find_public_addresses(std::string_view text) {
  std::vector<detect::Span> found;
  std::size_t next = 0;  // nothing before it may begin an address
  for (std::size_t dot = text.find('.'); dot != text.npos; dot = text.find('.', dot + 1)) {
    std::size_t begin = dot;
    while (begin > next && dot - begin < 4 && is_digit(text[begin - 1])) --begin;
    const char previous = begin > 0 ? text[begin - 1] : ' ';
    if (begin == dot || is_alnum(previous) || previous == '.' || previous == '-') continue;
    const std::string_view quad = dotted_quad(text.substr(begin, 20));
    if (quad.empty()) continue;
    const auto address = parse_prefix(quad);
    next = begin + quad.size();
    dot = next - 1;
    if (!address || is_in(*address, kSpecial)) continue;
    found.push_back({begin, next});
    if (found.size() == kAddressesMax) break;
  }
  return found;
}

std::span<const Check> address_checks() {
  return kChecks;
}

}  // namespace fanlight::coupling
