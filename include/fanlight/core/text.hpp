// Small text helpers that more than one box needs. Pure, any thread, bytes are UTF-8 unless said.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fanlight {

std::string_view trim(std::string_view text);                                // ASCII white space, both ends
std::string to_lower(std::string_view text);                                 // ASCII only
bool iequals(std::string_view a, std::string_view b);                        // ASCII case folded
std::vector<std::string_view> split(std::string_view text, char separator);  // keeps empty parts
// Lines without their "\n" or "\r\n"; a final newline ends the last line and starts none.
std::vector<std::string_view> split_lines(std::string_view text);
std::string join(std::span<const std::string> parts, std::string_view separator);

// Invalid bytes become U+FFFD. Nothing longer than 3 × text.size().
std::string sanitize_utf8(std::string_view text);
bool is_utf8(std::string_view text);
// The longest prefix of at most `bytes_max` bytes that ends between code points.
std::string_view truncate_utf8(std::string_view text, std::size_t bytes_max);
// How many code points start in `text`; an invalid byte counts as one.
std::size_t count_code_points(std::string_view text);

// Optimal string alignment distance (a swap of neighbours costs one), bytes.
std::size_t edit_distance(std::string_view a, std::string_view b);
// The candidate nearest to `word` when it is near enough to be a slip (distance ≤ 2 and < half its length);
// empty otherwise.
std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates);

// Escapes & < > " ' for HTML text and attributes.
std::string escape_html(std::string_view text);

// Shell-like words: white space separates, '…' and "…" keep it, a backslash in "…" escapes. False on an open
// quote. For chat commands, not for shells.
bool split_words(std::string_view text, std::vector<std::string>& out);

// Path globs as in .gitignore: ** any depth, * and ? within one component, [a-z]; a pattern without a slash
// matches the last component; a pattern that ends in a slash matches everything below. Linear time.
bool glob_match(std::string_view pattern, std::string_view path);

// Shannon entropy over bytes, bits per byte; 0 for the empty text.
double entropy_bits(std::string_view text);

}  // namespace fanlight
