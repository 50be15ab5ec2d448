// The engine around search.cpp: the text itself, then what decodes out of it, and which of the two tells the
// same.
#include "fanlight/detect/engine.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <new>
#include <tuple>

#include <fmt/format.h>
#include <hs/hs.h>

#include "fanlight/detect/decode.hpp"
#include "search.hpp"

namespace fanlight::detect {

struct Engine::State {
  CompiledRules compiled;
  bool prebuilt = false;
  std::unique_ptr<hs_scratch, ScratchFree> prototype;
};

struct Engine::Scratch::State {
  Workspace workspace;
};

namespace {

bool overlap(Span a, Span b) {
  return a.begin < b.end && b.begin < a.end;
}

class Scan {
 public:
  Scan(const CompiledRules& compiled, Workspace& workspace, std::string_view path, const ScanOptions& options)
      : compiled_(compiled),
        workspace_(workspace),
        path_(path),
        options_(options),
        budget_(options.decoded_bytes_max) {}

  std::vector<Match> run(std::string_view text, unsigned depth);

 private:
  std::vector<Match> run_decoded(std::string_view text, const EncodedRun& run, unsigned depth);
  void merge(std::vector<Match> decoded, std::vector<Match>& matches) const;

  const CompiledRules& compiled_;
  Workspace& workspace_;
  std::string_view path_;
  const ScanOptions& options_;
  std::size_t budget_;  // bytes that may still be decoded
};

std::vector<Match> Scan::run(std::string_view text, unsigned depth) {
  std::vector<Match> matches = Search(compiled_, workspace_, text, path_, options_).run();
  if (depth == options_.depth_max) return matches;
  std::vector<Match> decoded;
  // An encoding of the text itself is as long as the text, so that it needs no budget.
  const std::size_t bytes_max = depth == 0 ? std::max(budget_, text.size()) : budget_;
  for (const EncodedRun& run : find_encoded_runs(text, bytes_max, workspace_.incomplete)) {
    for (Match& match : run_decoded(text, run, depth)) decoded.push_back(std::move(match));
  }
  if (!decoded.empty()) merge(std::move(decoded), matches);
  return matches;
}

// Maps what stands in an encoded run to the run; in UTF-16 to the very characters.
std::vector<Match> Scan::run_decoded(std::string_view text, const EncodedRun& run, unsigned depth) {
  const bool keeps = keeps_places(run.encoding);
  const std::size_t cost = keeps && depth == 0 ? 0 : run.end - run.begin;
  if (cost > budget_) {
    workspace_.incomplete = true;
    return {};
  }
  budget_ -= cost;
  const auto decoded = decode_run(text, run);
  if (!decoded) return {};
  if (run.encoding == Encoding::gzip) {
    // What comes out is not bounded by the run.
    if (decoded->size() >= kInflatedBytesMax) workspace_.incomplete = true;
    if (decoded->size() > budget_) {
      workspace_.incomplete = true;
      return {};
    }
    budget_ -= decoded->size();
  }
  std::vector<Match> matches = this->run(*decoded, depth + 1);
  std::map<std::size_t, std::size_t> places;
  if (keeps) {
    for (const Match& match : matches) {
      for (const std::size_t at : {match.span.begin, match.span.end, match.whole.begin, match.whole.end})
        places[at];
    }
    std::vector<std::size_t> offsets;
    for (const auto& [at, unused] : places) offsets.push_back(at);
    const auto mapped = source_offsets(text, run, offsets);
    for (std::size_t i = 0; i < offsets.size(); ++i) places[offsets[i]] = mapped[i];
  }
  for (Match& match : matches) {
    if (match.depth == 0) match.depth = static_cast<std::uint8_t>(depth + 1);
    if (keeps) {
      match.span = {places[match.span.begin], places[match.span.end]};
      match.whole = {places[match.whole.begin], places[match.whole.end]};
    } else {
      match.span = match.whole = {run.begin, run.end};
    }
  }
  return matches;
}

// The same secret is told once, where it took the fewest decoders; what a generic rule makes of an encoded
// run goes when the run is known to hold something specific.
void Scan::merge(std::vector<Match> decoded, std::vector<Match>& matches) const {
  // By rule and secret the disjoint places where it was told.
  std::map<std::pair<std::uint32_t, std::string>, std::map<std::size_t, Span>> told;
  const auto tell = [&](const Match& match) {
    auto& places = told[{match.rule, match.secret}];
    const auto after = places.lower_bound(match.span.begin);
    if (after != places.end() && overlap(after->second, match.span)) return false;
    if (after != places.begin() && overlap(std::prev(after)->second, match.span)) return false;
    places.emplace(match.span.begin, match.span);
    return true;
  };
  const auto is_generic = [&](const Match& match) { return compiled_.rules[match.rule].placeholders; };
  std::ranges::sort(decoded, {}, [](const Match& match) {
    return std::tuple(match.depth, match.span.begin, match.span.end, match.rule);
  });
  std::array<std::map<std::size_t, Span>, 2> specific;  // by kind, runs by their end
  for (Match& match : decoded) {
    if (!is_generic(match)) {
      auto& runs = specific[static_cast<std::size_t>(compiled_.rules[match.rule].kind)];
      const auto [run, is_new] = runs.try_emplace(match.span.end, match.span);
      run->second.begin = std::min(run->second.begin, match.span.begin);
    }
  }
  std::erase_if(matches, [&](const Match& match) {
    if (!is_generic(match)) return false;
    const auto& runs = specific[static_cast<std::size_t>(compiled_.rules[match.rule].kind)];
    const auto run = runs.upper_bound(match.span.begin);
    return run != runs.end() && overlap(run->second, match.span);
  });
  for (const Match& match : matches) tell(match);
  for (Match& match : decoded) {
    if (tell(match)) matches.push_back(std::move(match));
  }
  sort_matches(matches);
}

}  // namespace

Result<std::shared_ptr<const Engine>> Engine::make(const RuleSet& rules) {
  auto state = std::make_unique<State>();
  CompiledRules& compiled = state->compiled;
  compiled.rules.assign(rules.rules.begin(), rules.rules.end());
  compiled.arena = rules.arena;
  compiled.anchors = make_anchor_table(compiled.rules);
  compiled.patterns = std::make_unique<RulePatterns[]>(compiled.rules.size());
  if (!compiled.rules.empty()) {
    compiled.database = load_database(rules.databases);
    state->prebuilt = compiled.database != nullptr;
    if (!compiled.database) {
      auto made = compile_database(compiled.anchors);
      if (!made) return std::unexpected(made.error());
      compiled.database = std::move(*made);
    }
    hs_scratch_t* scratch = nullptr;
    if (hs_alloc_scratch(compiled.database.get(), &scratch) != HS_SUCCESS) {
      return fail(ErrorCode::unsupported,
                  fmt::format("detect: prepare {} rules: the processor lacks what Vectorscan "
                              "needs (SSE4.2), or memory is out",
                              compiled.rules.size()));
    }
    state->prototype.reset(scratch);
  }
  return std::shared_ptr<const Engine>(new Engine(std::move(state)));
}

Engine::Engine(std::unique_ptr<State> state) : state_(std::move(state)) {}
Engine::~Engine() = default;

Engine::Scratch::Scratch(std::unique_ptr<State> state) : state_(std::move(state)) {}
Engine::Scratch::Scratch(Scratch&&) noexcept = default;
Engine::Scratch& Engine::Scratch::operator=(Scratch&&) noexcept = default;
Engine::Scratch::~Scratch() = default;

bool Engine::Scratch::incomplete() const {
  return state_->workspace.incomplete;
}

Engine::Scratch Engine::make_scratch() const {
  auto state = std::make_unique<Scratch::State>();
  state->workspace.states.resize(state_->compiled.rules.size());
  if (state_->prototype) {
    hs_scratch_t* scratch = nullptr;
    if (hs_clone_scratch(state_->prototype.get(), &scratch) != HS_SUCCESS) throw std::bad_alloc();
    state->workspace.scratch.reset(scratch);
  }
  return Scratch(std::move(state));
}

std::vector<Match> Engine::scan(std::string_view text, std::string_view path, const ScanOptions& options,
                                Scratch& scratch) const {
  Workspace& workspace = scratch.state_->workspace;
  workspace.incomplete = false;
  ++workspace.scan;
  return Scan(state_->compiled, workspace, path, options).run(text, 0);
}

std::span<const Rule> Engine::rules() const {
  return state_->compiled.rules;
}

bool Engine::prebuilt() const {
  return state_->prebuilt;
}

}  // namespace fanlight::detect
