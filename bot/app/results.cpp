#include "fanlight/app/results.hpp"

#include <charconv>

#include "fanlight/core/hash.hpp"

namespace fanlight::app {

namespace {

std::string signature(const std::string& change, const std::string& head, const std::string& asked,
                      const Secret& key) {
  return to_hex(hmac_sha256(key.reveal(), "result link\n" + change + "\n" + head + "\n" + asked))
      .substr(0, 32);
}

}  // namespace

std::string result_path(const ResultLink& link, const Secret& key) {
  const std::string asked = std::to_string(link.asked.time_since_epoch().count());
  return "/result?change=" + net::encode_component(link.change_key) +
         "&head=" + net::encode_component(link.head_sha) + "&asked=" + asked +
         "&sig=" + signature(link.change_key, link.head_sha, asked, key);
}

std::optional<ResultLink> read_result_link(const net::Request& request, const Secret& key) {
  const std::string change = request.query("change").value_or(""), head = request.query("head").value_or("");
  const std::string asked = request.query("asked").value_or(""), given = request.query("sig").value_or("");
  if (!equal_constant_time(given, signature(change, head, asked, key))) return std::nullopt;
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(asked.data(), asked.data() + asked.size(), count);
  if (error != std::errc() || end != asked.data() + asked.size()) return std::nullopt;
  return ResultLink{change, head, TimePoint(std::chrono::milliseconds(count))};
}

}  // namespace fanlight::app
