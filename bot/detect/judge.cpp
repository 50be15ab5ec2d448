// Three questions about a value, each answered in one or two passes over at most a few hundred bytes:
// does it point elsewhere (is_reference), was it written to be replaced (is_placeholder), is it random
// (looks_random)?
//
// Words decide most of it. A value is cut into runs of letters ("db_passwordProd2" → db, password, Prod);
// lists of words that people write in place of a secret, and a rough sense of what can be pronounced, do the
// rest. Real tokens change between digits, small and capital letters far too often to read like words.
#include "fanlight/detect/judge.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <vector>

#include "fanlight/core/hash.hpp"
#include "fanlight/core/text.hpp"
#include "judge_words.hpp"

namespace fanlight::detect {
namespace {

constexpr std::size_t kJudgedBytesMax = 512;  // longer values are never words: keys, tokens, documents

bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return is_lower(c) || is_upper(c);
}
bool is_word(char c) {
  return is_letter(c) || is_digit(c) || c == '_';
}
char lower(char c) {
  return is_upper(c) ? static_cast<char>(c + 32) : c;
}

struct Census {
  std::size_t lower = 0, upper = 0, digits = 0, spaces = 0,
              marks = 0,  // what passwords are strengthened with
      foreign = 0;        // bytes of letters beyond ASCII
  std::size_t letters() const { return lower + upper; }
  int classes() const { return (lower != 0) + (upper != 0) + (digits != 0) + (marks != 0); }
};

Census count(std::string_view value) {
  Census out;
  for (const char c : value) {
    out.lower += is_lower(c);
    out.upper += is_upper(c);
    out.digits += is_digit(c);
    out.spaces += c == ' ';
    out.foreign += (static_cast<unsigned char>(c) & 0x80U) != 0;
    out.marks += c > ' ' && c < 127 && !is_word(c) && c != '-' && c != '.' && c != '/' && c != ':';
  }
  return out;
}

// Runs of letters in lower case; a capital after a small letter starts the next, as does the last of several.
std::vector<std::string> letter_runs(std::string_view value) {
  std::vector<std::string> out;
  bool open = false;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    if (!is_letter(c)) {
      open = false;
      continue;
    }
    const bool hump = is_upper(c) && i > 0 &&
                      (is_lower(value[i - 1]) ||
                       (is_upper(value[i - 1]) && i + 1 < value.size() && is_lower(value[i + 1])));
    if (!open || hump) out.emplace_back();
    open = true;
    out.back().push_back(lower(c));
  }
  return out;
}

bool is_vowel(char c) {
  return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' || c == 'y';
}

// Letters that follow each letter in words of European languages. Half of all pairs: a random run of five
// letters passes once in ten, a word nearly always, so callers ask about several runs, or about long ones.
constexpr std::array<std::string_view, 26> kFollowers{"bcdfgiklmnprstuvwxyz",
                                                      "abeijlorsuy",
                                                      "acehiklorstuy",
                                                      "abdeghilmorsuvwy",
                                                      "abcdefghiklmnopqrstuvwxyz",
                                                      "aefilorstuy",
                                                      "aeghilnorstuy",
                                                      "aeilnortuwy",
                                                      "abcdefgklmnoprstvxz",
                                                      "aeosu",
                                                      "aeilnostuy",
                                                      "abcdefgiklmnopstuvy",
                                                      "abeilmnopsuy",
                                                      "abcdefgiknoprstuvy",
                                                      "abcdefghiklmnoprstuvwxy",
                                                      "aehiloprstuwy",
                                                      "u",
                                                      "abcdefghiklmnoprstuvwy",
                                                      "acefhiklmnopqstuvwy",
                                                      "acefhilmnoprstuwyz",
                                                      "abcdefgiklmnoprstvz",
                                                      "aeiloy",
                                                      "adehiklnorsty",
                                                      "aceioptuxy",
                                                      "abcdeilmnoprst",
                                                      "aeiouyz"};

constexpr auto kAlgorithmNumbers =
    std::to_array<std::string_view>({"12", "16", "25", "32", "64", "128", "160", "256", "384", "509", "512"});

// Could this run of small letters be a word, or a few written together?
bool is_pronounceable(std::string_view run) {
  if (run.size() < 3) return false;
  std::size_t vowels = 0, consonants_in_row = 0, vowels_in_row = 0, odd_pairs = 0;
  for (std::size_t i = 0; i < run.size(); ++i) {
    const bool vowel = is_vowel(run[i]);
    vowels += vowel;
    vowels_in_row = vowel ? vowels_in_row + 1 : 0;
    consonants_in_row = vowel ? 0 : consonants_in_row + 1;
    if (consonants_in_row > 4 || vowels_in_row > 3) return false;
    if (i > 0)
      odd_pairs +=
          kFollowers[static_cast<std::size_t>(run[i - 1] - 'a')].find(run[i]) == std::string_view::npos;
  }
  return odd_pairs * 10 <= run.size() && vowels * 5 >= run.size() && vowels * 10 <= run.size() * 7;
}

