#include "fanlight/host/host.hpp"

namespace fanlight::host {

Task<Result<Snapshot>> Host::fetch_change(ChangeRef change, std::vector<std::string>, Deadline) {
  co_return fail(ErrorCode::unsupported,
                 name() + ": get " + change.display() + ": nobody writes comments here");
}

Task<Result<Tree>> Host::fetch_tree(Change change, TreeLimits, Deadline) {
  co_return fail(ErrorCode::unsupported,
                 name() + ": read all files of " + change.ref.repository + ": not possible here");
}

Task<Result<std::optional<bool>>> Host::fetch_visibility(ChangeRef, std::string, Deadline) {
  co_return std::nullopt;
}

}  // namespace fanlight::host
