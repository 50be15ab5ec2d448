#include "syntax/sitter.hpp"

#include <chrono>

#include "fanlight/core/clock.hpp"

namespace fanlight::coupling::sitter {

namespace {

// tree-sitter asks after every hundred steps of the parser. Real files need less than one question for each
// 40 bytes.
constexpr std::size_t kQuestionsMin = 2'000;
constexpr std::size_t kBytesPerQuestion = 16;
// Steps do not bound the work: behind an error each one may look at everything before it again (5 KB of
// quotes keep the HCL grammar busy for 0.7 s). So there is a fuse, far over what any file needs that is not
// made to hurt: real ones are read at 2 MB/s and more.
constexpr std::chrono::microseconds kFuseMin{150'000};
constexpr std::size_t kFuseBytesPerMicrosecond = 1;

struct Budget {
  std::size_t questions;
  std::chrono::microseconds until;

  bool spend() { return questions-- > 0 && thread_cpu_time() < until; }
};

struct ParserDelete {
  void operator()(TSParser* parser) const { ts_parser_delete(parser); }
};

const char* read_text(void* payload, uint32_t at, TSPoint, uint32_t* bytes) {
  const auto& text = *static_cast<const std::string_view*>(payload);
  *bytes = at < text.size() ? static_cast<uint32_t>(text.size() - at) : 0;
  return at < text.size() ? text.data() + at : "";
}

}  // namespace

Tree parse(const TSLanguage* language, std::string_view text) {
  // One parser for each thread: making one takes longer than reading a piece of some lines.
  static thread_local const std::unique_ptr<TSParser, ParserDelete> parser(ts_parser_new());
  if (!parser || !ts_parser_set_language(parser.get(), language)) return nullptr;
  Budget budget{
      kQuestionsMin + text.size() / kBytesPerQuestion,
      thread_cpu_time() + kFuseMin + std::chrono::microseconds(text.size() / kFuseBytesPerMicrosecond)};
  const TSParseOptions options{
      &budget, [](TSParseState* state) { return !static_cast<Budget*>(state->payload)->spend(); }};
  const TSInput input{&text, read_text, TSInputEncodingUTF8, nullptr};
  Tree tree(ts_parser_parse_with_options(parser.get(), nullptr, input, options));
  // A parse that was given up would go on with the next text.
  if (!tree) ts_parser_reset(parser.get());
  return tree;
}

Names::Names(const TSLanguage* language, std::span<const std::string_view> types,
             std::span<const std::string_view> fields) {
  types_.resize(ts_language_symbol_count(language));
  for (std::uint32_t symbol = 0; symbol < types_.size(); ++symbol) {
    const auto id = static_cast<TSSymbol>(symbol);
    if (ts_language_symbol_type(language, id) != TSSymbolTypeRegular) continue;
    const std::string_view name = ts_language_symbol_name(language, id);
    for (std::size_t i = 0; i < types.size(); ++i) {
      if (types[i] == name) types_[symbol] = static_cast<std::uint8_t>(i + 1);
    }
  }
  fields_.resize(ts_language_field_count(language) + 1);
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const TSFieldId id =
        ts_language_field_id_for_name(language, fields[i].data(), static_cast<uint32_t>(fields[i].size()));
    if (id != 0 && id < fields_.size()) fields_[id] = static_cast<std::uint8_t>(i + 1);
  }
}

}  // namespace fanlight::coupling::sitter