// Can `run` be written as words of the list, one after another? "mysecretpassword": my, secret, password.
bool splits_into(std::string_view run, auto is_listed) {
  if (run.size() > 40) return false;
  std::array<bool, 41> reached{};
  reached[0] = true;
  for (std::size_t end = 1; end <= run.size(); ++end)
    for (std::size_t length = 1; length <= std::min<std::size_t>(end, kListedWordMax) && !reached[end];
         ++length)
      reached[end] = reached[end - length] && is_listed(run.substr(end - length, length));
  return reached[run.size()];
}

// "aabbccddeeff", "AABBCCDD-EEFFGGHH".
bool is_doubled_sequence(std::string_view value) {
  std::string once;
  for (const char c : value)
    if (std::isalnum(static_cast<unsigned char>(c)) != 0 && (once.empty() || once.back() != c))
      once.push_back(c);
  if (once.size() < 4 || once.size() * 3 > value.size() * 2) return false;
  std::size_t steps = 0;
  for (std::size_t i = 1; i < once.size(); ++i) steps += once[i] == once[i - 1] + 1;
  return steps * 5 >= once.size() * 3;
}

// "xxxx", "********", "0000-0000", "abcabcabc", "1234567890": no information in it. A number that counts up
// may be an id in a long token: there most of the value must count.
bool is_filler(std::string_view value) {
  constexpr std::size_t short_max = 24, step_min = 5;
  std::size_t run = 1, longest = 1, longest_mask = 1, step = 1, longest_step = 1, stepped = 0;
  for (std::size_t i = 1; i < value.size(); ++i) {
    const char c = value[i];
    run = c == value[i - 1] ? run + 1 : 1;
    step = c == value[i - 1] + 1 || (c == '0' && value[i - 1] == '9') ? step + 1 : 1;
    longest = std::max(longest, run);
    longest_step = std::max(longest_step, step);
    if (step >= step_min) stepped += step == step_min ? step_min : 1;
    if (std::string_view("xX*.-_#?0").find(c) != std::string_view::npos)
      longest_mask = std::max(longest_mask, run);
  }
  if (longest * 5 >= value.size() * 2 || longest_mask >= 7) return true;
  if (std::max(longest_step, stepped) * 5 >= value.size() * 3) return true;
  if (value.size() <= short_max && longest_step >= 9) return true;
  if (is_doubled_sequence(value)) return true;
  for (std::size_t period = 1; period <= std::min<std::size_t>(12, value.size() / 2); ++period)
    if (std::equal(value.begin() + static_cast<std::ptrdiff_t>(period), value.end(), value.begin()))
      return true;
  return false;
}

// Numbers, dates, versions, addresses, sizes.
bool is_numeric(std::string_view value, const Census& census) {
  if (census.digits == 0) return false;
  if (census.letters() <= 2 && census.marks == 0 && value.find('/') == std::string_view::npos) {
    return std::ranges::all_of(value.substr(0, value.size() - census.letters()), [](char c) {
      return is_digit(c) || c == '.' || c == '-' || c == ':' || c == '_';
    });
  }
  return std::ranges::all_of(value, [](char c) {
    return is_digit(c) || std::string_view(".:-/, _+%").find(c) != std::string_view::npos;
  });
}

// A word that says "not the real thing" anywhere in the value. Short words count only between other
// characters.
bool holds_marker(std::string_view value) {
  const std::string text = to_lower(value);
  for (const std::string_view word : kMarkers) {
    for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
      if (word.size() >= 7) return true;
      const bool left = at == 0 || !is_word(text[at - 1]) || text[at - 1] == '_' ||
                        is_lower(value[at - 1]) != is_lower(value[at]);
      const std::size_t end = at + word.size();
      const bool right = end == text.size() || !is_letter(text[end]) || is_upper(value[end]);
      // Within a long mixed token a short word is chance; there it must stand between separators.
      const bool apart = (at == 0 || !std::isalnum(static_cast<unsigned char>(text[at - 1]))) &&
                         (end == text.size() || !std::isalnum(static_cast<unsigned char>(text[end])));
      if (value.size() <= 20 ? left && right : apart) return true;
    }
  }
  return false;
}

// Only words that stand for a secret, with at most a few digits: "my-secret-token", "admin123",
// "testPassword1".
bool is_listed_phrase(std::string_view value, const Census& census) {
  if (census.letters() < 3 || (census.digits > 4 && census.digits * 2 > census.letters())) return false;
  const bool strong = census.classes() == 4 && value.size() >= 8;
  const auto listed = [&](std::string_view word) {
    return is_stand_in(word) || (!strong && is_weak_word(word));
  };
  return std::ranges::all_of(letter_runs(value),
                             [&](const std::string& run) { return splits_into(run, listed); }) ||
         splits_into(to_lower(value), listed);
}

