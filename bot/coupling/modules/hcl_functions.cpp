#include "hcl_functions.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "fanlight/core/hash.hpp"
#include "fanlight/core/text.hpp"

namespace fanlight::coupling {

namespace {

using Arguments = std::vector<HclValue>;
using Kind = HclValue::Kind;

constexpr std::size_t kItemsMax = 1'000;

const std::string* text_at(const Arguments& arguments, std::size_t index) {
  return index < arguments.size() && arguments[index].is_text() ? &arguments[index].text : nullptr;
}

std::string text_of(const HclValue& value) {
  return value.is_text() ? value.text : "unknown";
}

HclValue list_of(std::vector<HclValue> items) {
  HclValue out;
  out.kind = Kind::list;
  if (items.size() > kItemsMax) items.resize(kItemsMax);
  out.items = std::move(items);
  return out;
}

HclValue join(const Arguments& arguments) {
  const std::string* separator = text_at(arguments, 0);
  if (!separator || arguments.size() < 2) return {};
  std::string out;
  bool first = true;
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    if (arguments[i].kind != Kind::list) return {};
    for (const HclValue& item : arguments[i].items) {
      if (!first) out += *separator;
      out += text_of(item);
      first = false;
      if (out.size() > kHclTextBytesMax) return HclValue::of(std::move(out));
    }
  }
  return HclValue::of(std::move(out));
}

HclValue format(const Arguments& arguments) {
  const std::string* form = text_at(arguments, 0);
  if (!form) return {};
  std::string out;
  std::size_t next = 1;
  for (std::size_t i = 0; i < form->size() && out.size() < kHclTextBytesMax; ++i) {
    if ((*form)[i] != '%' || i + 1 == form->size()) {
      out += (*form)[i];
      continue;
    }
    if ((*form)[i + 1] == '%') {
      out += '%';
      ++i;
      continue;
    }
    // Flags, width and precision up to the verb.
    ++i;
    while (i < form->size() && !std::isalpha(static_cast<unsigned char>((*form)[i]))) ++i;
    out += next < arguments.size() ? text_of(arguments[next++]) : "unknown";
  }
  return HclValue::of(std::move(out));
}

HclValue replace(const Arguments& arguments) {
  const std::string *text = text_at(arguments, 0), *from = text_at(arguments, 1), *to = text_at(arguments, 2);
  if (!text || !from || !to || from->empty()) return {};
  if (from->size() > 1 && from->front() == '/' && from->back() == '/') return {};  // a regular expression
  std::string out;
  std::size_t at = 0;
  for (std::size_t found; (found = text->find(*from, at)) != text->npos && out.size() < kHclTextBytesMax;) {
    out.append(*text, at, found - at).append(*to);
    at = found + from->size();
  }
  return HclValue::of(out + text->substr(at));
}

HclValue split_text(const Arguments& arguments) {
  const std::string *separator = text_at(arguments, 0), *text = text_at(arguments, 1);
  if (!separator || !text || separator->empty()) return {};
  std::vector<HclValue> out;
  std::size_t at = 0;
  for (std::size_t found; (found = text->find(*separator, at)) != text->npos && out.size() < kItemsMax;) {
    out.push_back(HclValue::of(text->substr(at, found - at)));
    at = found + separator->size();
  }
  out.push_back(HclValue::of(text->substr(at)));
  return list_of(std::move(out));
}

HclValue concat(const Arguments& arguments) {
  std::vector<HclValue> out;
  for (const HclValue& argument : arguments) {
    if (out.size() < kItemsMax) std::ranges::copy(argument.items, std::back_inserter(out));
  }
  return list_of(std::move(out));
}

void flatten_into(const HclValue& value, std::vector<HclValue>& out) {
  for (const HclValue& item : value.items) {
    if (out.size() >= kItemsMax) return;
    if (item.kind == Kind::list) {
      flatten_into(item, out);
    } else {
      out.push_back(item);
    }
  }
}

HclValue flatten(const Arguments& arguments) {
  std::vector<HclValue> out;
  if (!arguments.empty()) flatten_into(arguments[0], out);
  return list_of(std::move(out));
}

HclValue merge(const Arguments& arguments) {
  HclValue out;
  out.kind = Kind::object;
  for (const HclValue& argument : arguments) {
    for (const auto& [key, value] : argument.entries) {
      const auto found = std::ranges::find(out.entries, key, &HclEntry::key);
      if (found != out.entries.end()) {
        found->value = value;
      } else if (out.entries.size() < kItemsMax) {
        out.entries.push_back({key, value});
      }
    }
  }
  return out;
}

HclValue lookup(const Arguments& arguments) {
  const std::string* key = text_at(arguments, 1);
  if (arguments.empty() || !key) return {};
  for (const auto& [name, value] : arguments[0].entries) {
    if (name == *key) return value;
  }
  return arguments.size() > 2 ? arguments[2] : HclValue{};
}

HclValue element(const Arguments& arguments) {
  const std::string* index = text_at(arguments, 1);
  if (arguments.empty() || arguments[0].items.empty()) return {};
  std::size_t at = 0;
  for (const char c : index ? *index : std::string("0")) {
    if (c < '0' || c > '9' || at > kItemsMax) return {};
    at = at * 10 + static_cast<std::size_t>(c - '0');
  }
  return arguments[0].items[at % arguments[0].items.size()];
}

HclValue first_known(const Arguments& arguments) {
  for (const HclValue& argument : arguments) {
    if (argument.kind != Kind::unknown && !(argument.is_text() && argument.text.empty())) return argument;
  }
  return {};
}

HclValue same(const Arguments& arguments) {
  return arguments.empty() ? HclValue{} : arguments[0];
}

HclValue keys(const Arguments& arguments) {
  std::vector<HclValue> out;
  if (!arguments.empty()) {
    for (const auto& entry : arguments[0].entries) out.push_back(HclValue::of(entry.key));
  }
  return list_of(std::move(out));
}

HclValue values(const Arguments& arguments) {
  std::vector<HclValue> out;
  if (!arguments.empty()) {
    for (const auto& entry : arguments[0].entries) out.push_back(entry.value);
  }
  return list_of(std::move(out));
}

// One text in, one text out.
template <auto Change>
HclValue changed(const Arguments& arguments) {
  const std::string* text = text_at(arguments, 0);
  return text ? HclValue::of(Change(*text)) : HclValue{};
}

std::string upper(const std::string& text) {
  std::string out = text;
  for (char& c : out) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return out;
}
std::string lower(const std::string& text) {
  return to_lower(text);
}
std::string trimmed(const std::string& text) {
  return std::string(trim(text));
}
std::string reversed(const std::string& text) {
  return {text.rbegin(), text.rend()};
}
std::string decoded(const std::string& text) {
  return from_base64(text).value_or("unknown");
}

template <bool Front>
HclValue without_affix(const Arguments& arguments) {
  const std::string *text = text_at(arguments, 0), *affix = text_at(arguments, 1);
  if (!text || !affix) return {};
  if (Front && text->starts_with(*affix)) return HclValue::of(text->substr(affix->size()));
  if (!Front && text->ends_with(*affix)) return HclValue::of(text->substr(0, text->size() - affix->size()));
  return HclValue::of(*text);
}

struct Function {
  std::string_view name;
  HclValue (*call)(const Arguments&);
};

constexpr auto kFunctions = std::to_array<Function>({
    {"join", join},
    {"format", format},
    {"replace", replace},
    {"split", split_text},
    {"concat", concat},
    {"flatten", flatten},
    {"merge", merge},
    {"lookup", lookup},
    {"element", element},
    {"coalesce", first_known},
    {"coalescelist", first_known},
    {"try", first_known},
    {"tostring", same},
    {"tolist", same},
    {"toset", same},
    {"tomap", same},
    {"compact", same},
    {"distinct", same},
    {"sort", same},
    {"nonsensitive", same},
    {"sensitive", same},
    {"jsonencode", same},
    {"yamlencode", same},
    {"keys", keys},
    {"values", values},
    {"lower", changed<lower>},
    {"upper", changed<upper>},
    {"trimspace", changed<trimmed>},
    {"chomp", changed<trimmed>},
    {"strrev", changed<reversed>},
    {"base64decode", changed<decoded>},
    {"trimprefix", without_affix<true>},
    {"trimsuffix", without_affix<false>},
});

}  // namespace

HclValue call_hcl_function(std::string_view name, const std::vector<HclValue>& arguments) {
  const auto found = std::ranges::find(kFunctions, name, &Function::name);
  return found == kFunctions.end() ? HclValue{} : found->call(arguments);
}

}  // namespace fanlight::coupling
