// `scan --history`: everything that a repository ever held and still can show.
#pragma once

#include "options.hpp"

namespace fanlight::cli {

// Every file that is reachable from a ref, each content once; what HEAD has is scanned as files are. Of what
// it has no more, secrets count and what tells something private: coupling that is gone couples nothing. A
// finding says which commit brought it and, when HEAD has it no more, which took it away. In the order of
// paths, whatever thread found what.
Result<app::ScanOutcome> scan_history(const app::Scanner& scanner, const ScanOptions& options,
                                      const app::ScanSettings& settings, unsigned threads);
// Coupling that the history alone has is one note, whatever it was at the head (H01).
void tell_survivors(app::ScanOutcome& outcome);

}  // namespace fanlight::cli