// dragon77fly: a number between letters, as in passwords. Not the numbers of algorithms: base64url,
// sha256sum.
bool holds_inner_number(std::string_view value) {
  for (std::size_t i = 1; i + 2 < value.size(); ++i) {
    if (!is_letter(value[i - 1]) || !is_digit(value[i]) || !is_digit(value[i + 1])) continue;
    std::size_t end = i;
    while (end < value.size() && is_digit(value[end])) ++end;
    const std::string_view number = value.substr(i, end - i);
    const bool known = std::ranges::find(kAlgorithmNumbers, number) != kAlgorithmNumbers.end();
    if (end < value.size() && is_letter(value[end]) && !known) return true;
    i = end;
  }
  return false;
}

// "required|string|min:8": rules that a framework holds a value against.
bool is_validation(std::string_view value) {
  if (std::ranges::count(value, '|') < 2 && value.find(":") == std::string_view::npos) return false;
  if (value.find('|') == std::string_view::npos) return false;
  const auto runs = letter_runs(value);
  return !runs.empty() && std::ranges::all_of(runs, [](const std::string& run) {
    return is_pronounceable(run) || is_common_short(run) || is_stand_in(run) || run.size() <= 3;
  });
}

// "Enter your password", "required", "userAccessToken", "postgres-credentials-eu": language or a name. Names
// may be numbered, so "user_password_1" is one still; "marbleGarden5" and "planet-Basket_60" hold no word of
// the trade, and are what people make up.
bool is_language(std::string_view value, const Census& census) {
  if (census.foreign > 0 && census.digits + census.marks == 0) return true;
  if (census.letters() == 0) return false;
  const auto runs = letter_runs(value);
  const auto pronounceable = static_cast<std::size_t>(std::ranges::count_if(runs, [](const std::string& run) {
    return is_pronounceable(run) || is_common_short(run) || is_stand_in(run) || is_weak_word(run);
  }));
  if (census.spaces >= 1) return census.digits * 8 <= value.size() && pronounceable * 10 >= runs.size() * 7;
  if (census.digits > 2 || census.marks > 0 || holds_inner_number(value)) return false;
  const auto of_trade = [](const std::string& run) {
    return is_stand_in(run) || is_weak_word(run) || is_common_short(run) || is_trade_word(run);
  };
  const bool numbered = census.digits > 0;
  const auto initials = static_cast<std::size_t>(
      std::ranges::count_if(runs, [](const std::string& run) { return run.size() == 1; }));
  if (pronounceable + (numbered ? 0 : initials) < runs.size()) return false;
  if (runs.size() >= 2) return !numbered || std::ranges::any_of(runs, of_trade);
  return census.digits == 0 && value.size() <= 20;
}

// Letters within runs that can be read.
std::size_t readable_letters(std::string_view value) {
  std::size_t read = 0;
  for (const std::string& run : letter_runs(value)) {
    if (run.size() >= 3 && ((run.size() >= 4 && is_pronounceable(run)) || is_common_short(run) ||
                            is_stand_in(run) || is_weak_word(run)))
      read += run.size();
  }
  return read;
}

}  // namespace

bool is_placeholder(std::string_view value) {
  value = trim(value);
  if (value.size() < 4) return true;
  if (value.size() > kJudgedBytesMax) return false;
  if (is_filler(value)) return true;
  const Census census = count(value);
  if (is_numeric(value, census) || holds_marker(value) || is_listed_phrase(value, census)) return true;
  if (is_language(value, census) || is_validation(value)) return true;
  // Kubernetes secrets and headers carry text in base64; then the text is judged.
  if (value.size() < 8 || value.size() % 4 != 0 || census.spaces > 0) return false;
  const auto decoded = from_base64(value);
  return decoded && std::ranges::all_of(*decoded, [](char c) { return c >= ' ' && c <= '~'; }) &&
         is_placeholder(*decoded);
}

bool is_strong_password(std::string_view value) {
  const Census census = count(value);
  if (census.marks > 0 && census.classes() >= 3) return true;
  if (census.digits >= 3 && census.classes() >= 3 && value.size() >= 10) return true;
  if (census.digits >= 2 && census.classes() >= 3 && value.size() >= 8) return looks_random(value);
  return (census.digits >= 1 || census.classes() >= 3) && value.size() >= 10 && looks_random(value);
}

bool looks_random(std::string_view value) {
  if (value.size() > kJudgedBytesMax) return true;
  const Census census = count(value);
  if (census.spaces > 0 || census.letters() == 0) return false;
  if (census.digits >= 2 && value.size() >= 16 && std::ranges::all_of(value, [](char c) {
        return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'f') || c == '-';
      }))
    return true;
  const std::size_t read = readable_letters(value);
  if (census.digits * 5 > value.size()) return read * 5 < value.size() * 3;
  return census.digits == 0 ? read * 2 < census.letters() : read * 3 < census.letters() * 2;
}

bool is_unreadable(std::string_view part) {
  return looks_random(part) && readable_letters(part) * 3 < count(part).letters() * 2;
}

}  // namespace fanlight::detect
