// `/fanlight readiness`: the repository at the change's head, read whole and measured, as a reply.
#pragma once

#include <memory>
#include <string>

#include "job.hpp"

namespace fanlight::app {

// What an answer has to know of the change.
struct Surroundings {
  Change change;
  policy::Policy policy;
  std::shared_ptr<const Scanner> scanner;
};

// Always an answer: that the repository could not be read is one. `module` as it was typed; empty: all.
Task<std::string> readiness_reply(Work& work, Surroundings around, std::string module, std::size_t bytes_max);

// `markdown` cut where a part ends, with a sentence that says so. Pure.
std::string cut_report(std::string markdown, std::size_t bytes_max);

}  // namespace fanlight::app
