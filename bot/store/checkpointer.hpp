// Copies SQLite's log into the database file on a thread of its own. Left to SQLite, the commit that fills
// the log pays for the copy with two more flushes: every tenth batch of deliveries at full load, several
// times the latency of the others.
//
// The bulk is copied while commits go on. Under steady load the log then never becomes empty, so once it is
// long the rest is copied with the writer held back; that is short, and the log starts over.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "sqlite_db.hpp"

namespace fanlight::store {

inline constexpr int checkpoint_pages = 4096;       // 16 MiB: worth a copy
inline constexpr int checkpoint_pages_max = 16384;  // 64 MiB: the log has to start over

class Checkpointer {
 public:
  // Listens to the commits of `writer`, which is used under `writer_mutex`; both must outlive this.
  Checkpointer(Db& writer, std::unique_ptr<Db> db, std::mutex& writer_mutex);
  ~Checkpointer();
  Checkpointer(const Checkpointer&) = delete;
  Checkpointer& operator=(const Checkpointer&) = delete;

 private:
  void run();
  void copy();

  std::unique_ptr<Db> db_;  // used by the thread alone
  std::mutex& writer_mutex_;
  std::mutex mutex_;  // guards the two below
  std::condition_variable wake_;
  bool due_ = false, stopping_ = false;
  std::thread thread_;  // last, so that it starts when all else is there
};

}  // namespace fanlight::store
