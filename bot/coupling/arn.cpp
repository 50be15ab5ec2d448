#include "arn.hpp"

#include <algorithm>
#include <array>

namespace fanlight::coupling {

namespace {

// Accounts of AWS's own documentation.
constexpr auto kDocumentation = std::to_array<std::string_view>(
    {"000000000000", "012345678901", "012345678910", "098765432109", "111111111111", "111111222222",
     "111122223333", "112233445566", "121212121212", "123412341234", "123456789012", "123456789123",
     "210987654321", "222222222222", "333333333333", "444444444444", "444455556666", "555555555555",
     "666666666666", "777777777777", "777788889999", "888888888888", "999999999999"});

// Delivers load balancer logs, one account per region:
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
constexpr auto kLoadBalancers = std::to_array<std::string_view>(
    {"009996457667", "027434742980", "033677994240", "037604701340", "048591011584", "054676820928",
     "076674570225", "098369216593", "114774131450", "127311923021", "156460612806", "190560391635",
     "383597477331", "507241528517", "582318560864", "589379963580", "600734575887", "635631232127",
     "638102146993", "652711504416", "718504428378", "754344448648", "783225319266", "797873946194",
     "897822967062", "985666609251"});

// Owners of public images, layers and add-ons: Lambda Insights, EKS, Deep Learning Containers, ECS agent, and
// the publishers of Amazon Linux, Ubuntu, Debian, CentOS, Windows, Red Hat and Bottlerocket images.
constexpr auto kPublishers = std::to_array<std::string_view>(
    {"013241004608", "017000801446", "035351147821", "094274105915", "099720109477", "125523088429",
     "136693071363", "136763051437", "137112412989", "151742754352", "193672423079", "262312530599",
     "309956199498", "336392948345", "379101102735", "386209384616", "558608220178", "580247275435",
     "591542846629", "593207742271", "602401143452", "679593333241", "763104351884", "772450405012",
     "800184023465", "801119661308", "840364872350", "877085696533", "900889452093", "918309763551",
     "961992271922"});

// Vendors whose trust account every customer writes down: Datadog, Wiz, New Relic, Databricks, Fastly, Sumo
// Logic, CloudHealth, Lacework, Snyk, Spot, Dynatrace, Orca, Vanta, Grafana Cloud, MongoDB Atlas, Segment,
// Cloudflare.
constexpr auto kVendors = std::to_array<std::string_view>(
    {"008923505280", "197171649850", "198361731867", "314135253763", "391854517948", "414351767826",
     "417141415827", "434813966438", "454464851268", "464622532012", "509560245411", "536727724300",
     "595280932656", "634375685434", "717331877981", "754728514883", "830522659852", "922761411349",
     "926226587429", "956993596390", "976280145156", "985666609252"});

// https://docs.aws.amazon.com/general/latest/gr/: elb, s3, elasticbeanstalk, apigateway, CloudFront, Global
// Accelerator. Sorted, so that a look-up is a search.
constexpr auto kZones = std::to_array<std::string_view>(
    {"Z00282643NTTLPANJJG2P", "Z0081959F7139GRJC19J",  "Z0173938T07WNTVAEPZN",  "Z01846753K324LI26A3VV",
     "Z01971771FYVNCOVWJU1G", "Z02239872DOALSIDCX66S", "Z02941091PERNCB1MI5H7", "Z02976202B4EZMXIPMXF7",
     "Z030506016YDQGETNASS",  "Z0312387243XT5FE14WFO", "Z03565811Z33SLEZTHOUL", "Z05913172VM7EAZB40TA8",
     "Z06143092I8HRXZRUZROF", "Z06391101F2ZOEP8P5EB3", "Z0711778386UTO08407HT", "Z08230872XQRWHG2XF6I",
     "Z08660063OXLMA7F1FJHU", "Z08888821HLRG5A9ZRTER", "Z0956581394HF5D5LXGAP", "Z09640613K4A3MN55U7GU",
     "Z1011216NVTVYADP1SSV",  "Z10VDYYOA2JFKM",        "Z10X7K2B4QSOFV",        "Z117KPS5GTRQ2G",
     "Z11RGJOFQNVJUP",        "Z12Y7K3UBGUAD1",        "Z14GRHDCWA56QT",        "Z14LCN19Q5QHIC",
     "Z166TLBEWOO7G0",        "Z16FZ9L249IFLT",        "Z18D5FSROUN65G",        "Z18NTBI3Y7N9TZ",
     "Z1BKCTXD74EZPE",        "Z1CMS0P5QUZ6D5",        "Z1EI3BVKMKK4AM",        "Z1FRNW7UH4DEZJ",
     "Z1GDH35T77C1KE",        "Z1GKAAAUGATPF1",        "Z1GM3OXH4ZPM65",        "Z1GWIQ4HH19I5X",
     "Z1H1FL5HABSF5",         "Z1LMS91P8CMLE5",        "Z1LQECGX5PH1X",         "Z1M58G0W56PQJA",
     "Z1MPMWCPA7YB62",        "Z1QDHH18159H29",        "Z1R25G3KIG2GBW",        "Z1UDT6IFJ4EJM",
     "Z1UJRXOUMOOFQ8",        "Z1WCIGYICN2BYD",        "Z1WI8VXHPB1R38",        "Z1YSHQZHG15GKL",
     "Z1ZSMQQ6Q24QQ8",        "Z203XCE67M25HM",        "Z215JYRZR1TBD5",        "Z21DNDUVLTQW6Q",
     "Z23146JA1KNAFP",        "Z23GO28BZ5AETM",        "Z23TAZ6LKFMNIO",        "Z24FKFUX50B4VW",
     "Z268VQBMOI5EKX",        "Z26RNL4JYFTOTI",        "Z282HJ1KT0DH03",        "Z2999QAZ9SRTIC",
     "Z2BBTEKR2I36N2",        "Z2BJ6XQ5FK7U4H",        "Z2EPGBW3API2WT",        "Z2ES78Y61JGQKS",
     "Z2F56UZL2M1ACD",        "Z2FDTNDATAQYW2",        "Z2IFOLAFXWLO4F",        "Z2M4EHUR26P7ZW",
     "Z2NIFVYYW2VKV1",        "Z2NYPWQ7DFZAZH",        "Z2O1EMRO9K5GLX",        "Z2OJLYMUO9EFXC",
     "Z2P70J7HTTTPLU",        "Z2PCDNR3VC2G1N",        "Z2YN17T5R711GT",        "Z2YQB5RD63NC85",
     "Z30OZKI7KPW7MI",        "Z31GFT0UA1I2HV",        "Z31USIVHYNEOWT",        "Z32O12XQLNTSW2",
     "Z33AYJ8TM3BH4J",        "Z33MTJ483KN6FU",        "Z35SXDOTRQ7X7K",        "Z35TSARG0EJ4VU",
     "Z368ELLRRE2KJ0",        "Z38NKT9BP95V3O",        "Z3AADJGX6KTTL2",        "Z3AQBSTGFYJSTF",
     "Z3BAZG2TWCNX0D",        "Z3BJ6K6RIION7M",        "Z3DQVH9N71FHZ0",        "Z3DZXE0Q79N41H",
     "Z3F0SRJ5LGBH90",        "Z3GKZC51ZF0DB4",        "Z3JE5OI70TWKCP",        "Z3NF1Z3NOM5OY2",
     "Z3O0J2DXBE1FTB",        "Z3Q77PNBQS71R4",        "Z3QFB96KMJ7ED6",        "Z3QSRYVP46NYYV",
     "Z3R1K369G5AVDG",        "Z3ULH7SSC9OV64",        "Z3W03O7B5YMIYP",        "Z4KAURWC4UUUG",
     "Z5CN8UMXT92WN",         "Z5LXEXXYW11ES",         "Z5WN6GAYWG5OB",         "Z7HUB22UULQXV",
     "Z7KQH4QJS55SO",         "Z83WF9RJE8B12",         "ZCT6FZBF4DROD",         "ZD4D7Y8KGAS4G",
     "ZHURV8PSTC4K8",         "ZIBE1TIR4HY56",         "ZJ5UAJN8Y3Z2Q",         "ZJFCZL7SSZB5I",
     "ZKVM4W9LS7TM",          "ZLMOA37VPKANP",         "ZLY8HYME6SFDD",         "ZM7IZAIOVVDZF",
     "ZMG1MZ2THAWF1",         "ZNB98KWMFR0R6",         "ZNE5GEY1TIAGY",         "ZOJJZC49E0EPZ",
     "ZP97RAFLXTNZK",         "ZPWYUBWRU171A",         "ZQEIKTCZ8352D",         "ZQSVJUPU6J1EY",
     "ZS929ML54UICD",         "ZTK26PT1VY4CU",         "ZVDDRBQ08TROA",         "ZWKZPGTI48KDX"});
static_assert(std::ranges::is_sorted(kZones));

template <std::size_t N>
bool holds(const std::array<std::string_view, N>& table, std::string_view key) {
  return std::ranges::find(table, key) != table.end();
}

bool is_literal(std::string_view text) {
  return !text.empty() && text.find_first_of("${}*<%") == text.npos;
}

bool is_account(std::string_view text) {
  return text.size() == 12 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool has_id(const Arn& arn) {
  if (!is_literal(arn.resource)) return false;
  if (arn.service == "kms") return arn.resource.starts_with("key/");
  if (arn.service == "acm") return arn.resource.starts_with("certificate/");
  return arn.service == "secretsmanager" && arn.resource.starts_with("secret:");
}

}  // namespace

std::optional<Arn> parse_arn(std::string_view text) {
  if (!text.starts_with("arn:")) return std::nullopt;
  text.remove_prefix(4);
  // A composed field such as ${data.aws_caller_identity.current.account_id} may hold quotes and colons; its
  // braces say where it ends.
  Arn arn;
  std::string_view* const fields[] = {&arn.partition, &arn.service, &arn.region, &arn.account};
  std::size_t at = 0;
  for (std::string_view* field : fields) {
    const std::size_t begin = at;
    int braces = 0;
    while (at < text.size() && (braces > 0 || text[at] != ':')) {
      if (text[at] == '{') ++braces;
      if (text[at] == '}') --braces;
      if (text[at] == '\n' || (braces <= 0 && (text[at] == ' ' || text[at] == '"'))) return std::nullopt;
      ++at;
    }
    if (at == text.size()) return std::nullopt;
    *field = text.substr(begin, at - begin);
    ++at;
  }
  arn.resource = text.substr(at, text.find_first_of(" \t\r\n\"'`)],;", at) - at);
  return arn;
}

ArnKind kind_of(const Arn& arn) {
  if (arn.resource.find("AWSReservedSSO_") != arn.resource.npos) return ArnKind::person;
  // A key and a certificate have an id of their own, whatever composes the account.
  if (has_id(arn) && (is_account(arn.account) || arn.service != "secretsmanager"))
    return ArnKind::named_secret;
  if (is_account(arn.account)) {
    const bool user = arn.service == "iam" && arn.resource.starts_with("user/");
    return user && is_literal(arn.resource) ? ArnKind::person : ArnKind::account;
  }
  if (arn.service == "s3") {
    const std::string_view bucket = arn.resource.substr(0, arn.resource.find('/'));
    if (is_literal(bucket)) return ArnKind::bucket;
  }
  return ArnKind::composed;
}

bool is_public_account(std::string_view account) {
  return holds(kDocumentation, account) || holds(kLoadBalancers, account) || holds(kPublishers, account) ||
         holds(kVendors, account);
}

bool is_public_zone(std::string_view zone) {
  return std::ranges::binary_search(kZones, zone);
}

}  // namespace fanlight::coupling
