// How fast the engine reads, on one thread, from memory: best of five. Prints one line per measurement:
//   scan_bench FILE...        what the engine does with these texts, one after the other
//   scan_bench --diff FILE    parse and scan a diff as `scan --diff` does
//   scan_bench --curve FILE   the engine with more and more of its rules
#include <fmt/format.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "fanlight/app/scanner.hpp"
#include "fanlight/core/files.hpp"
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

}  // namespace

int main(int argc, char** argv) {
  if (argc == 3 && std::strcmp(argv[1], "--curve") == 0) return curve(argv[2]);
  auto engine = detect::Engine::make(detect::builtin_rules());
  if (!engine) return 1;
  const app::Scanner scanner(*engine, Secret("bench"));
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
