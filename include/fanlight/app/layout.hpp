// A repository's paths to what coupling::Layers knows of them. Paths alone cannot tell a Terraform module
// from a folder that is deployed: a backend or a configured provider in its text does. So the folders that
// look like modules are read, and only those. One way of doing it, for the command line and for the bot.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "fanlight/core/result.hpp"
#include "fanlight/coupling/layers.hpp"
#include "fanlight/model/change.hpp"

namespace fanlight::app {

struct RepositoryText {
  std::vector<std::string> paths;  // sorted
  // The text of a file, called from several threads at once.
  std::function<Result<std::string>(const std::string&)> read;
};

std::shared_ptr<const coupling::RepositoryPaths> read_layout(const RepositoryText& repository);

// Of a change's repository, where its paths are known; null elsewhere. Reads `snapshot.files`.
std::shared_ptr<const coupling::RepositoryPaths> read_layout(const Snapshot& snapshot);
// The files that read_layout() wants to read: for all of a repository, or, a few at most, for the files that
// a change touches and nobody has the text of yet.
std::vector<std::string> layout_evidence(const std::vector<std::string>& paths);
std::vector<std::string> layout_evidence(const Snapshot& snapshot);

}  // namespace fanlight::app
