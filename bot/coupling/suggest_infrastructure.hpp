// Suggestions for Terraform, Helm, Kubernetes and pipelines (suggest_infrastructure.cpp has the idea).
#pragma once

#include <optional>
#include <string>

#include "words.hpp"

namespace fanlight::coupling {

bool is_infrastructure(Format format);

// The line with a parameter where the literal stands (in a base of Kubernetes, which has none, with a made-up
// value), when that is all the line needs; what declares the parameter is in the remedy. Empty where the line
// has to go. Nothing where another literal of the line would stay, or where the code is not to be shared.
std::optional<std::string> infrastructure_suggestion(const Site& site, const Literal& literal);

}  // namespace fanlight::coupling
