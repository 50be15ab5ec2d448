// Registrable domains and providers. The Public Suffix List is libpsl's, which is built into the library: no
// file is read.
#include <libpsl.h>

#include <algorithm>
#include <array>
#include <memory>

#include "check.hpp"
#include "fanlight/core/text.hpp"
#include "fanlight/coupling/learn.hpp"

namespace fanlight::coupling {

namespace {

constexpr std::size_t kHostBytesMax = 253;

// Domains that everybody's code names. A domain below one of them is theirs as well.
// clang-format off
constexpr auto kProviders = std::to_array<std::string_view>({
    // Forges, registries, package and image hosts.
    "github.com", "githubusercontent.com", "github.io", "githubapp.com", "ghcr.io", "gitlab.com", "gitlab.io",
    "bitbucket.org", "codeberg.org", "gitea.io", "gitea.com", "sourceforge.net", "sf.net", "docker.io", "docker.com",
    "quay.io", "gcr.io", "pkg.dev", "npmjs.org", "npmjs.com", "yarnpkg.com", "pypi.org", "pypi.python.org",
    "pythonhosted.org", "rubygems.org", "crates.io", "maven.org", "jfrog.io", "bintray.com", "jcenter.com",
    "packagist.org", "getcomposer.org", "cpan.org", "packagecloud.io", "cloudsmith.io", "fury.io", "unpkg.com",
    "jsdelivr.net", "cdnjs.com", "jitpack.io", "sonatype.org", "sonatype.com", "readthedocs.io", "readthedocs.org",
    "rtfd.io", "forge.puppet.com", "launchpad.net", "googlesource.com",
    // Clouds and hosters.
    "amazonaws.com", "amazon.com", "aws.amazon.com", "awsstatic.com", "amazontrust.com", "cloudfront.net", "aws",
    "google.com", "googleapis.com", "gstatic.com", "googleusercontent.com", "appspot.com", "run.app", "goog",
    "cloudfunctions.net", "gserviceaccount.com", "google", "microsoft.com", "azure.com", "azure.net", "windows.net",
    "azurewebsites.net", "azurecr.io", "azure-api.net", "azureedge.net", "microsoftonline.com", "office.com",
    "office365.com", "live.com", "windowsupdate.com", "visualstudio.com", "aka.ms", "oraclecloud.com", "oracle.com",
    "ibm.com", "digitalocean.com", "digitaloceanspaces.com", "linode.com", "hetzner.com", "hetzner.de", "ovh.net",
    "ovh.com", "scaleway.com", "vultr.com", "rackspace.com", "heroku.com", "herokuapp.com", "netlify.com",
    "netlify.app", "vercel.com", "vercel.app", "fly.io", "fly.dev", "cloudflare.com", "cloudflare-dns.com", "fastly.com",
    "fastly.net", "akamai.com", "akamai.net", "akamaiedge.net", "cloudapp.net", "openstack.org", "vmware.com",
    // Systems and distributions.
    "debian.org", "debian.net", "ubuntu.com", "canonical.com", "snapcraft.io", "redhat.com", "fedoraproject.org",
    "fedorapeople.org", "centos.org", "rockylinux.org", "almalinux.org", "opensuse.org", "suse.com", "suse.de",
    "archlinux.org", "alpinelinux.org", "gentoo.org", "nixos.org", "cachix.org", "kernel.org", "gnu.org", "freebsd.org",
    "openbsd.org", "netbsd.org", "freedesktop.org", "linuxfoundation.org", "apple.com", "rpmfusion.org", "remirepo.net",
    "oasis-open.org", "flathub.org", "coreos.com", "openwrt.org", "proxmox.com", "turnkeylinux.org",
    // Languages and their tools.
    "python.org", "nodejs.org", "golang.org", "go.dev", "rust-lang.org", "rustup.rs", "ruby-lang.org", "php.net",
    "pear.php.net", "perl.org", "java.com", "sun.com", "java.net", "openjdk.org", "adoptium.net", "jetbrains.com",
    "eclipse.org", "apache.org", "jquery.com", "bootstrapcdn.com", "nuget.org", "dot.net", "scala-lang.org", "r-project.org",
    // Infrastructure tools and what they run.
    "hashicorp.com", "terraform.io", "hashicorp.services", "opentofu.org", "gruntwork.io", "terragrunt.com", "vagrantup.com",
    "vaultproject.io", "consul.io", "pulumi.com", "puppet.com", "puppetlabs.com", "voxpupuli.org", "theforeman.org",
    "ansible.com", "chef.io", "opscode.com", "saltproject.io", "saltstack.com", "cfengine.com", "kubernetes.io", "k8s.io",
    "x-k8s.io", "helm.sh", "cncf.io", "istio.io", "linkerd.io", "envoyproxy.io", "traefik.io", "cert-manager.io",
    "jetstack.io", "fluxcd.io", "toolkit.fluxcd.io", "argoproj.io", "tekton.dev", "knative.dev", "rancher.com", "rancher.io",
    "cattle.io", "openshift.com", "openshift.io", "okd.io", "projectcalico.org", "cilium.io", "metallb.universe.tf", "metallb.io",
    "rook.io", "longhorn.io", "minio.io", "min.io", "etcd.io", "coredns.io", "prometheus.io", "grafana.com", "grafana.org",
    "grafana.net", "elastic.co", "elasticsearch.org", "opensearch.org", "logstash.net", "influxdata.com", "fluentd.org",
    "fluentbit.io", "jaegertracing.io", "opentelemetry.io", "datadoghq.com", "datadoghq.eu", "newrelic.com", "nr-data.net",
    "sentry.io", "splunk.com", "pagerduty.com", "opsgenie.com", "statuspage.io", "jenkins.io", "jenkins-ci.org", "travis-ci.org",
    "travis-ci.com", "circleci.com", "drone.io", "buildkite.com", "codecov.io", "coveralls.io", "codeclimate.com", "sonarcloud.io",
    "sonarqube.org", "snyk.io", "renovatebot.com", "pre-commit.com", "pre-commit.ci", "shields.io", "mysql.com", "mariadb.org",
    "mariadb.com", "percona.com", "postgresql.org", "pgbouncer.org", "mongodb.org", "mongodb.com", "redis.io", "memcached.org",
    "rabbitmq.com", "nginx.org", "nginx.com", "haproxy.org", "varnish-cache.org", "openssl.org", "openssh.com", "openldap.org",
    "samba.org", "postfix.org", "dovecot.org", "isc.org", "nlnetlabs.nl", "powerdns.com", "quagga.net", "zabbix.com", "nagios.org",
    "nagios.com", "icinga.com", "icinga.org", "graphite.readthedocs.org", "letsencrypt.org", "entrust.net", "digicert.com",
    "sectigo.com", "comodoca.com", "okta.com", "auth0.com", "keycloak.org", "duosecurity.com", "openpolicyagent.org",
    "mozilla.com", "getfedora.org", "sops.io", "openvpn.net", "wireguard.com", "tailscale.com", "strongswan.org", "nextcloud.com",
    // Standards, licences, schemas, questions.
    "schema.org", "json-schema.org", "schemastore.org", "w3.org", "ietf.org", "rfc-editor.org", "iana.org", "icann.org",
    "xmlsoap.org", "opencontainers.org", "creativecommons.org", "opensource.org", "spdx.org", "spdx.dev", "wikipedia.org",
    "stackoverflow.com", "stackexchange.com", "serverfault.com", "superuser.com", "askubuntu.com", "medium.com", "dev.to",
    "youtube.com", "youtu.be", "twitter.com", "facebook.com", "linkedin.com", "reddit.com", "t.co", "bit.ly", "goo.gl",
    "slack.com", "discord.com", "discord.gg", "telegram.org", "atlassian.com", "atlassian.net", "trello.com", "zoom.us",
    "gitter.im", "matrix.org", "freenode.net", "libera.chat", "oftc.net", "archive.org", "pastebin.com", "gravatar.com",
    "semver.org", "keepachangelog.com", "editorconfig.org", "12factor.net", "owasp.org", "cisecurity.org", "nist.gov",
    "mitre.org", "ntp.org", "opendns.com", "quad9.net", "spamhaus.org", "spamcop.net", "sorbs.net", "mailgun.org",
    "mailgun.com", "sendgrid.net", "sendgrid.com", "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "yahoo.com",
    "icloud.com", "protonmail.com", "proton.me", "gmx.de", "gmx.net", "web.de", "mail.ru", "yandex.ru", "qq.com", "163.com",
    "noreply.github.com", "googlegroups.com", "wordpress.org", "wordpress.com", "drupal.org", "gnome.org", "kde.org", "speedtest.net",
});
// clang-format on

// Of these, projects whose own infrastructure is code in the open; a hoster's or a forge's never is.
constexpr auto kProjects = std::to_array<std::string_view>(
    {"debian.org",      "debian.net",     "ubuntu.com",      "canonical.com", "fedoraproject.org",
     "centos.org",      "rockylinux.org", "almalinux.org",   "opensuse.org",  "archlinux.org",
     "alpinelinux.org", "gentoo.org",     "nixos.org",       "kernel.org",    "gnu.org",
     "freebsd.org",     "openwrt.org",    "python.org",      "nodejs.org",    "rust-lang.org",
     "php.net",         "perl.org",       "eclipse.org",     "apache.org",    "jquery.com",
     "openstack.org",   "kubernetes.io",  "k8s.io",          "jenkins.io",    "mozilla.com",
     "gnome.org",       "kde.org",        "freedesktop.org", "drupal.org",    "postgresql.org",
     "openshift.com"});

// Suffixes that the list does not have, for nobody can register them.
constexpr auto kPrivateSuffixes =
    std::to_array<std::string_view>({"internal", "corp", "lan", "intra", "home.arpa"});

bool is_host(std::string_view host) {
  if (host.empty() || host.size() > kHostBytesMax) return false;
  for (const std::string_view label : split(host, '.')) {
    if (label.empty() || label.size() > 63 || label.starts_with('-') || label.ends_with('-')) return false;
  }
  return std::ranges::all_of(host, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
  });
}

std::string_view last_labels(std::string_view host, std::size_t count) {
  std::size_t at = host.size();
  for (; count > 0; --count) {
    at = at == 0 ? host.npos : host.rfind('.', at - 1);
    if (at == host.npos) return host;
  }
  return host.substr(at + 1);
}

}  // namespace

