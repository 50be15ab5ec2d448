// Every payload that GitHub's own collection of examples records, and deliveries as the fake signs and sends
// them.
#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

#include "fanlight/core/files.hpp"
#include "support/source_dir.hpp"
#include "world.hpp"

namespace fanlight::contract {

BOOST_AUTO_TEST_SUITE(github_webhooks)

BOOST_AUTO_TEST_CASE(every_recorded_payload_decodes) {
  World world;
  auto host = world.host();
  const std::string folder =
      testing::source_dir() + "/tests/contract/node_modules/@octokit/webhooks-examples/";
  std::size_t payloads = 0, wanted = 0;
  for (const char* edition : {"api.github.com", "ghes-35"}) {
    auto text = read_file(folder + edition + "/index.json", 64 * 1024 * 1024);
    BOOST_REQUIRE_MESSAGE(text.has_value(), problem_of(text));
    auto document = host::JsonDocument::parse(*text);
    BOOST_REQUIRE_MESSAGE(document.has_value(), problem_of(document));
    const auto events = document->root();
    for (std::size_t i = 0; i < events.size(); ++i) {
      const std::string name(events[i]["name"].text());
      const auto examples = events[i]["examples"];
      for (std::size_t k = 0; k < examples.size(); ++k, ++payloads) {
        Delivery delivery{"github",
                          "d",
                          {{"x-github-event", name}, {"content-type", "application/json"}},
                          examples[k].to_text()};
        auto event = host->decode(delivery);
        BOOST_CHECK_MESSAGE(event.has_value(), fmt::format("{} {}: {}", name, k, problem_of(event)));
        if (event && event->type == EventType::ignored) BOOST_CHECK(!event->reason.empty());
        if (event && event->type == EventType::change_updated) {
          ++wanted;
          BOOST_CHECK(!event->meaning.empty());
          BOOST_CHECK(event->change.number > 0 || !event->change.ref.empty());
        }
      }
    }
  }
  BOOST_TEST_MESSAGE(fmt::format("{} payloads, {} of them changes", payloads, wanted));
  BOOST_TEST(payloads >= 300u);
  BOOST_TEST(wanted >= 10u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fanlight::contract
