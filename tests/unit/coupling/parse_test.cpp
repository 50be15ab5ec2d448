// Addresses and ARNs as values.
#include <boost/test/unit_test.hpp>

#include <array>

#include "arn.hpp"
#include "ip.hpp"

namespace fanlight::coupling {

BOOST_AUTO_TEST_SUITE(parse)

BOOST_AUTO_TEST_CASE(only_strict_addresses_parse) {
  struct Row {
    std::string_view text, canonical;  // canonical empty: does not parse
  };
  constexpr auto kRows = std::to_array<Row>({
      {"10.1.2.3", "10.1.2.3"},
      {"10.1.2.3/32", "10.1.2.3/32"},
      {"10.1.2.0/24", "10.1.2.0/24"},
      {"255.255.255.255", "255.255.255.255"},
      {"0.0.0.0/0", "0.0.0.0/0"},
      {"256.1.2.3", ""},
      {"10.01.2.3", ""},
      {"10.1.2", ""},
      {"10.1.2.3.4", ""},
      {"10.1.2.3/33", ""},
      {"10.1.2.3/", ""},
      {"10.1.2.3/08", ""},
      {"10.1.2.3/-1", ""},
      {"", ""},
      {"/8", ""},
      {"FD3A:91C7:2E04:0008::0017/64", "fd3a:91c7:2e04:8::17/64"},
      {"::1", "::1"},
      {"fd3a:91c7:2e04:8::17/129", ""},
      {"fd3a:91c7", ""},
      {"fd3a::1::2", ""},
  });
  for (const Row& row : kRows) {
    const auto got = parse_prefix(row.text);
    BOOST_TEST((got ? to_string(*got) : "") == row.canonical, row.text);
  }
  BOOST_TEST(!parse_prefix(std::string(10'000, '1')));
}

BOOST_AUTO_TEST_CASE(ranges_end_where_they_end) {
  struct Row {
    std::string_view address;
    bool inside;
  };
  constexpr auto kRanges =
      std::to_array<std::string_view>({"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"});
  constexpr auto kRows = std::to_array<Row>({
      {"9.255.255.255", false},   {"10.0.0.0", true},    {"10.255.255.255", true},  {"11.0.0.0", false},
      {"172.15.255.255", false},  {"172.16.0.0", true},  {"172.31.255.255", true},  {"172.32.0.0", false},
      {"192.167.255.255", false}, {"192.168.0.0", true}, {"192.168.255.255", true}, {"192.169.0.0", false},
      {"10.0.0.0/8", true},       {"10.0.0.0/7", false}, {"fbff:ffff::", false},    {"fc00::", true},
      {"fdff:ffff::1", true},     {"fe00::", false},     {"::10.0.0.1", false},
  });
  for (const Row& row : kRows) {
    BOOST_TEST(is_in(parse_prefix(row.address).value(), kRanges) == row.inside, row.address);
  }
  BOOST_TEST(parse_prefix("10.1.0.0/16")->is_network());
  BOOST_TEST(!parse_prefix("10.1.0.1/16")->is_network());
}

BOOST_AUTO_TEST_CASE(an_arn_belongs_to_one_rule) {
  struct Row {
    std::string_view text;
    ArnKind kind;
  };
  const auto rows = std::to_array<Row>({
      {"arn:aws:iam::610187654329:role/x", ArnKind::account},
      {"arn:aws:iam::610187654329:root", ArnKind::account},
      {"arn:aws:iam::610187654329:user/anna", ArnKind::person},
      {"arn:aws:iam::610187654329:user/${var.user}", ArnKind::account},
      {"arn:aws:iam::610187654329:role/AWSReservedSSO_Admin_3f81c7d20be94a65", ArnKind::person},
      {"arn:aws:kms:eu-west-1:610187654329:key/7c1e05d2", ArnKind::named_secret},
      {"arn:aws:kms:eu-west-1:610187654329:alias/app", ArnKind::account},
      {"arn:aws:s3:::logs/*", ArnKind::bucket},
      {"arn:aws:s3:::${var.bucket}/*", ArnKind::composed},
      {"arn:aws:s3:::*", ArnKind::composed},
      {"arn:aws:iam::${data.aws_caller_identity.current.account_id}:role/x", ArnKind::composed},
      {"arn:aws:iam::aws:policy/ReadOnlyAccess", ArnKind::composed},
  });
  for (const Row& row : rows) {
    const auto arn = parse_arn(row.text);
    BOOST_REQUIRE_MESSAGE(arn, row.text);
    BOOST_TEST(static_cast<int>(kind_of(*arn)) == static_cast<int>(row.kind), row.text);
  }
  const auto composed = parse_arn("arn:aws:iam::${local.ids[\"a:b\"]}:role/x\" }");
  BOOST_REQUIRE(composed);
  BOOST_TEST(composed->account == "${local.ids[\"a:b\"]}");
  BOOST_TEST(composed->resource == "role/x");
  for (const std::string_view bad : {"", "arn:", "arn:aws", "arn:aws:s3", "arn:aws:s3::", "arn:aws:s3: :x:y",
                                     "arn:aws:s3:${unclosed:x:y:z", "xarn:aws:s3:::b"}) {
    BOOST_TEST(!parse_arn(bad), bad);
  }
}

BOOST_AUTO_TEST_CASE(public_accounts_and_zones_are_known) {
  for (const std::string_view account :
       {"123456789012", "127311923021", "602401143452", "464622532012", "000000000000"}) {
    BOOST_TEST(is_public_account(account), account);
  }
  BOOST_TEST(!is_public_account("610187654329"));
  for (const std::string_view zone : {"Z2FDTNDATAQYW2", "ZD4D7Y8KGAS4G", "Z33AYJ8TM3BH4J", "ZMG1MZ2THAWF1",
                                      "Z3AQBSTGFYJSTF", "Z2BJ6XQ5FK7U4H"}) {
    BOOST_TEST(is_public_zone(zone), zone);
  }
  BOOST_TEST(!is_public_zone("Z0719384HQTR5KWN2CVE"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fanlight::coupling