std::string registrable_domain(std::string_view name) {
  const std::string host = to_lower(name);
  if (!is_host(host)) return {};
  for (const std::string_view suffix : kPrivateSuffixes) {
    if (host.size() > suffix.size() && is_under(host, suffix))
      return std::string(last_labels(host, 2 + static_cast<std::size_t>(std::ranges::count(suffix, '.'))));
  }
  const psl_ctx_t* list = psl_builtin();
  if (!list) return {};
  // Without the rule "*": a last label that the list does not know is a file's ending or a member.
  const std::string top(last_labels(host, 1));
  if (psl_is_public_suffix2(list, top.c_str(), PSL_TYPE_ANY | PSL_TYPE_NO_STAR_RULE) == 0) return {};
  const char* domain = psl_registrable_domain(list, host.c_str());
  // "_" is in names of services (_ldap._tcp), never in what can be registered.
  return domain && !std::string_view(domain).contains('_') ? domain : "";
}

bool is_provider_domain(std::string_view name) {
  const std::string host = to_lower(name);
  return std::ranges::any_of(kProviders, [&](std::string_view provider) { return is_under(host, provider); });
}

bool is_project_domain(std::string_view name) {
  return std::ranges::find(kProjects, to_lower(name)) != kProjects.end();
}

}  // namespace fanlight::coupling
