// How fast the engine reads, on one thread, from memory: best of five. Prints one line per measurement:
//   scan_bench FILE...        what the engine does with these texts, one after the other
//   scan_bench --diff FILE    parse and scan a diff as `scan --diff` does
//   scan_bench --curve FILE   the engine with more and more of its rules
//   scan_bench --tree DIR     its files for secrets alone, and for secrets and coupling; a review of 20 of
//   them
#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <vector>

#include "fanlight/app/scanner.hpp"
#include "fanlight/core/files.hpp"
#include "fanlight/core/text.hpp"
#include "fanlight/detect/diff_parser.hpp"

using namespace fanlight;

namespace {

constexpr int rounds = 5;

double seconds_of(auto work) {
  const auto begun = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
}

template <class Work>
void report(const char* what, std::size_t bytes, Work work) {
  double best = 1e9;
  std::size_t findings = 0;
  for (int i = 0; i < rounds; ++i) best = std::min(best, seconds_of([&] { findings = work(); }));
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  fmt::print("{:28} {:8.2f} MB {:8.3f} s {:8.0f} MB/s {:7} findings {:5} MB resident\n", what,
             static_cast<double>(bytes) / 1e6, best, static_cast<double>(bytes) / 1e6 / best, findings,
             usage.ru_maxrss / 1024);
}

int curve(const char* file) {
  const auto text = read_file(file, 1024u * 1024 * 1024);
  if (!text) {
    fmt::print(stderr, "{}\n", text.error().text);
    return 1;
  }
  const auto all = detect::builtin_rules().rules;
  for (std::size_t count : {50, 100, 250, 500, 100'000}) {
    count = std::min(count, all.size());
    const auto engine = detect::Engine::make({all.first(count), {}, nullptr}).value();
    auto scratch = engine->make_scratch();
    report(fmt::format("engine with {} rules", count).c_str(), text->size(),
           [&] { return engine->scan(*text, file, {}, scratch).size(); });
    if (count == all.size()) break;
  }
  return 0;
}

using Texts = std::vector<std::pair<std::string, std::string>>;

Texts read_folder(const std::string& root) {
  Texts out;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    if (!entry.is_regular_file()) continue;
    auto text = read_file(entry.path().string(), 64u * 1024 * 1024);
    if (text) out.emplace_back(entry.path().lexically_relative(root).string(), std::move(*text));
  }
  std::sort(out.begin(), out.end());
  return out;
}

// A change of the files: each tenth line is new.
Snapshot change_of(const Texts& files) {
  std::string diff;
  Snapshot out;
  for (const auto& [path, text] : files) {
    diff += fmt::format("diff --git a/{0} b/{0}\n--- a/{0}\n+++ b/{0}\n", path);
    const auto lines = split_lines(text);
    std::size_t added = 0;
    std::string body;
    for (std::size_t i = 0; i < lines.size(); ++i) {
      added += i % 10 == 0;
      body += fmt::format("{}{}\n", i % 10 == 0 ? '+' : ' ', lines[i]);
    }
    diff += fmt::format("@@ -1,{} +1,{} @@\n{}", lines.size() - added, lines.size(), body);
    out.files.emplace(path, text);
  }
  out.diff = detect::parse_diff(std::move(diff)).value();
  return out;
}

int tree(const app::Scanner& scanner, const char* root) {
  const Texts files = read_folder(root);
  std::vector<std::string> paths;
  std::size_t bytes = 0;
  for (const auto& [path, text] : files) {
    paths.push_back(path);
    bytes += text.size();
  }
  app::ScanSettings settings;
  settings.layers.repository = std::make_shared<const coupling::RepositoryPaths>(paths);
  settings.lexicon.domains = {"corp.example"};
  settings.lexicon.names = {"corp"};
  auto scratch = scanner.engine().make_scratch();
  for (const bool coupling : {false, true}) {
    settings.coupling = coupling;
    report(coupling ? "secrets and coupling" : "secrets alone", bytes, [&] {
      std::size_t findings = 0;
      for (const auto& [path, text] : files)
        findings += scanner.scan_file(path, text, settings, scratch).findings.size();
      return findings;
    });
  }
  const std::size_t step = std::max<std::size_t>(1, files.size() / 20);
  Texts some;
  bytes = 0;
  for (std::size_t i = 0; i < files.size() && some.size() < 20; i += step) {
    some.push_back(files[i]);
    bytes += files[i].second.size();
  }
  const Snapshot change = change_of(some);
  report(fmt::format("a review of {} files", some.size()).c_str(), bytes,
         [&] { return scanner.scan_change(change, settings, scratch).findings.size(); });
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 3 && std::strcmp(argv[1], "--curve") == 0) return curve(argv[2]);
  auto engine = detect::Engine::make(detect::builtin_rules());
  if (!engine) return 1;
  const app::Scanner scanner(*engine, Secret("bench"));
  if (argc == 3 && std::strcmp(argv[1], "--tree") == 0) return tree(scanner, argv[2]);
  auto scratch = scanner.engine().make_scratch();
  const bool diff = argc > 2 && std::strcmp(argv[1], "--diff") == 0;
  std::vector<std::pair<std::string, std::string>> texts;
  std::vector<std::shared_ptr<const std::string>> diffs;
  std::size_t bytes = 0;
  for (int i = diff ? 2 : 1; i < argc; ++i) {
    auto text = read_file(argv[i], 1024u * 1024 * 1024);
    if (!text) {
      fmt::print(stderr, "{}\n", text.error().text);
      return 1;
    }
    bytes += text->size();
    if (diff) {
      diffs.push_back(std::make_shared<const std::string>(std::move(*text)));
    } else {
      texts.emplace_back(argv[i], std::move(*text));
    }
  }
  const app::ScanSettings settings;
  if (diff) {
    report("diff, parsed and scanned", bytes, [&] {
      std::size_t findings = 0;
      for (const auto& text : diffs) {
        const auto parsed = detect::parse_diff(text);  // shared, not copied: a process reads it once
        if (!parsed) {
          fmt::print(stderr, "{}\n", parsed.error().text);
          std::exit(1);
        }
        findings += scanner.scan_diff(*parsed, {}, settings, scratch).findings.size();
      }
      return findings;
    });
    return 0;
  }
  report("engine alone", bytes, [&] {
    std::size_t matches = 0;
    for (const auto& [name, text] : texts) matches += scanner.engine().scan(text, name, {}, scratch).size();
    return matches;
  });
  report("with judging and fingerprints", bytes, [&] {
    std::size_t findings = 0;
    for (const auto& [name, text] : texts)
      findings += scanner.scan_file(name, text, settings, scratch).findings.size();
    return findings;
  });
  return 0;
}
