// What code trusts and reports to: certificates of an own authority, issuers of tokens, projects of
// monitoring.
#include <algorithm>
#include <array>
#include <cctype>

#include "check.hpp"
#include "fanlight/core/hash.hpp"
#include "fanlight/core/text.hpp"
#include "x509.hpp"

namespace fanlight::coupling {

namespace {

// Authorities that browsers trust, by a word of their organisation or common name, lower case.
// clang-format off
constexpr auto kPublicAuthorities = std::to_array<std::string_view>(
    {"digicert", "globalsign", "internet security research group", "isrg root", "let's encrypt", "sectigo", "comodo",
     "usertrust", "aaa certificate services", "amazon", "starfield", "godaddy", "go daddy", "entrust", "verisign",
     "symantec", "thawte", "geotrust", "rapidssl", "baltimore", "cybertrust", "google trust", "gts root", "quovadis",
     "certum", "unizeto", "buypass", "swisssign", "t-telesec", "telesec", "d-trust", "actalis", "identrust", "dst root",
     "ssl.com", "ssl corporation", "network solutions", "securetrust", "trustwave", "viking", "xramp", "affirmtrust", "certsign",
     "microsoft", "apple", "hongkong post", "izenpe", "microsec", "netlock", "secom", "security communication",
     "taiwan-ca", "twca", "teliasonera", "telia", "e-szigno", "certigna", "dhimyotis", "cfca", "atos", "harica",
     "hellenic academic", "accv", "camerfirma", "chambers of commerce", "firmaprofesional", "ac raiz fnmt", "fnmt", "oiste",
     "emsign", "gdca", "trustcor", "ucap", "certinomis", "keynectis", "opentrust", "startcom", "wosign", "cloudflare",
     "equifax", "valicert", "addtrust", "utn-userfirst", "deutsche telekom", "kpn", "staat der nederlanden", "fastly",
     "zscaler", "cisco", "rds", "intel", "nist", "ripe", "sonera", "visa", "wells fargo", "turktrust", "tubitak", "naver",
     "trustasia", "haproxy technologies", "commscope", "e-tugra", "pkioverheid", "swisscom", "juur-sk"});
// clang-format on

constexpr auto kTestAuthorities = std::to_array<std::string_view>({"test",
                                                                   "example",
                                                                   "snakeoil",
                                                                   "pebble",
                                                                   "minica",
                                                                   "mkcert",
                                                                   "localhost",
                                                                   "dummy",
                                                                   "sample",
                                                                   "demo",
                                                                   "internet widgits",
                                                                   "fake",
                                                                   "acme",
                                                                   "default company",
                                                                   "some-state",
                                                                   "kubernetes",
                                                                   "self-signed",
                                                                   "selfsigned",
                                                                   "minikube",
                                                                   "rabbitmq",
                                                                   "puppet ca",
                                                                   "my",
                                                                   "invalid",
                                                                   "testing",
                                                                   "qemu",
                                                                   "foo",
                                                                   "bar",
                                                                   "widgits",
                                                                   "whatever",
                                                                   "etcd",
                                                                   "unit"});

std::optional<Literal> internal_certificate(const Site& site) {
  std::string body;
  const std::string_view text = site.literal;
  const std::size_t begin =
      text.find("-----\n") == text.npos ? text.find("-----", 11) + 5 : text.find("-----\n") + 6;
  const std::size_t end = text.rfind("-----END");
  if (end == text.npos || begin >= end) return std::nullopt;
  for (std::size_t i = begin; i < end; ++i) {
    if (text[i] == '\\')
      ++i;  // "\n" in a quoted string
    else if (!std::isspace(static_cast<unsigned char>(text[i])))
      body += text[i];
  }
  const auto der = from_base64(body);
  const auto names = der ? certificate_names(*der) : std::nullopt;
  if (!names || names->issuer.empty()) return std::nullopt;
  const std::string issuer = to_lower(names->issuer), subject = to_lower(names->subject);
  for (const std::string_view known : kPublicAuthorities) {
    if (issuer.find(known) != issuer.npos || subject.find(known) != subject.npos) return std::nullopt;
  }
  for (const std::string_view known : kTestAuthorities) {
    if (has_word(issuer, {known}) || has_word(subject, {known})) return std::nullopt;
  }
  return Literal{to_hex(sha256(*der)).substr(0, 32), "Certificate of your own authority", "ca_bundle", ""};
}

std::optional<Literal> token_issuer(const Site& site) {
  const std::string issuer = to_lower(site.literal);
  if (issuer.starts_with("oidc.eks.")) {
    if (is_made_up_hex(issuer.substr(issuer.rfind('/') + 1)) || issuer.find("example") != issuer.npos)
      return std::nullopt;
    return Literal{issuer, "Token issuer of one cluster", "oidc_issuer",
                   "data.aws_eks_cluster.this.identity[0].oidc[0].issuer"};
  }
  for (const std::string_view provider : {".auth0.com", ".okta.com", ".onelogin.com"}) {
    if (!issuer.ends_with(provider)) continue;
    // Their own pages, and what their manuals call the customer.
    const std::string_view tenant = std::string_view(issuer).substr(0, issuer.find('.'));
    static constexpr auto kPages = std::to_array<std::string_view>(
        {"www",    "developer",  "docs",   "help",   "support",    "community", "status",
         "cdn",    "login",      "manage", "trust",  "developers", "api",       "auth",
         "global", "ok12static", "tenant", "domain", "subdomain",  "company"});
    if (is_any_of(tenant, kPages) || is_placeholder_name(tenant) ||
        has_word(tenant, {"example", "your", "my"}))
      return std::nullopt;
    return Literal{issuer, "Token issuer of your own", "oidc_issuer", ""};
  }
  if (is_example_host(issuer) || issuer == "cluster.local" || issuer.find('.') == issuer.npos ||
      is_composed(issuer))
    return std::nullopt;
  if (is_under(issuer, "spiffe.io") || site.after.starts_with('$') || site.after.starts_with('{'))
    return std::nullopt;
  if (has_word(issuer, {"domain", "trustdomain", "test"})) return std::nullopt;
  return Literal{issuer, "Trust domain of your own", "trust_domain", ""};
}

std::optional<Literal> repository_claim(const Site& site) {
  const std::string claim = to_lower(site.literal);
  const std::size_t slash = claim.find('/');
  const std::string_view owner = std::string_view(claim).substr(5, slash - 5);
  const std::string_view name = std::string_view(claim).substr(slash + 1, claim.find(':', slash) - slash - 1);
  if (is_placeholder_name(owner) || owner.find('*') != owner.npos || owner == "github" ||
      is_placeholder_name(name))
    return std::nullopt;
  return Literal{claim, "Repository in a trust policy", "github_subjects", ""};
}

std::optional<Literal> telemetry_id(const Site& site) {
  const std::string id(site.literal);
  std::string plain;
  std::ranges::copy_if(to_lower(id), std::back_inserter(plain),
                       [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; });
  if (id.find("sentry.io") != id.npos) {
    if (is_made_up_hex(id.substr(0, 32)) || id.find("@o0.") != id.npos) return std::nullopt;
    return Literal{to_lower(id), "Sentry project of your own", "sentry_dsn", ""};
  }
  if (id.starts_with("GTM-") || id.starts_with("G-")) {
    if (std::ranges::none_of(id.substr(id.find('-')), [](char c) { return c >= '0' && c <= '9'; }))
      return std::nullopt;
    if (id.find("XXX") != id.npos || is_made_up_hex(plain.substr(1))) return std::nullopt;
    return Literal{id, "Analytics project of your own", "analytics_id", ""};
  }
  if (is_made_up_hex(plain.size() > 8 ? plain.substr(plain.size() == 32 ? 0 : 2) : plain))
    return std::nullopt;
  if (plain.starts_with("ua") && (plain.find("1234") != plain.npos || plain.starts_with("ua0000")))
    return std::nullopt;
  return Literal{plain, "Project of your own monitoring", "telemetry_id", ""};
}

constexpr auto kChecks = std::to_array<Check>({
    {"internal-certificate", internal_certificate},
    {"token-issuer", token_issuer},
    {"repository-claim", repository_claim},
    {"telemetry-id", telemetry_id},
});

}  // namespace

std::span<const Check> trust_checks() {
  return kChecks;
}

}  // namespace fanlight::coupling
