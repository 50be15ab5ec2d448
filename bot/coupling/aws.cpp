// What belongs to one AWS account: ARNs by their fields, account ids, resource ids, zones, buckets,
// endpoints.
#include <algorithm>
#include <array>
#include <cctype>

#include "arn.hpp"
#include "check.hpp"
#include "fanlight/core/text.hpp"

namespace fanlight::coupling {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_hex(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return std::isxdigit(static_cast<unsigned char>(c)) != 0; });
}
bool is_lower_alnum(std::string_view text) {
  return !text.empty() &&
         std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || is_digit(c); });
}

// The whole ARN that the literal is a part of.
std::optional<Arn> arn_around(const Site& site) {
  if (site.literal.starts_with("arn:")) return parse_arn(site.literal);
  const std::size_t begin = site.before.rfind("arn:");
  return begin == site.before.npos ? std::nullopt : parse_arn(site.line.substr(begin));
}

std::optional<Literal> account_in_arn(const Site& site) {
  if (is_public_account(site.literal)) return std::nullopt;
  const auto arn = arn_around(site);
  if (arn && kind_of(*arn) != ArnKind::account) return std::nullopt;
  return Literal{std::string(site.literal), "AWS account id", "account_id",
                 "data.aws_caller_identity.current.account_id"};
}

// 20240131 0900, milliseconds since 1970, a counter: twelve digits that are no account.
bool is_number_or_time(std::string_view digits) {
  if (digits.ends_with("00000")) return true;
  if (!digits.starts_with("20") && !digits.starts_with("19")) return false;
  const int month = (digits[4] - '0') * 10 + (digits[5] - '0'),
            day = (digits[6] - '0') * 10 + (digits[7] - '0');
  const int hour = (digits[8] - '0') * 10 + (digits[9] - '0'),
            minute = (digits[10] - '0') * 10 + (digits[11] - '0');
  return month >= 1 && month <= 12 && day >= 1 && day <= 31 && hour < 24 && minute < 60;
}

std::optional<Literal> bare_account(const Site& site) {
  std::string accounts;
  // The pattern takes a whole list; public accounts in it do not count.
  for (std::size_t i = 0; i < site.literal.size(); ++i) {
    if (!is_digit(site.literal[i])) continue;
    std::size_t end = i;
    while (end < site.literal.size() && is_digit(site.literal[end])) ++end;
    const std::string_view digits = site.literal.substr(i, end - i);
    i = end;
    if (digits.size() != 12 || is_public_account(digits) || is_number_or_time(digits)) continue;
    if (!accounts.empty()) accounts += ' ';
    accounts += digits;
  }
  if (accounts.empty()) return std::nullopt;
  const bool several = accounts.size() > 12;
  return Literal{accounts, several ? "AWS account ids" : "AWS account id",
                 several ? "account_ids" : "account_id",
                 several ? "" : "data.aws_caller_identity.current.account_id"};
}

struct ResourceKind {
  std::string_view prefix, title, variable, lookup;
};
constexpr auto kResources = std::to_array<ResourceKind>({
    {"vpc-", "Network of one AWS account", "vpc_id", "data.aws_vpc.this.id"},
    {"subnet-", "Subnet of one AWS account", "subnet_id", "data.aws_subnet.this.id"},
    {"sg-", "Security group of one AWS account", "security_group_id", "data.aws_security_group.this.id"},
    {"rtb-", "Route table of one AWS account", "route_table_id", "data.aws_route_table.this.id"},
    {"tgw-", "Transit gateway of one AWS account", "transit_gateway_id",
     "data.aws_ec2_transit_gateway.this.id"},
    {"vpce-", "VPC endpoint of one AWS account", "vpc_endpoint_id", "data.aws_vpc_endpoint.this.id"},
    {"eipalloc-", "Elastic IP of one AWS account", "eip_allocation_id", "data.aws_eip.this.id"},
    {"igw-", "Internet gateway of one AWS account", "internet_gateway_id",
     "data.aws_internet_gateway.this.id"},
    {"nat-", "NAT gateway of one AWS account", "nat_gateway_id", "data.aws_nat_gateway.this.id"},
    {"eni-", "Network interface of one AWS account", "network_interface_id",
     "data.aws_network_interface.this.id"},
    {"fs-", "File system of one AWS account", "file_system_id", "data.aws_efs_file_system.this.id"},
    {"pl-", "Prefix list of one AWS account", "prefix_list_id", "data.aws_ec2_managed_prefix_list.this.id"},
});

