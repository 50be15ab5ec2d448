// Every rule: what must be found, and the traps that must not be. End to end through the engine.
#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>
#include <set>

#include "fanlight/coupling/lexicon.hpp"
#include "fanlight/detect/rule.hpp"
#include "scan.hpp"

namespace fanlight::coupling {

namespace {

// `expected` as summary() writes it; empty: no finding. The layer is shared unless the row's path says
// otherwise.
struct Row {
  std::string_view text, expected;
  std::string_view path = "modules/x/main.tf";
};

constexpr std::string_view kYaml = "roles/x/tasks/main.yml";

constexpr auto kAddresses = std::to_array<Row>({
    {"cidr = \"10.34.8.0/22\"", "rfc1918-host-or-cidr:block"},
    {"a = [\"10.34.8.1\", \"10.34.8.2\"]", "rfc1918-host-or-cidr:block rfc1918-host-or-cidr:block"},
    {"url = \"http://10.34.8.1:8080/x\"", "rfc1918-host-or-cidr:block"},
    {"ssh deploy@10.34.8.1", "rfc1918-host-or-cidr:block", kYaml},
    {"range: 10.34.8.10-10.34.8.20", "rfc1918-host-or-cidr:block rfc1918-host-or-cidr:block", kYaml},
    {"a = \"${cidrhost(\"10.34.8.0/22\", 4)}\"", "rfc1918-host-or-cidr:block"},
    {"x = \"9.255.255.255\"", "org-public-address:block"},
    {"x = \"10.0.0.5\"", "rfc1918-host-or-cidr:block"},
    {"x = \"10.255.255.254\"", "rfc1918-host-or-cidr:block"},
    {"x = \"11.0.0.1\"", ""},
    {"x = \"172.15.255.255\"", "org-public-address:block"},
    {"x = \"172.16.0.9\"", "rfc1918-host-or-cidr:block"},
    {"x = \"172.31.255.254\"", "rfc1918-host-or-cidr:block"},
    {"x = \"172.32.0.1\"", "org-public-address:block"},
    {"x = \"192.167.255.255\"", "org-public-address:block"},
    {"x = \"192.168.7.9\"", "rfc1918-host-or-cidr:block"},
    {"x = \"192.169.0.1\"", "org-public-address:block"},
    {"x = \"10.34.8.256\"", ""},
    {"x = \"10.34.08.1\"", ""},
    {"x = \"10.34.8.0/33\"", ""},
    {"x = \"10.0.0.0/8\"", ""},
    {"x = [\"172.16.0.0/12\", \"192.168.0.0/16\"]", ""},
    {"service_cidr = \"10.96.0.0/12\"", ""},
    {"pods: 10.244.0.0/16", "", kYaml},
    {"bip: 172.17.0.1/16", "", kYaml},
    {"description = \"EKS picks 172.20.0.0/16 or 10.100.7.0/24\"", ""},
    {"version = \"10.1.2.3\"", ""},
    {"oracle_version: 10.2.0.4", "", kYaml},
    {"pip: foo==10.1.2.3", "", kYaml},
    {"agent >= 10.1.2.3", "", kYaml},
    {"address => '10.34.8.1',", "rfc1918-host-or-cidr:block", "modules/x/manifests/init.pp"},
    {"release 10.1.2.3", "", kYaml},
    {"oid: 1.3.6.1.4.1.10.1.2.3", "", kYaml},
    {"oid: 10.1.2.3.4.5", "", kYaml},
    {"file: jdk-10.1.2.3.tar.gz", "", kYaml},
    {"path: /opt/jdk/10.1.2.3/bin", "", kYaml},
    {"x: v10.1.2.3", "", kYaml},
    {"x: 10.1.2.3-beta", "", kYaml},
    {"# once 10.34.8.1", "rfc1918-host-or-cidr:note"},
    {"EXAMPLES = r'''\n  host: 10.34.8.1\n'''\n", "", "modules/x/plugin.py"},
    {"def f():\n  \"\"\"At 10.34.8.1.\"\"\"\n", "rfc1918-host-or-cidr:note", "modules/x/plugin.py"},
    {"USER_DATA = \"\"\"\nserver 10.34.8.1\n\"\"\"\n", "rfc1918-host-or-cidr:block", "modules/x/plugin.py"},
    {"a = \"${var.net_10.34.8.1}\"", ""},
    {"x = \"100.63.255.255\"", "org-public-address:block"},
    {"x = \"100.64.3.0/24\"", "cgnat-or-ula:block"},
    {"x = \"100.127.255.254\"", "cgnat-or-ula:block"},
    {"x = \"100.128.0.1\"", "org-public-address:block"},
    {"dns = \"100.100.100.100\"", ""},
    {"x = \"100.64.0.0/10\"", ""},
    {"x = \"100.64.0.0/16\"", ""},
    {"x = \"fd3a:91c7:2e04:8::17/64\"", "cgnat-or-ula:block"},
    {"x = \"FD3A:91C7:2E04::/48\"", "cgnat-or-ula:block"},
    {"x = \"fc00::/7\"", ""},
    {"x = \"fd12:3456:789a:1::/64\"", ""},
    {"x = \"fdf8:f53b:82e4::53\"", ""},
    {"fingerprint: fd:12:34:56:78:9a:bc:de:f0:11", "", kYaml},
    {"x = \"fe80::1\"", ""},
    {"sha: fd12:zz", "", kYaml},
    {"office_cidrs = [\"81.187.44.208/29\", \"62.49.131.7/32\"]",
     "org-public-address:block org-public-address:block"},
    {"- 62.49.131.7/32  # vpn egress", "org-public-address:block", kYaml},
    {"vpn_endpoint = \"81.187.44.211\"", "org-public-address:block"},
    // The whole of a value, or under a key that says where something is.
    {"  from  => '81.187.44.211',", "org-public-address:block", "modules/x/manifests/init.pp"},
    {"  $peer = '81.187.44.211'", "org-public-address:block", "modules/x/manifests/init.pp"},
    {"address = [ \"81.187.44.211/27\" ];", "org-public-address:block", "modules/x.nix"},
    {"-A INPUT -p tcp -s 81.187.44.211 -j ACCEPT", "org-public-address:block", "roles/x/templates/rules.j2"},
    {"mynetworks = 81.187.44.0/24 62.49.131.0/25", "org-public-address:block org-public-address:block",
     "modules/x/templates/main.cf.erb"},
    {"x = \"81.187.44.211\"", "", "modules/x/main.py"},
    {"# 81.187.44.211 is the old one", "", kYaml},
    {"version: '81.187.44.211'", "", kYaml},
    {"product: '4.12.3.7'", "", kYaml},
    {"address: 255.255.255.0", "", kYaml},
    {"from: 192.0.2.17", "", kYaml},
    {"assembly: '104.0.0.0'", "", kYaml},
    {"v6 = [ \"fd0a::/64\" ];", "cgnat-or-ula:block", "modules/x.nix"},
    {"allowed = [\"203.0.113.7/32\", \"192.0.2.0/24\", \"198.18.4.0/24\", \"198.51.100.1/32\"]", ""},
    {"allow_resolver = [\"8.8.8.8/32\", \"1.1.1.1/32\", \"9.9.9.9/32\"]", ""},
    {"allow_metadata = \"169.254.169.254/32\"", ""},
    {"allow_iap = \"35.235.240.0/24\"", ""},
    {"allow_pages = \"185.199.108.153/32\"", ""},
    {"range = \"81.187.44.208/29\"", ""},
    {"allow = \"81.187.0.0/16\"", ""},
    {"nat_version: 12.4.1.0", "", kYaml},
    {"mac_address: 3c:ec:ef:41:7b:9e", "mac-or-serial:block", kYaml},
    {"hardware ethernet 90:e2:ba:17:6d:c4;", "mac-or-serial:block", "roles/x/templates/dhcpd.conf.j2"},
    {"serial_number: 7CE2340K8D", "mac-or-serial:block", kYaml},
    {"mac: 00:00:00:00:00:00", "", kYaml},
    {"mac: ff:ff:ff:ff:ff:ff", "", kYaml},
    {"mac: 00:00:5e:00:01:0a", "", kYaml},
    {"mac: 52:54:00:3f:19:a2", "", kYaml},
    {"mac: 3c:ec:ef:41:7b:9e:11:22:33", "", kYaml},
    {"serial_number: 2024010101", "", kYaml},
    {"mac: AUTOGENERATED", "", kYaml},
});

constexpr auto kNames = std::to_array<Row>({
    {"host = \"db01.prod.corp\"", "internal-only-dns-name:block"},
    {"url = \"https://vault.eqx.internal:8200/\"", "internal-only-dns-name:block"},
    {"ntp_server: ntp1.lan", "internal-only-dns-name:block", kYaml},
    {"host: nas.home.arpa", "internal-only-dns-name:block", kYaml},
    {"ldap_host: dc01.nwcharlie.local", "internal-only-dns-name:block", kYaml},
    {"x = \"db01.prod.corp\"", "internal-only-dns-name:block", "modules/x/main.py"},
    {"x = self.corp", "", "modules/x/main.py"},
    {"y = config.internal", "", "modules/x/main.py"},
    {"x = command.local", "", "modules/x/main.py"},
    {"a = db.prod.internal.size", "", "modules/x/main.py"},
    {"a = thing.prod.internal()", "", "modules/x/main.py"},
    {"v: ${{ steps.x.outputs.local }}", "", ".github/workflows/x.yml"},
    {"file: values.local.yaml", "", kYaml},
    {"file: .env.local", "", kYaml},
    {"cmd: /usr/sbin/kadmin.local", "", kYaml},
    {"cmd: kadmin.local -q x", "", kYaml},
    {"import com.sun.xml.internal", "", kYaml},
    {"host: ip-10-0-1-2.eu-west-1.compute.internal", "", kYaml},
    {"host: localhost.localdomain", "", kYaml},
    {"host: mydomain.internal", "", kYaml},
    {"host: host.docker.internal", "", kYaml},
    {"url: http://metadata.google.internal/", "", kYaml},
    {"host: kubernetes.default.svc.cluster.local", "", kYaml},
    {"grafana.internal/instance: x", "", kYaml},
    {"host: db.example.internal", "", kYaml},
    {"host: thing.language", "", kYaml},
    {"# was db01.prod.corp", "internal-only-dns-name:note"},
    {"domain: ad.my.corp", "", kYaml},
});

constexpr auto kAws = std::to_array<Row>({
    {"  case $facts['dc'] {\n    'eu-central-1': {\n    }\n", "", "modules/x/manifests/init.pp"},
    {"  account: process.env.CDK_DEFAULT_ACCOUNT || '610187654329',", "aws-account-id-bare:block",
     "modules/x/a.ts"},
    {"  account: process.env.CDK_DEFAULT_ACCOUNT,", "", "modules/x/a.ts"},
    {"p = iam.AccountPrincipal(\"610187654329\")", "aws-account-id-bare:block", "modules/x/a.py"},
    {"a = os.environ.get(\"AWS_ACCOUNT_ID\", \"610187654329\")", "aws-account-id-bare:block",
     "modules/x/a.py"},
    {"trusted_accounts:\n  - '610187654329'", "aws-account-id-bare:block", kYaml},
    {"FASTLY_ACCOUNT = \"717331877981\"", "", "modules/x/a.py"},
    {"VPC_ID=\"${VPC_ID:-vpc-05e3d41bd72f98c66}\"", "aws-resource-id:block", "modules/x/boot.sh"},
    {"host = \"orders.csdwncmqxlzt.eu-west-1.rds.amazonaws.com\"", "managed-endpoint:block"},
    {"host = \"orders.databasename.eu-west-1.rds.amazonaws.com\"", ""},
    {"role = \"arn:aws:iam::610187654329:role/deployer\"", "aws-account-id-in-arn:block"},
    {"topic = \"arn:aws-us-gov:sns:us-gov-west-1:610187654329:alerts\"", "aws-account-id-in-arn:block"},
    {"role = \"arn:aws:iam::123456789012:role/x\"", ""},
    {"role = \"arn:aws:iam::111122223333:root\"", ""},
    {"elb = \"arn:aws:iam::127311923021:root\"", ""},
    {"dd = \"arn:aws:iam::464622532012:root\"", ""},
    {"arn = \"arn:aws:lambda:eu-west-1:580247275435:layer:LambdaInsightsExtension:14\"", ""},
    {"policy = \"arn:aws:iam::aws:policy/ReadOnlyAccess\"", ""},
    {"key = \"arn:aws:kms:eu-west-1:610187654329:key/7c1e05d2-93ab-4f68-b0d7-e52f186a94c3\"",
     "kms-or-acm-or-secret-arn:block"},
    {"c = \"arn:aws:acm:us-east-1:610187654329:certificate/7c1e05d2-93ab-4f68-b0d7-e52f186a94c3\"",
     "kms-or-acm-or-secret-arn:block"},
    {"s = \"arn:aws:secretsmanager:eu-west-1:610187654329:secret:prod/db-Kx81Qz\"",
     "kms-or-acm-or-secret-arn:block"},
    {"key = \"arn:aws:kms:us-east-1:123456789012:key/7c1e05d2-93ab-4f68-b0d7-e52f186a94c3\"", ""},
    {"key = \"arn:aws:kms:eu-west-1:610187654329:alias/app\"", "aws-account-id-in-arn:block"},
    {"a: b\nsops:\n  kms:\n  - arn: "
     "arn:aws:kms:eu-west-1:610187654329:key/7c1e05d2-93ab-4f68-b0d7-e52f186a94c3\n",
     "kms-or-acm-or-secret-arn:note", "roles/x/vars/s.yaml"},
    {"u = \"arn:aws:iam::610187654329:user/deploy-anna\"", "iam-principal-name:block"},
    {"r = "
     "\"arn:aws:iam::610187654329:role/aws-reserved/sso.amazonaws.com/"
     "AWSReservedSSO_Admin_3f81c7d20be94a65\"",
     "iam-principal-name:block"},
    {"r = \"AWSServiceRoleForECS\"", ""},
    {"p = \"arn:aws:s3:::${var.bucket}/*\"", "partition-literal:note"},
    {"p = \"arn:aws:iam::${local.account}:role/x\"", "partition-literal:note"},
    {"p = \"arn:${data.aws_partition.current.partition}:s3:::${var.b}\"", ""},
    {"account_id = \"610187654329\"", "aws-account-id-bare:block"},
    {"owners = [\"610187654329\", \"733104928155\"]", "aws-account-id-bare:block"},
    {"account_ids = {\n  prod = \"610187654329\"\n  dev  = \"733104928155\"\n}", "aws-account-id-bare:block"},
    {"owners = [\"099720109477\"]", ""},
    {"account_id = \"123456789012\"", ""},
    {"account_created = 202403151230", ""},
    {"account_seen_ms: 1710501234567", "", kYaml},
    {"account_limit = 100000000000", ""},
    {"total = 610187654329", ""},
    {"subnet_id = \"subnet-0bb1c7e94f3d25926\"", "aws-resource-id:block"},
    {"vpc_id = \"vpc-8f31d2a7\"", "aws-resource-id:block"},
    {"sg = \"sg-0c7d4e19a82b5f360\"", "aws-resource-id:block"},
    {"ep = \"vpce-0c7d4e19a82b5f360\"", "aws-resource-id:block"},
    {"sg = \"sg-0123456789abcdef0\"", ""},
    {"sg = \"sg-12345678\"", ""},
    {"sg = \"sg-abcd1234\"", ""},
    {"sg = \"sg-aaaaaaaa\"", ""},
    {"sg = \"sg-deadbeef\"", ""},
    {"sg = \"my-sg-8f31d2a7\"", ""},
    {"sg = \"sg-8f31d2a7-x\"", ""},
    {"fs = \"fs-defaced\"", ""},
    {"x = \"vpc-8f31d2a\"", ""},
    {"x = \"vpc-8f31d2a71\"", ""},
    {"error_message = \"must be like vpc-8f31d2a7\"", ""},
    {"ami = \"ami-05c8f72e1d94ab630\"", "ami-id:block"},
    {"ami = \"ami-0abcdef1234567890\"", ""},
    {"# ami-05c8f72e1d94ab630 is debian 12", ""},
    {"zone_id = \"Z0719384HQTR5KWN2CVE\"", "route53-or-elb-zone-id:block"},
    {"arn = \"arn:aws:route53:::hostedzone/Z7Q2M8XKD41VPA\"", "route53-or-elb-zone-id:block"},
    {"zone_id = \"Z2FDTNDATAQYW2\"", ""},
    {"zone_id = \"ZD4D7Y8KGAS4G\"", ""},
    {"zone_id = \"Z3AQBSTGFYJSTF\"", ""},
    {"hosted_zone_id: Z1D633PJN98FT9EXAMPLE", "", kYaml},
    {"zone_name = \"ZOOKEEPERCLUSTER\"", ""},
    {"bucket = \"nwcharlie-audit-logs\"", "s3-bucket-name:block"},
    {"cmd: aws s3 cp s3://nwcharlie-releases/app.zip .", "s3-bucket-name:block", kYaml},
    {"r = \"arn:aws:s3:::nwcharlie-audit-logs/*\"", "s3-bucket-name:block"},
    {"h = \"nwcharlie-assets.s3.eu-west-1.amazonaws.com\"", "managed-endpoint:block"},
    {"bucket = aws_s3_bucket.logs.id", ""},
    {"bucket = var.bucket", ""},
    {"bucket = \"${var.prefix}-logs\"", ""},
    {"bucket = \"logs-${var.env}\"", ""},
    {"cmd: aws s3 cp s3://amazon-eks/1.21/x .", "", kYaml},
    {"bucket = \"my-bucket\"", ""},
    {"r = \"arn:aws:s3:::*\"", "partition-literal:note"},
    {"bucket: string", "", "modules/x/main.ts"},
    {"h = \"orders.c7k2m9x4q1ab.eu-west-1.rds.amazonaws.com\"", "managed-endpoint:block"},
    {"h = \"internal-web-1938472610.eu-west-1.elb.amazonaws.com\"", "managed-endpoint:block"},
    {"h = \"d3k8f1q7z0m2xw.cloudfront.net\"", "managed-endpoint:block"},
    {"h = \"7F3A91C72E04B85D6A0F13C8E2974B65.gr7.eu-west-1.eks.amazonaws.com\"", "", kYaml},
    {"h: 7f3a91c72e04b85d6a0f13c8e2974b65.gr7.eu-west-1.eks.amazonaws.com", "managed-endpoint:block", kYaml},
    {"h: k7m2x9q4zt.execute-api.eu-west-1.amazonaws.com", "managed-endpoint:block", kYaml},
    {"h: vpc-logs-q7k2m9x4t1ab3c8d5e6f0g2h4j.eu-west-1.es.amazonaws.com", "managed-endpoint:block", kYaml},
    {"p = \"monitoring.rds.amazonaws.com\"", ""},
    {"p = \"pods.eks.amazonaws.com\"", ""},
    {"p = \"hybrid-assets.eks.amazonaws.com\"", ""},
    {"p = \"elasticloadbalancing.amazonaws.com\"", ""},
    {"h = \"d111111abcdef8.cloudfront.net\"", ""},
    {"h: 012345678903AB2BAE5D1E0BFE0E2B50.gr7.us-east-1.eks.amazonaws.com", "", kYaml},
    {"region = \"eu-west-1\"", "region-or-az-literal:warn"},
    {"zone: eu-central-1b", "region-or-az-literal:warn", kYaml},
    {"zone = \"europe-west1-b\"", "region-or-az-literal:warn"},
    {"region = var.region", ""},
    {"provider \"aws\" {\n  alias  = \"acm\"\n  acm_region = \"us-east-1\"\n}", ""},
    {"amis = {\n  \"eu-west-1\" = var.x\n}", ""},
    {"region = \"eu-west-1\"", "", "stacks/x/main.tf"},
    {"\"AWS::S3Tables::TableBucket\": \"fd801079f257ef03\"", "", "modules/x/t.json"},
    {"doc: |\n  :param bucket:\n  :type x", "", kYaml},
    {"b: logging.s3.amazonaws.com", "", kYaml},
    {"h: my-lb-424835706.us-west-2.elb.amazonaws.com", "", kYaml},
    {"r = [\"us-east-1\", \"us-west-2\", \"eu-west-1\", \"ap-south-1\"]", ""},
    {"bucket = \"amzn-s3-demo-bucket1\"", ""},
    {"owner_id = \"012345678910\"", ""},
    {"pattern = \"arn:aws:iam::[0-9]*:role/\\w+\"", ""},
});

constexpr auto kClouds = std::to_array<Row>({
    {"image = \"eu.gcr.io/nwcharlie-prod/api:4\"", "gcp-project-id-or-number:block"},
    {"image = \"europe-docker.pkg.dev/nwcharlie-prod/app/api\"", "gcp-project-id-or-number:block"},
    {"# google\ns = \"projects/nwcharlie-prod/secrets/db\"", "gcp-project-id-or-number:block"},
    {"provider \"google\" {\n  project = \"nwcharlie-prod\"\n}", "gcp-project-id-or-number:block"},
    {"project = \"nwcharlie-prod\"", ""},
    {"image = \"projects/debian-cloud/global/images/family/debian-12\" # google", ""},
    {"image = \"gcr.io/google-samples/hello-app:1.0\"", ""},
    {"provider \"google\" {\n  project = \"my-project\"\n}", ""},
    {"provider \"google\" {\n  project = var.project\n}", ""},
    {"url = \"https://github.com/orgs/acme/projects/roadmap-2024\" # google", ""},
    {"m = \"serviceAccount:ci@nwcharlie-prod.iam.gserviceaccount.com\"", "gcp-service-account:block"},
    {"m = \"service-482910374655@gcp-sa-pubsub.iam.gserviceaccount.com\"", ""},
    {"m = \"482910374655-compute@developer.gserviceaccount.com\"", ""},
    {"m = \"ci@${var.project}.iam.gserviceaccount.com\"", ""},
    {"m = \"group:sre@nwcharlie.net\"", "gcp-group-or-domain-member:block"},
    {"m = [\"user:anna.k@nwcharlie.net\"]", "gcp-group-or-domain-member:block"},
    {"m = [\"user:anna.k84@gmail.com\"]", "gcp-group-or-domain-member:block"},
    {"m = \"domain:nwcharlie.net\"", "gcp-group-or-domain-member:block"},
    {"m = [\"allUsers\", \"allAuthenticatedUsers\"]", ""},
    {"m = \"group:${var.group}\"", ""},
    {"m = \"user:jane@example.com\"", ""},
    {"subscription_id = \"7c1e05d2-93ab-4f68-b0d7-e52f186a94c3\"", "azure-subscription-or-tenant:block"},
    {"s = \"/subscriptions/7c1e05d2-93ab-4f68-b0d7-e52f186a94c3/resourceGroups/x\"",
     "azure-subscription-or-tenant:block"},
    {"tenantId: 7c1e05d2-93ab-4f68-b0d7-e52f186a94c3", "azure-subscription-or-tenant:block", kYaml},
    {"tenant_id = \"00000000-0000-0000-0000-000000000000\"", ""},
    {"tenant_id = \"72f988bf-86f1-41af-91ab-2d7cd011db47\"", ""},
    {"client_id = \"00000003-0000-0000-c000-000000000000\"", ""},
    {"client_id = \"11111111-1111-1111-1111-111111111111\"", ""},
    {"r = \"/roleDefinitions/7c1e05d2-93ab-4f68-b0d7-e52f186a94c3\"", ""},
    {"uuid = \"7c1e05d2-93ab-4f68-b0d7-e52f186a94c3\"", ""},
    {"v = \"https://nwcharlie-kv.vault.azure.net/\"", "azure-global-hostname:block"},
    {"v = \"nwcharliestate.blob.core.windows.net\"", "azure-global-hostname:block"},
    {"v = \"privatelink.blob.core.windows.net\"", ""},
    {"v = \"${var.name}.vault.azure.net\"", ""},
    {"v = \"mystorageaccount.blob.core.windows.net\"", ""},
    {"zone_id = \"9f27c1d84e03b65a7dc2184fe6a0935b\"", "other-provider-object-id:block"},
    {"service_id = \"7Kq2vXn04TzLmR8sWfYbD1\"", "other-provider-object-id:block"},
    {"network_id: 7c1e05d2-93ab-4f68-b0d7-e52f186a94c3", "other-provider-object-id:block", kYaml},
    {"sha = \"9f27c1d84e03b65a7dc2184fe6a0935b\"", ""},
    {"zone_id = \"0123456789abcdef0123456789abcdef\"", ""},
    {"service_id = \"authentication_service\"", ""},
    {"m = \"user:test-user@gmail.com\"", ""},
    {"m = \"domain:google.com\"", ""},
    {"s = \"projects/project-1/secrets/db\"", ""},
    {"s = \"projects/test-project-name/zones/x\"", ""},
    {"image: k8s.gcr.io/hyperkube:v1", "", kYaml},
});

constexpr auto kArtefacts = std::to_array<Row>({
    {"image: 610187654329.dkr.ecr.eu-west-1.amazonaws.com/billing/api:1.4",
     "private-container-registry:block", kYaml},
    {"image: nwcharlie.azurecr.io/web/front:2", "private-container-registry:block", kYaml},
    {"image: registry.infra.svc:5000/app", "private-container-registry:block", kYaml},
    {"url: http://api.web.svc:8080/health", "", kYaml},
    {"image: 602401143452.dkr.ecr.us-west-2.amazonaws.com/eks/coredns:v1", "", kYaml},
    {"image: public.ecr.aws/nginx/nginx:1", "", kYaml},
    {"image: mcr.microsoft.com/dotnet/sdk:8.0", "", kYaml},
    {"image: quay.io/prometheus/prometheus", "", kYaml},
    {"source = \"registry.terraform.io/hashicorp/aws\"", ""},
    {"module \"x\" {\n  source = \"git@git.nwcharlie.net:platform/vpc.git\"\n}",
     "public-depends-on-private-module:block"},
    {"source = \"git::ssh://git@ghe.nwcharlie.net/infra/dns.git?ref=v1\"",
     "public-depends-on-private-module:block"},
    {"source = \"git@github.com:nwcharlie/vpc.git\"", "public-depends-on-private-module:warn"},
    {"source = \"app.terraform.io/nwcharlie/vpc/aws\"", "public-depends-on-private-module:block"},
    {"[submodule \"x\"]\n\turl = git@git.nwcharlie.net:infra/x.git", "public-depends-on-private-module:block",
     ".gitmodules"},
    {"mod 'x', :git => 'git@git.nwcharlie.net:puppet/x.git'", "public-depends-on-private-module:block",
     "Puppetfile"},
    {"source = \"terraform-aws-modules/vpc/aws\"", ""},
    {"source = \"git@git.example.com:platform/vpc.git\"", ""},
    {"source = \"./modules/x\"", ""},
    {"terraform {\n  backend \"s3\" {\n    key    = \"x\"\n    bucket = \"nwcharlie-tfstate-prod\"\n  }\n}",
     "state-backend-literal:block"},
    {"terraform {\n  cloud {\n    organization = \"nwcharlie\"\n  }\n}", "state-backend-literal:block"},
    {"terraform {\n  backend \"s3\" {}\n}", ""},
    {"terraform {\n  backend \"local\" {\n    path = \"x\"\n  }\n}", ""},
    {"a: ENC[AES256_GCM,data:x]\nb: ENC[AES256_GCM,data:y]", "encrypted-at-rest:note", kYaml},
    {"p: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  3661\n", "encrypted-at-rest:note", "group_vars/all.yml"},
    {"-----BEGIN PGP MESSAGE-----\nhQ", "encrypted-at-rest:note", "tests/x.txt"},
    {"-----BEGIN PGP PUBLIC KEY BLOCK-----\nhQ", "", kYaml},
});

constexpr auto kPeople = std::to_array<Row>({
    {"ADMIN_USERNAMES = [\n    \"akowalczyk\",\n    \"tokafor\",\n]", "named-user-list:block",
     "modules/x/a.py"},
    {"users = [\"akowalczyk\", \"tokafor\"]", "", "modules/x/a.py"},
    {"usernames = [user_a, user_b]", "", "modules/x/a.py"},
    {"owner = \"anna.kowalczyk84@gmail.com\"", "personal-email:block"},
    {"description = \"ask anna.kowalczyk84@gmail.com\"", "personal-email:note"},
    {"owner = \"ops+pager@gmail.com\"", ""},
    {"owner = \"team-platform@gmail.com\"", ""},
    {"owner = \"your.email@gmail.com\"", ""},
    {"owner = \"anna@example.com\"", ""},
    {"# Copyright 2020 Anna <anna.kowalczyk84@gmail.com>", ""},
    {"# Author: Anna <anna.kowalczyk84@gmail.com>", ""},
    {"unit: foo@bar.service", "", kYaml},
    {"uses: actions/checkout@v4", "", ".github/workflows/x.yml"},
    {"u = \"git@github.com\"", ""},
    {"a = \"${user}k@gmail.com\"", ""},
    {"k = \"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB "
     "anna@nwc-laptop-17\"",
     "ssh-public-key-with-identity:block"},
    {"k = \"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB\"", ""},
    {"k = \"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB "
     "deploy@example.com\"",
     ""},
    {"k = \"ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB "
     "anna@nwc-laptop-17\"",
     ""},
    {"key = \"/home/akowalczyk/.ssh/id_rsa\"", "home-directory-path:warn"},
    {"key = \"/Users/tokafor/src/infra\"", "home-directory-path:warn"},
    {"path: C:\\Users\\akowalczyk\\repo", "home-directory-path:warn", kYaml},
    {"key = \"/home/ubuntu/.ssh\"", ""},
    {"key = \"/Users/path/to/x\"", ""},
    {"key = \"/home/vagrant/x\"", ""},
    {"key = \"/home/runner/work\"", ""},
    {"key = \"/home/ec2-user/x\"", ""},
    {"key = \"/Users/cltbld/tasks\"", ""},
    {"key = \"/home/gerrit2/x\"", ""},
    {"key = \"/home/${var.user}/x\"", ""},
    {"route = \"/home/about\"", ""},
    {"url = \"https://x.org/home/akowalczyk/x\"", ""},
    {"slack_channel = \"#payments-oncall\"", "chat-channel:block"},
    {"channel: \"C04K7QZ2M9X\"", "chat-channel:block", kYaml},
    {"url = \"https://nwcharlie.slack.com/archives/C04K7QZ2M9X\"", "chat-channel:block"},
    {"url = \"https://kubernetes.slack.com/archives/C09NXKJKA\"", ""},
    {"channel_color = \"#ff8800\"", ""},
    {"slack_channel = \"#general\"", ""},
    {"slack_channel = var.channel", ""},
    {"owner = \"alice@gmail.com\"", ""},
    {"owner = \"a@gmail.com\"", ""},
    {"owner = \"test-user@gmail.com\"", ""},
    {"owner = \"my-gcp-id@gmail.com\"", ""},
});

void check_rows(std::span<const Row> rows) {
  for (const Row& row : rows) {
    const std::string got = summary(scan(row.path, row.text));
    BOOST_TEST(got == row.expected, row.text << " gave \"" << got << '"');
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(rules)

BOOST_AUTO_TEST_CASE(addresses) {
  check_rows(kAddresses);
}
BOOST_AUTO_TEST_CASE(names) {
  check_rows(kNames);
}
BOOST_AUTO_TEST_CASE(aws) {
  check_rows(kAws);
}
BOOST_AUTO_TEST_CASE(clouds) {
  check_rows(kClouds);
}
BOOST_AUTO_TEST_CASE(artefacts) {
  check_rows(kArtefacts);
}
BOOST_AUTO_TEST_CASE(people) {
  check_rows(kPeople);
}

BOOST_AUTO_TEST_CASE(every_rule_finds_its_examples_and_nothing_in_its_counterexamples) {
  for (const detect::Rule& rule : detect::builtin_rules().rules) {
    if (rule.kind != FindingKind::coupling) continue;
    const auto finds = [&](std::string_view text) {
      for (const std::string_view path : {"modules/x/main.tf", "roles/x/vars/main.yml"}) {
        const auto found = scan(path, text);
        if (std::ranges::any_of(found, [&](const Found& item) { return item.rule == rule.id; })) return true;
      }
      return false;
    };
    for (const std::string_view text : rule.examples) BOOST_TEST(finds(text), rule.id << " misses " << text);
    for (const std::string_view text : rule.counterexamples)
      BOOST_TEST(!finds(text), rule.id << " finds " << text);
  }
}

BOOST_AUTO_TEST_CASE(every_rule_has_a_check_and_every_check_a_rule) {
  std::set<std::string_view> used;
  const auto names = check_names();
  const auto note = [&](const detect::Rule& rule) {
    if (rule.kind != FindingKind::coupling) return;
    if (is_sealed_rule(rule.id)) return;  // the key decides
    BOOST_TEST((std::ranges::find(names, rule.check) != names.end()), rule.id << " has check " << rule.check);
    used.insert(rule.check);
  };
  for (const detect::Rule& rule : detect::builtin_rules().rules) note(rule);
  for (const detect::Rule& rule : lexicon_rules()) note(rule);
  for (const std::string_view name : names) BOOST_TEST(used.contains(name), name << " is used by no rule");
}

BOOST_AUTO_TEST_CASE(severity_follows_the_layer) {
  struct LayerRow {
    std::string_view text, shared, instance, env_data, doc_test;
  };
  // As in the taxonomy; off: no finding.
  const auto rows = std::to_array<LayerRow>({
      {"a: 10.34.8.1", "block", "note", "note", "off"},
      {"a: 100.72.4.0/24", "block", "note", "note", "off"},
      {"office: 81.187.44.208/29", "block", "warn", "note", "off"},
      {"mac: 3c:ec:ef:41:7b:9e", "block", "warn", "warn", "off"},
      {"host: db01.prod.corp", "block", "note", "note", "off"},
      {"a: arn:aws:iam::610187654329:role/x", "block", "warn", "note", "off"},
      {"account_id: 610187654329", "block", "warn", "note", "off"},
      {"a: subnet-0bb1c7e94f3d25926", "block", "warn", "note", "off"},
      {"a: ami-05c8f72e1d94ab630", "block", "warn", "note", "off"},
      {"zone_id: Z0719384HQTR5KWN2CVE", "block", "warn", "note", "off"},
      {"a: s3://nwcharlie-releases/x", "block", "note", "off", "off"},
      {"a: d3k8f1q7z0m2xw.cloudfront.net", "block", "warn", "note", "off"},
      {"a: arn:aws:iam::610187654329:user/anna", "block", "warn", "note", "off"},
      {"a: \"arn:aws:s3:::${b}\"", "note", "off", "off", "off"},
      {"a: eu.gcr.io/nwcharlie-prod/api", "block", "warn", "note", "off"},
      {"tenant_id: 7c1e05d2-93ab-4f68-b0d7-e52f186a94c3", "block", "warn", "note", "off"},
      {"a: nwcharlie-kv.vault.azure.net", "block", "warn", "note", "off"},
      {"image: nwcharlie.azurecr.io/web/front", "block", "warn", "note", "off"},
      {"source: git@git.nwcharlie.net:a/b.git", "block", "block", "note", "off"},
      {"a: anna.kowalczyk84@gmail.com", "block", "warn", "warn", "note"},
      {"a: /home/akowalczyk/x", "warn", "warn", "off", "note"},
      {"channel: '#payments-oncall'", "block", "warn", "note", "note"},
      {"region: eu-west-1", "warn", "off", "off", "off"},
      {"a: ENC[AES256_GCM,x]", "note", "note", "note", "note"},
  });
  for (const LayerRow& row : rows) {
    const std::pair<Layer, std::string_view> expected[] = {{Layer::shared, row.shared},
                                                           {Layer::instance, row.instance},
                                                           {Layer::env_data, row.env_data},
                                                           {Layer::doc_test, row.doc_test}};
    for (const auto& [layer, severity] : expected) {
      const auto found = scan("x.yml", layer, row.text);
      const std::string_view got = found.empty() ? "off" : to_string(found.front().judgement.severity);
      BOOST_TEST(found.size() <= 1U, row.text);
      BOOST_TEST(got == severity, row.text << " in " << to_string(layer) << " is " << got);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fanlight::coupling
