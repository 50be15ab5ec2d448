// Records and delivery headers as JSON, the form in which the store keeps them. Pure; any thread; never
// throws on what it reads.
//
// Written with every field. Read with tolerance: a field that is missing keeps its default and one that is
// not known is skipped, so that a newer minor version's rows can be read; a field of the wrong type or an
// unknown name of an enum is bad_input. Strings pass byte for byte, also when they are not UTF-8 (a path can
// be anything).
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "fanlight/core/result.hpp"
#include "fanlight/model/record.hpp"

namespace fanlight::store {

inline constexpr std::size_t record_bytes_max = 32u << 20;

// `too_large` over record_bytes_max.
Result<std::string> encode_record(const Record& record);
Result<Record> decode_record(std::string_view json);

std::string encode_headers(const std::map<std::string, std::string>& headers);
Result<std::map<std::string, std::string>> decode_headers(std::string_view json);

}  // namespace fanlight::store
