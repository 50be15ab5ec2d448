// Amazon Resource Names by their fields: arn:partition:service:region:account:resource.
#pragma once

#include <optional>
#include <string_view>

namespace fanlight::coupling {

struct Arn {
  std::string_view partition, service, region, account, resource;
};

// From a text that begins with "arn:"; the resource ends at white space, a quote or a bracket. Nothing when a
// field is missing.
std::optional<Arn> parse_arn(std::string_view text);

// Which rule speaks about an ARN, so that one ARN has one finding.
enum class ArnKind {
  named_secret,  // a key, certificate or secret with its id: kms-or-acm-or-secret-arn
  person,        // an IAM user, or a single-sign-on permission set: iam-principal-name
  bucket,        // an S3 bucket with a literal name: s3-bucket-name
  account,       // anything else with a literal account: aws-account-id-in-arn
  composed       // no literal but the partition: partition-literal
};
ArnKind kind_of(const Arn& arn);

// An AWS account id that says nothing of this organisation: documentation, AWS itself, or a vendor everybody
// trusts.
bool is_public_account(std::string_view account);
// A hosted-zone id that AWS publishes: CloudFront, load balancers, S3 websites, Elastic Beanstalk, API
// Gateway.
bool is_public_zone(std::string_view zone);

}  // namespace fanlight::coupling