// The tail says whether somebody made the id up; short ids (before 2016) need a digit, or words would do.
bool is_real_tail(const Site& site, std::string_view tail) {
  if (is_made_up_hex(tail)) return false;
  if (tail.size() == 8 && !std::ranges::any_of(tail, is_digit)) return false;
  const char previous = site.before.empty() ? ' ' : site.before.back();
  const char next = site.after.empty() ? ' ' : site.after.front();
  const bool fallback = site.before.ends_with(":-");  // ${VPC_ID:-vpc-…}
  return (previous != '-' || fallback) && previous != '.' && next != '-' && next != '.';
}

std::optional<Literal> resource_id(const Site& site) {
  const std::size_t dash = site.literal.rfind('-');
  if (dash == site.literal.npos || !is_real_tail(site, site.literal.substr(dash + 1))) return std::nullopt;
  const std::string_view prefix = site.literal.substr(0, dash + 1);
  for (const ResourceKind& row : kResources) {
    if (row.prefix == prefix) {
      return Literal{to_lower(site.literal), std::string(row.title), std::string(row.variable),
                     std::string(row.lookup)};
    }
  }
  return Literal{to_lower(site.literal), "Resource of one AWS account", "resource_id", ""};
}

std::optional<Literal> image_id(const Site& site) {
  if (!is_real_tail(site, site.literal.substr(4))) return std::nullopt;
  return Literal{to_lower(site.literal), "Machine image of one region", "ami_id", "data.aws_ami.this.id"};
}

std::optional<Literal> zone_id(const Site& site) {
  if (is_public_zone(site.literal)) return std::nullopt;
  if (!std::ranges::any_of(site.literal.substr(1), is_digit)) return std::nullopt;
  if (site.literal.find("EXAMPLE") != site.literal.npos || is_made_up_hex(site.literal.substr(1)))
    return std::nullopt;
  if (site.literal.find("ABCD") != site.literal.npos || site.literal.find("XXX") != site.literal.npos)
    return std::nullopt;
  return Literal{std::string(site.literal), "DNS zone of one AWS account", "zone_id",
                 "data.aws_route53_zone.this.zone_id"};
}

constexpr auto kPublicBuckets = std::to_array<std::string_view>({"amazon-eks",
                                                                 "amazonlinux",
                                                                 "aws-cli",
                                                                 "aws-ssm",
                                                                 "aws-codedeploy",
                                                                 "amazoncloudwatch-agent",
                                                                 "awscli",
                                                                 "elasticbeanstalk",
                                                                 "cloudformation-templates",
                                                                 "aws-quickstart",
                                                                 "amazon-ecs-agent",
                                                                 "ec2-downloads-windows",
                                                                 "session-manager-downloads",
                                                                 "logging",
                                                                 "delivery",
                                                                 "amzn-s3-demo",
                                                                 "aws-windows-downloads",
                                                                 "hashicorp-releases",
                                                                 "commoncrawl",
                                                                 "amazon-ssm",
                                                                 "awslambda",
                                                                 "patch-baseline-snapshot",
                                                                 "prod-region-starport-layer-bucket",
                                                                 "packages",
                                                                 "repo",
                                                                 "s3",
                                                                 "dl"});

}  // namespace

bool is_public_bucket(std::string_view name) {
  for (const std::string_view known : kPublicBuckets) {
    if (name == known || (name.starts_with(known) && name[known.size()] == '-' && known.size() > 6))
      return true;
  }
  return name.starts_with("dl.") || name.starts_with("aws-ssm-");
}

