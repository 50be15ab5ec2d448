// A pull or merge request, or a push to a branch of a plain git repository. Values only.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "fanlight/model/diff.hpp"

namespace fanlight {

// Which change, on which configured host. `number` is 0 where there is none (a push, a merge queue group);
// then `ref` tells them apart.
struct ChangeRef {
  std::string host;        // name of the host's configuration section, "github" or "git"
  std::string repository;  // "owner/name"; for plain git the path below the configured root
  std::uint64_t number = 0;
  std::string ref;           // "refs/heads/topic"
  std::string installation;  // GitHub App installation id, empty elsewhere

  // One string per change: the unit of leasing and coalescing. "github|acme/api|42".
  std::string key() const { return host + '|' + repository + '|' + (number ? std::to_string(number) : ref); }
  // As people write it: "acme/api#42", or "infra.git refs/heads/topic".
  std::string display() const {
    return number ? repository + '#' + std::to_string(number) : repository + ' ' + ref;
  }
};

struct Change {
  ChangeRef ref;
  std::string title, body, author;
  std::string base_ref,
      base_sha;  // base_sha: where the policy is read; the merge base where the host tells it
  std::string head_ref, head_sha;
  bool open = true, draft = false, fork = false;
  bool public_repository = true;  // false only when the host says so
  std::string web_url;
};

struct Commit {
  std::string sha, message, author_name, author_email;
  std::optional<Diff> patch;  // nothing when it could not be fetched; then `Snapshot::missing` says so
};

// Something that should have been looked at and could not be. Any of these makes a verdict `incomplete`.
struct Missing {
  std::string what;    // "dump.sql", "commit 4be1d2c", "the diff"
  std::string reason;  // "48 MB, over this server's limit of 25 MB"
};

enum class PostedKind : std::uint8_t { summary, inline_comment, reply, verdict };

// Something fanlight has posted on a change, found again by its hidden marker.
struct Posted {
  PostedKind kind = PostedKind::summary;
  std::string id;      // the host's
  std::string marker;  // see policy/marker.hpp
  std::string head_sha;
  std::string digest;  // of the body, so that an equal body is not sent again
};

// Everything that judging one change needs, fetched under one deadline.
struct Snapshot {
  Change change;
  // Text at the base commit of .fanlight.yml, .gitleaksignore …, by path; absent files are absent here.
  std::map<std::string, std::string> policy_files;
  Diff diff;  // base…head
  std::vector<Commit> commits;
  std::map<std::string, std::string> files;  // full text at the head of files that need context
  std::vector<std::string> paths;            // every file at the head, sorted; empty: nobody listed them
  std::vector<Posted> posted;
  std::vector<Missing> missing;
};

}  // namespace fanlight
