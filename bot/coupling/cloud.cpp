// Names and ids of other clouds: Google Cloud, Azure, and object ids of hosted services.
#include <algorithm>
#include <array>
#include <cctype>

#include "check.hpp"
#include "fanlight/core/text.hpp"

namespace fanlight::coupling {

namespace {

constexpr std::size_t kGoogleContextBytes =
    16 * 1024;  // around the literal, looked through for Google's names

// Publishers of images and samples, and what people write for "your project".
constexpr auto kPublicProjects = std::to_array<std::string_view>({"debian-cloud",
                                                                  "ubuntu-os-cloud",
                                                                  "ubuntu-os-pro-cloud",
                                                                  "cos-cloud",
                                                                  "centos-cloud",
                                                                  "rhel-cloud",
                                                                  "rhel-sap-cloud",
                                                                  "suse-cloud",
                                                                  "suse-sap-cloud",
                                                                  "windows-cloud",
                                                                  "windows-sql-cloud",
                                                                  "fedora-coreos-cloud",
                                                                  "rocky-linux-cloud",
                                                                  "opensuse-cloud",
                                                                  "freebsd-org-cloud-dev",
                                                                  "google-samples",
                                                                  "google-containers",
                                                                  "google-appengine",
                                                                  "gke-release",
                                                                  "gke-node-images",
                                                                  "cloudrun",
                                                                  "k8s-staging-images",
                                                                  "k8s-artifacts-prod",
                                                                  "cloud-builders",
                                                                  "cloudsql-docker",
                                                                  "kubernetes-charts",
                                                                  "bigquery-public-data",
                                                                  "deeplearning-platform-release",
                                                                  "distroless",
                                                                  "cloud-ingest",
                                                                  "goog-analysis",
                                                                  "gkeconnect",
                                                                  "buildpacks",
                                                                  "paketo-buildpacks",
                                                                  "go-containerregistry",
                                                                  "google-com",
                                                                  "cloud-marketplace",
                                                                  "confidential-vm-images",
                                                                  "knative-releases",
                                                                  "kaniko-project",
                                                                  "istio-release",
                                                                  "istio-testing",
                                                                  "gcp-public-data",
                                                                  "tensorflow",
                                                                  "ml-pipeline",
                                                                  "my-project",
                                                                  "my-project-id",
                                                                  "my-gcp-project",
                                                                  "your-project",
                                                                  "your-project-id",
                                                                  "project-id",
                                                                  "project_id",
                                                                  "myproject",
                                                                  "yourproject",
                                                                  "example-project",
                                                                  "test-project",
                                                                  "some-project",
                                                                  "default",
                                                                  "global"});

// projects/x/secrets/y and the like are paths of Google's API, whatever stands around.
bool is_api_path(const Site& site) {
  static constexpr auto kCollections = std::to_array<std::string_view>(
      {"/secrets/", "/locations/", "/global/", "/zones/", "/regions/", "/topics/", "/subscriptions/",
       "/serviceAccounts/", "/datasets/", "/instances/", "/databases/", "/keyRings/"});
  return site.before.ends_with("projects/") && std::ranges::any_of(kCollections, [&](std::string_view path) {
           return site.after.starts_with(path);
         });
}

bool has_google_context(const Site& site) {
  if (is_api_path(site)) return true;
  if (site.line.find("google") != site.line.npos || site.line.find("gcr.io") != site.line.npos ||
      site.line.find("pkg.dev") != site.line.npos || has_word(site.line, {"gcp", "gcloud"})) {
    return true;
  }
  const std::string_view text = site.file.text;
  if (site.line.data() < text.data() || site.line.data() > text.data() + text.size()) return false;
  const std::size_t at = static_cast<std::size_t>(site.line.data() - text.data());
  const std::size_t from = at > kGoogleContextBytes ? at - kGoogleContextBytes : 0;
  const std::string_view around = text.substr(from, 2 * kGoogleContextBytes);
  return around.find("google") != around.npos || around.find("gcloud") != around.npos ||
         around.find("gcp") != around.npos;
}

bool is_composed_after(const Site& site) {
  return site.after.starts_with('$') || site.after.starts_with('{') || site.after.starts_with('-') ||
         site.after.starts_with('_') || site.after.starts_with('.') || site.after.starts_with('<');
}

std::optional<Literal> gcp_project(const Site& site) {
  const std::string id = to_lower(site.literal);
  if (site.before.ends_with("k8s.gcr.io/")) return std::nullopt;  // what follows is an image
  if (is_any_of(id, kPublicProjects) || is_composed_after(site) || !has_google_context(site))
    return std::nullopt;
  if (has_word(id, {"my", "your", "example", "sample", "placeholder", "test", "hello", "foo", "bar",
                    "different", "other", "consumer", "producer"}) ||
      id.starts_with("project") || id.starts_with("myproj") || is_made_up_hex(id))
    return std::nullopt;
  const bool number = std::ranges::all_of(id, [](char c) { return c >= '0' && c <= '9'; });
  if (site.before.ends_with("projects/")) {
    // A path of Google's API, not of a forge or a web page.
    const std::string_view lead = site.before.substr(0, site.before.size() - 9);
    const bool api = lead.empty() || !lead.ends_with('/') || lead.ends_with("//") ||
                     lead.find("googleapis.com") != lead.npos || lead.find("v1/") != lead.npos;
    if (!api) return std::nullopt;
  } else if (number) {
    return std::nullopt;  // `project = 4711…` alone may count anything
  }
  return Literal{id, number ? "Google Cloud project number" : "Google Cloud project id", "project_id",
                 "data.google_project.this.project_id"};
}

std::optional<Literal> gcp_service_account(const Site& site) {
  const std::string account = to_lower(site.literal);
  const std::size_t at = account.find('@');
  const std::string_view project = std::string_view(account).substr(at + 1, account.find('.', at) - at - 1);
  if (account.starts_with("service-") || project.starts_with("gcp-sa-")) return std::nullopt;
  if (is_any_of(project, kPublicProjects) ||
      has_word(project, {"example", "my", "your", "project-id", "test"})) {
    return std::nullopt;
  }
  if (is_composed(account)) return std::nullopt;
  return Literal{account, "Google service account", "service_account_email",
                 "google_service_account.this.email"};
}

std::optional<Literal> gcp_member(const Site& site) {
  const std::string member = to_lower(site.literal);
  const std::string_view name = std::string_view(member).substr(member.find(':') + 1);
  const std::string_view host = name.substr(name.find('@') == name.npos ? 0 : name.find('@') + 1);
  if (is_example_host(host) || is_composed(member) || host.find('.') == host.npos) return std::nullopt;
  const bool user = member.starts_with("user:");
  // google.com is what Google's documentation writes.
  if (is_under(host, "google.com") || (user && is_role_mailbox(name.substr(0, name.find('@')))))
    return std::nullopt;
  return Literal{member, user ? "Access for one named person" : "Access for a group of your own",
                 user ? "member" : "access_group", ""};
}

// Microsoft's own: tenants and first-party applications that everybody names.
constexpr auto kMicrosoftIds = std::to_array<std::string_view>(
    {"72f988bf-86f1-41af-91ab-2d7cd011db47", "f8cdef31-a31e-4b4a-93e4-5f571e91255a",
     "04b07795-8ddb-461a-bbee-02f9e1bf7b46", "1950a258-227b-4e31-a9cf-717495945fc2",
     "9188040d-6c67-4c5b-b112-36a304b66dad", "797f4846-ba00-4fd7-ba43-dac1f8f63013",
     "1fec8e78-bce4-4aaf-ab1b-5451cc387264", "41b23e61-6c1e-4545-b367-cd054e0ed4b4",
     "c44b4083-3bb0-49c1-b47d-974e53cbdf3c", "e406a681-f3d4-42a8-90b6-c2b029497af1",
     "cfa8b339-82a2-471a-a3c9-0fc0be7a4093"});

std::optional<Literal> azure_id(const Site& site) {
  const std::string id = to_lower(site.literal);
  if (is_any_of(id, kMicrosoftIds) || id.starts_with("0000000") ||
      id.ends_with("-0000-0000-c000-000000000000")) {
    return std::nullopt;
  }
  std::string hex;
  std::ranges::copy_if(id, std::back_inserter(hex), [](char c) { return c != '-'; });
  if (is_made_up_hex(hex)) return std::nullopt;
  const std::string context = to_lower(site.before);
  if (has_word(context, {"tenant", "tenantid"})) {
    return Literal{id, "Azure tenant id", "tenant_id", "data.azurerm_client_config.current.tenant_id"};
  }
  if (has_word(context, {"client", "clientid"})) return Literal{id, "Azure client id", "client_id", ""};
  if (has_word(context, {"object", "objectid"})) return Literal{id, "Azure object id", "object_id", ""};
  return Literal{id, "Azure subscription id", "subscription_id",
                 "data.azurerm_subscription.current.subscription_id"};
}

constexpr auto kPublicAzure = std::to_array<std::string_view>({"mcr",
                                                               "azuresamples",
                                                               "samples",
                                                               "sample",
                                                               "example",
                                                               "examples",
                                                               "myregistry",
                                                               "mycontainerregistry",
                                                               "myvault",
                                                               "mykeyvault",
                                                               "mystorageaccount",
                                                               "mystorage",
                                                               "mystorageacct",
                                                               "yourregistry",
                                                               "contoso",
                                                               "fabrikam",
                                                               "privatelink",
                                                               "azureopendatastorage",
                                                               "ai4edataeuwest",
                                                               "aksrepos",
                                                               "acs-mirror",
                                                               "upstream",
                                                               "kvname",
                                                               "vaultname",
                                                               "registryname",
                                                               "account",
                                                               "accountname",
                                                               "storageaccount",
                                                               "storageaccountname",
                                                               "server",
                                                               "servername",
                                                               "myserver",
                                                               "vault",
                                                               "www",
                                                               "foo",
                                                               "bar",
                                                               "test"});

std::optional<Literal> azure_host(const Site& site) {
  const std::string host = to_lower(site.literal);
  const std::string_view account = std::string_view(host).substr(0, host.find('.'));
  if (is_any_of(account, kPublicAzure) || host.find("privatelink") != host.npos) return std::nullopt;
  // A zone's name ("vault.azure.net" after a dot or a variable) is the service, not an account.
  if (site.before.ends_with('}') || site.before.ends_with('.') || site.before.ends_with('>') ||
      is_composed(host)) {
    return std::nullopt;
  }
  if (has_word(account, {"example", "my", "your"})) return std::nullopt;
  return Literal{host, "Azure resource of your own", "endpoint", ""};
}

std::optional<Literal> object_id(const Site& site) {
  const std::string id(site.literal);
  const std::string key = to_lower(site.before.substr(site.before.size() > 60 ? site.before.size() - 60 : 0));
  const bool hex32 = id.size() == 32, fastly = id.size() == 22, uuid = id.size() == 36;
  if (is_made_up_hex(id)) return std::nullopt;
  if (hex32 && (has_word(key, {"zone"}) || has_word(key, {"account"}))) {
    return Literal{to_lower(id), "Cloudflare object of your own", "zone_id", "data.cloudflare_zone.this.id"};
  }
  const bool mixed = std::ranges::any_of(id, [](char c) { return c >= '0' && c <= '9'; }) &&
                     std::ranges::any_of(id, [](char c) { return c >= 'A' && c <= 'Z'; }) &&
                     std::ranges::any_of(id, [](char c) { return c >= 'a' && c <= 'z'; });
  if (fastly && mixed && has_word(key, {"service"})) {
    return Literal{id, "Fastly service of your own", "service_id", ""};
  }
  if (uuid && has_word(key, {"network", "subnet", "project", "tenant", "image", "flavor"})) {
    return Literal{to_lower(id), "Cloud object of your own", "network_id",
                   "data.openstack_networking_network_v2.this.id"};
  }
  return std::nullopt;
}

constexpr auto kChecks = std::to_array<Check>({
    {"gcp-project", gcp_project},
    {"gcp-service-account", gcp_service_account},
    {"gcp-member", gcp_member},
    {"azure-id", azure_id},
    {"azure-host", azure_host},
    {"hosted-object", object_id},
});

}  // namespace

std::span<const Check> cloud_checks() {
  return kChecks;
}

}  // namespace fanlight::coupling
