// Kept connections of the client, by origin, with a bound on how many are open. One io thread.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "fanlight/core/deadline.hpp"
#include "fanlight/core/result.hpp"
#include "fanlight/core/task.hpp"
#include "stream.hpp"
#include "wire.hpp"

namespace fanlight::net {

struct Link {
  std::shared_ptr<Stream> stream;
  std::unique_ptr<Reader> reader;
};

struct PoolLimits {
  std::size_t connections_per_origin_max;
  std::chrono::milliseconds keep_alive_ms;
};

class Pool;

// The right to have one connection to an origin. Its end closes the connection unless park() kept it, and
// lets the next one in.
class Lease {
 public:
  Lease(Lease&&) noexcept = default;
  Lease& operator=(Lease&&) = delete;
  ~Lease();

  bool has_link() const { return link_.stream != nullptr; }
  Link& link() { return link_; }
  void set(Link link) { link_ = std::move(link); }
  // For the next exchange with the same origin. Nothing may be under way or unread.
  void park();

 private:
  friend class Pool;
  Lease(std::shared_ptr<Pool> pool, std::string key, Link link)
      : pool_(std::move(pool)), key_(std::move(key)), link_(std::move(link)) {}

  std::shared_ptr<Pool> pool_;
  std::string key_;
  Link link_;
};

class Pool : public std::enable_shared_from_this<Pool> {
 public:
  explicit Pool(PoolLimits limits) : limits_(limits) {}

  // A kept connection or, with `fresh` or when there is none, the right to open one. Waits for a free place.
  Task<Result<Lease>> acquire(std::string key, bool fresh, Deadline deadline);

 private:
  friend class Lease;
  struct Idle {
    Link link;
    Deadline::Clock::time_point since;
  };
  struct Origin {
    std::size_t open = 0;  // leased and idle
    std::vector<Idle> idle;
    std::list<asio::steady_timer*> waiters;
  };

  void prune();
  void release(const std::string& key, Link link, bool keep);
  static void wake_one(Origin& origin);

  PoolLimits limits_;
  std::map<std::string, Origin> origins_;
};

}  // namespace fanlight::net
