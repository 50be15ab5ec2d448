// Two small helpers over RapidJSON for the codec: `Out` writes named fields, `In` reads them into variables
// and remembers the first that does not fit. For .cpp files of the store alone.
#pragma once

#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fanlight/core/clock.hpp"

namespace fanlight::store {

// The name of an enum that has no name in the model: its place in `names`.
template <class E, std::size_t N>
struct Names {
  std::string_view names[N];
  std::string_view of(E value) const { return names[static_cast<std::size_t>(value)]; }
  bool parse(std::string_view text, E& out) const {
    for (std::size_t i = 0; i < N; ++i)
      if (names[i] == text) return out = static_cast<E>(i), true;
    return false;
  }
};

class Out {
 public:
  std::string take() { return {buffer_.GetString(), buffer_.GetSize()}; }

  void text(std::string_view value) { writer_.String(value.data(), length(value)); }
  void field(std::string_view name, std::string_view value) { key(name), text(value); }
  void field(std::string_view name, const char* value) { field(name, std::string_view(value)); }
  void field(std::string_view name, std::same_as<bool> auto value) { key(name), writer_.Bool(value); }
  template <std::unsigned_integral T>
    requires(!std::same_as<T, bool>)
  void field(std::string_view name, T value) {
    key(name), writer_.Uint64(value);
  }
  void field(std::string_view name, TimePoint value) {
    key(name), writer_.Int64(value.time_since_epoch().count());
  }
  template <std::same_as<std::string> T>
  void field(std::string_view name, const std::optional<T>& value) {
    if (value) field(name, std::string_view(*value));
  }

  template <class F>
  void object(F&& fill) {
    writer_.StartObject(), fill(), writer_.EndObject();
  }
  template <class F>
  void object(std::string_view name, F&& fill) {
    key(name), object(std::forward<F>(fill));
  }
  template <class T, class F>
  void list(std::string_view name, const std::vector<T>& items, F&& each) {
    key(name), writer_.StartArray();
    for (const T& item : items) each(item);
    writer_.EndArray();
  }

 private:
  static rapidjson::SizeType length(std::string_view text) {
    return static_cast<rapidjson::SizeType>(text.size());
  }
  void key(std::string_view name) { writer_.Key(name.data(), length(name)); }

  rapidjson::StringBuffer buffer_;
  rapidjson::Writer<rapidjson::StringBuffer> writer_{buffer_};
};

// One JSON value to read from. All readers of one document share `wrong`, the name of the first field that
// does not fit; reading goes on harmlessly after it.
class In {
 public:
  In(const rapidjson::Value& value, std::string& wrong) : value_(value), wrong_(wrong) {}

  void field(const char* name, std::string& out) const {
    if (auto* v = find(name)) read_text(*v, name, out);
  }
  void field(const char* name, std::optional<std::string>& out) const {
    if (auto* v = find(name)) read_text(*v, name, out.emplace());
  }
  void field(const char* name, bool& out) const {
    if (auto* v = find(name)) v->IsBool() ? void(out = v->GetBool()) : complain(name);
  }
  template <std::unsigned_integral T>
    requires(!std::same_as<T, bool>)
  void field(const char* name, T& out) const {
    auto* v = find(name);
    if (!v) return;
    if (!v->IsUint64() || v->GetUint64() > std::numeric_limits<T>::max()) return complain(name);
    out = static_cast<T>(v->GetUint64());
  }
  void field(const char* name, TimePoint& out) const {
    auto* v = find(name);
    if (!v) return;
    if (!v->IsInt64()) return complain(name);
    out = TimePoint(std::chrono::milliseconds(v->GetInt64()));
  }
  // `parse_name(text, out)` is false for a name that is not known.
  template <class E, class F>
  void name(const char* name, E& out, F&& parse_name) const {
    std::string text;
    field(name, text);
    if (!text.empty() && !parse_name(text, out)) complain(name);
  }
  template <class F>
  void object(const char* name, F&& read) const {
    auto* v = find(name);
    if (!v) return;
    if (!v->IsObject()) return complain(name);
    read(In(*v, wrong_));
  }
  template <class T, class F>
  void list(const char* name, std::vector<T>& out, F&& each) const {
    auto* v = find(name);
    if (!v) return;
    if (!v->IsArray()) return complain(name);
    out.reserve(v->Size());
    for (const auto& item : v->GetArray()) each(In(item, wrong_), out.emplace_back());
  }
  // The value itself, an item of a list of texts.
  void item(const char* list_name, std::string& out) const { read_text(value_, list_name, out); }

 private:
  const rapidjson::Value* find(const char* name) const {
    if (!value_.IsObject()) return complain(name), nullptr;
    auto at = value_.FindMember(name);
    return at == value_.MemberEnd() || at->value.IsNull() ? nullptr : &at->value;
  }
  void read_text(const rapidjson::Value& v, const char* name, std::string& out) const {
    if (!v.IsString()) return complain(name);
    out.assign(v.GetString(), v.GetStringLength());
  }
  void complain(const char* name) const {
    if (wrong_.empty()) wrong_ = name;
  }

  const rapidjson::Value& value_;
  std::string& wrong_;
};

}  // namespace fanlight::store