namespace {

// "test-bucket", "demo.data": nothing in it is anybody's; "orders-test" is the bucket of a test environment.
bool is_test_bucket(std::string_view name) {
  static constexpr auto kAnybodys = std::to_array<std::string_view>(
      {"test",   "tests", "testing", "demo",      "bucket", "buckets",     "s3",     "data", "the",
       "a",      "some",  "app",     "name",      "source", "destination", "target", "log",  "logs",
       "backup", "state", "tf",      "terraform", "aws",    "new",         "old"});
  bool test = false, all = true;
  for (const std::string_view dotted : split(name, '.')) {
    for (const std::string_view word : split(dotted, '-')) {
      if (word == "test" || word == "demo" || word == "testing") test = true;
      const bool number = std::ranges::all_of(word, is_digit);
      if (!number && !is_any_of(word, kAnybodys)) all = false;
    }
  }
  return test && all;
}

std::optional<Literal> bucket_name(const Site& site) {
  const std::string name = to_lower(site.literal);
  // "AWS::S3::Bucket": "…" names a type, and "s3.amazonaws.com" the service.
  if (site.before.find("AWS::") != site.before.npos || name.ends_with("amazonaws.com")) return std::nullopt;
  const char next = site.after.empty() ? ' ' : site.after.front();
  // In code a bare word is an expression; only YAML and shell write names without quotes.
  const bool url = site.before.ends_with("//") || site.before.ends_with(':');
  const bool quoted = site.before.ends_with('"') || site.before.ends_with('\'');
  const std::string path = to_lower(site.file.path);
  if (!url && !quoted && (is_program(path) || path.ends_with(".tf") || path.ends_with(".hcl")))
    return std::nullopt;
  if (next == '_' || next == '(' || next == '[' || next == '@' || next == '-') return std::nullopt;
  // "logs-${var.x}" and "logs-*" are composed: the literal part alone is no bucket.
  if (is_composed(std::string_view(&next, 1)) || next == '{' || name.size() < 3) return std::nullopt;
  if (name.ends_with('-') || name.ends_with('.')) return std::nullopt;
  if (is_public_bucket(name)) return std::nullopt;
  if (is_example_host(name)) return std::nullopt;
  if (has_word(name, {"example", "my", "your", "bucket-name", "mybucket", "bucketname", "sample", "fake",
                      "dummy", "foo", "bar"}) ||
      is_test_bucket(name) || name == "bucket" || name == "name" || name == "true" || name == "false" ||
      name == "string") {
    return std::nullopt;
  }
  // An expression (aws_s3_bucket.this.id, var.bucket) where the pattern saw no quotes.
  if (name.starts_with("aws_") || name.starts_with("var.") || name.starts_with("local.") ||
      name.starts_with("module.") || name.starts_with("data.") || name.starts_with("self.")) {
    return std::nullopt;
  }
  return Literal{name, "S3 bucket of your own", "bucket_name", "data.aws_s3_bucket.this.id"};
}

std::optional<Literal> managed_endpoint(const Site& site) {
  const std::string host = to_lower(site.literal);
  const std::vector<std::string_view> labels = split(host, '.');
  const auto label = [&](std::size_t i) { return i < labels.size() ? labels[i] : std::string_view(); };
  const bool generated12 = labels.size() >= 6 && label(1).size() == 12 && is_lower_alnum(label(1));
  Literal literal{host, "Endpoint of one AWS account", "endpoint", ""};
  if (is_made_up_hex(label(0)) || host.find("012345678") != host.npos ||
      host.find("123456789") != host.npos || host.find("abcdef") != host.npos ||
      host.find("example") != host.npos || host == "mrap.accesspoint.s3-global.amazonaws.com" ||
      host.find("xxxx") != host.npos) {
    return std::nullopt;
  }
  if (host.ends_with(".cloudfront.net")) {
    const std::string_view id = label(0).substr(1);
    if (labels.size() != 3 || !std::ranges::any_of(id, is_digit)) return std::nullopt;
    literal.title = "CloudFront distribution of your own";
    literal.lookup = "aws_cloudfront_distribution.this.domain_name";
    return literal;
  }
  if (host.find(".s3.") != host.npos || host.find(".s3-") != host.npos) {
    const std::string bucket = host.substr(0, host.find(".s3"));
    const Site inner{site.rule,   site.file,  site.position, bucket,
                     site.before, site.after, site.line,     site.key};
    return bucket_name(inner);
  }
  if (host.find(".rds.") != host.npos || host.find(".docdb.") != host.npos ||
      host.find(".neptune.") != host.npos) {
    const std::string_view cluster = label(1);
    // Drawn at random, one in fifty has no digit; what people write there instead are words.
    const bool words =
        std::ranges::any_of(std::array<std::string_view, 4>{"instance", "database", "cluster", "server"},
                            [&](auto word) { return cluster.find(word) != cluster.npos; });
    const bool named = generated12 && !words;
    const bool clustered = cluster.starts_with("cluster-") || cluster.starts_with("proxy-");
    if (!named && !clustered) return std::nullopt;
    literal.title = "Database endpoint of one AWS account";
    literal.lookup = "data.aws_db_instance.this.address";
    return literal;
  }
  if (host.find(".eks.") != host.npos) {
    return label(0).size() == 32 && is_hex(label(0)) ? std::optional(literal) : std::nullopt;
  }
  if (host.find(".execute-api.") != host.npos) {
    return label(0).size() == 10 && is_lower_alnum(label(0)) ? std::optional(literal) : std::nullopt;
  }
  if (host.find(".elb.") != host.npos) {
    if (has_word(label(0), {"my", "your"})) return std::nullopt;
    const std::size_t dash = label(0).rfind('-');
    if (dash == std::string_view::npos) return std::nullopt;
    const std::string_view tail = label(0).substr(dash + 1);
    const bool generated = tail.size() >= 8 && std::ranges::any_of(tail, is_digit) && is_hex(tail);
    return generated ? std::optional(literal) : std::nullopt;
  }
  if (host.find(".es.") != host.npos || host.find(".aoss.") != host.npos) {
    const std::size_t dash = label(0).rfind('-');
    const bool named = label(0).starts_with("search-") || label(0).starts_with("vpc-");
    return named && label(0).size() - dash - 1 == 26 ? std::optional(literal) : std::nullopt;
  }
  if (host.find(".cache.") != host.npos || host.find(".redshift.") != host.npos) {
    return labels.size() >= 6 ? std::optional(literal) : std::nullopt;
  }
  return std::nullopt;
}

std::optional<Literal> secret_arn(const Site& site) {
  const auto arn = parse_arn(site.literal);
  if (!arn || is_public_account(arn->account) || kind_of(*arn) != ArnKind::named_secret) return std::nullopt;
  if (is_made_up_hex(arn->resource.substr(arn->resource.find_first_of("/:") + 1))) return std::nullopt;
  Literal literal{std::string(site.literal), "ARN of one key", "kms_key_arn",
                  "data.aws_kms_alias.this.target_key_arn"};
  if (arn->service == "acm") {
    literal.title = "ARN of one certificate";
    literal.variable = "certificate_arn";
    literal.lookup = "data.aws_acm_certificate.this.arn";
  } else if (arn->service == "secretsmanager") {
    literal.title = "ARN of one secret";
    literal.variable = "secret_arn";
    literal.lookup = "data.aws_secretsmanager_secret.this.arn";
  }
  // sops writes its recipients itself; nobody can make them a parameter.
  const bool sops = site.position.role == Role::ciphertext ||
                    has_word(site.position.key_path, {"sops", "creation_rules"}) ||
                    site.file.path.ends_with(".sops.yaml");
  if (sops) {
    literal.at_most = Severity::note;
    literal.hint = "sops wrote it as a recipient, so it cannot become a parameter.";
  }
  return literal;
}

std::optional<Literal> principal_name(const Site& site) {
  const auto arn = parse_arn(site.literal);
  if (arn && is_public_account(arn->account)) return std::nullopt;
  if (arn && is_composed(arn->resource)) return std::nullopt;
  const bool sso = site.literal.find("AWSReservedSSO_") != site.literal.npos;
  return Literal{std::string(site.literal), sso ? "Permission set of your people" : "Named IAM user",
                 "principal_arn", sso ? "data.aws_iam_roles.admin.arns" : ""};
}

std::optional<Literal> partition(const Site& site) {
  const auto arn = arn_around(site);
  if (!arn || kind_of(*arn) != ArnKind::composed) return std::nullopt;
  // AWS's own policies are right in the one partition they name; a literal resource is another rule's
  // business.
  if (arn->account == "aws" || arn->resource.empty()) return std::nullopt;
  if (site.line.find('\\') != site.line.npos) return std::nullopt;  // a regular expression over ARNs
  if (!is_composed(arn->account) && !is_composed(arn->region) && !is_composed(arn->resource))
    return std::nullopt;
  return Literal{std::string(arn->partition), "AWS partition", "", ""};
}

// A table of regions is the cure, not the disease: four different ones near by.
bool is_in_region_table(const Site& site) {
  constexpr std::size_t kNearBytes = 300;
  const std::string_view text = site.file.text;
  if (site.line.data() < text.data() || site.line.data() > text.data() + text.size()) return false;
  const std::size_t at = static_cast<std::size_t>(site.line.data() - text.data()) + site.before.size();
  const std::size_t from = at > kNearBytes ? at - kNearBytes : 0;
  const std::string_view near = text.substr(from, 2 * kNearBytes);
  int distinct = 0;
  for (const std::string_view name :
       {"us-east-1",      "us-east-2",      "us-west-1",      "us-west-2",   "eu-west-1",
        "eu-west-2",      "eu-west-3",      "eu-central-1",   "eu-north-1",  "ap-southeast-1",
        "ap-southeast-2", "ap-northeast-1", "ap-northeast-2", "ap-south-1",  "ca-central-1",
        "sa-east-1",      "me-south-1",     "af-south-1",     "us-central1", "europe-west1",
        "europe-west4"}) {
    if (near.find(name) != near.npos) ++distinct;
  }
  return distinct >= 4;
}

std::optional<Literal> region(const Site& site) {
  // CloudFront's certificates, WAF, billing and IAM metrics exist in us-east-1 alone.
  const std::string around = to_lower(site.position.key_path) + ' ' + to_lower(site.before);
  if (site.literal.starts_with("us-east-1") &&
      has_word(around, {"acm", "cloudfront", "waf", "virginia", "use1", "us_east_1", "global", "billing",
                        "edge", "cf"})) {
    return std::nullopt;
  }
  if (is_in_region_table(site)) return std::nullopt;
  if (site.position.role == Role::key) return std::nullopt;  // a map from regions to something is the cure
  for (const std::string_view arm : {"': {", "\": {", "': ", "' =>", "\" =>"}) {
    if (site.before.find_first_not_of(" \t'\"") == site.before.npos && site.after.starts_with(arm))
      return std::nullopt;  // so is a case for each
  }
  const bool zone = std::isalpha(static_cast<unsigned char>(site.literal.back())) != 0;
  return Literal{to_lower(site.literal), zone ? "Availability zone" : "Region",
                 zone ? "availability_zone" : "region",
                 zone ? "data.aws_availability_zones.available.names" : "data.aws_region.current.name"};
}

constexpr auto kChecks = std::to_array<Check>({
    {"aws-account-in-arn", account_in_arn},
    {"aws-account", bare_account},
    {"aws-resource", resource_id},
    {"aws-image", image_id},
    {"aws-zone", zone_id},
    {"aws-bucket", bucket_name},
    {"aws-endpoint", managed_endpoint},
    {"aws-secret-arn", secret_arn, true},
    {"aws-principal", principal_name},
    {"aws-partition", partition},
    {"aws-region", region},
});

}  // namespace

std::span<const Check> aws_checks() {
  return kChecks;
}

}  // namespace fanlight::coupling
