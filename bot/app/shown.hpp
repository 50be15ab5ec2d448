// What of a text may be shown. Every secret becomes one block, so that its length is not told either. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "document.hpp"
#include "fanlight/coupling/seal.hpp"
#include "fanlight/model/record.hpp"

namespace fanlight::app {

// Where a text holds a secret or a private name (null: there are none).
std::vector<detect::Span> find_hidden(const detect::Engine& engine, std::string_view text,
                                      const coupling::SealedTerms* sealed, detect::Engine::Scratch& scratch);

// `text` stands at `offset` of the text that `secrets` are spans of.
std::string black_out(std::string_view text, std::size_t offset, const std::vector<detect::Span>& secrets);

// The lines of a finding with `around` more on either side, cut to what a page has room for. `secrets`: all
// of the document, on whatever line.
std::vector<ExcerptLine> shown_lines(const Document& document, detect::Span span,
                                     const std::vector<detect::Span>& secrets, std::size_t around);

}  // namespace fanlight::app
