#include "checkpointer.hpp"

#include <utility>

#include "fanlight/core/log.hpp"

namespace fanlight::store {

Checkpointer::Checkpointer(Db& writer, std::unique_ptr<Db> db, std::mutex& writer_mutex)
    : db_(std::move(db)), writer_mutex_(writer_mutex), thread_([this] { run(); }) {
  writer.on_commit([this](int pages) {
    if (pages < checkpoint_pages) return;
    {
      std::lock_guard lock(mutex_);
      due_ = true;
    }
    wake_.notify_one();
  });
}

Checkpointer::~Checkpointer() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void Checkpointer::run() {
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return due_ || stopping_; });
      if (stopping_) return;
      due_ = false;
    }
    copy();
  }
}

void Checkpointer::copy() {
  auto pages = db_->checkpoint();
  if (pages && *pages >= checkpoint_pages_max) {
    std::lock_guard lock(writer_mutex_);
    pages = db_->checkpoint();
  }
  if (!pages) log::warn("log not copied into the database", {{"error", pages.error().text}});
}

}  // namespace fanlight::store
