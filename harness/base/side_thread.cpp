#include "harness/base/side_thread.h"

namespace mra {

SideThread::SideThread(std::function<void()> begin)
    : thread_([this, begin = std::move(begin)] { loop(begin); }) {}

SideThread::~SideThread() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
    pieces_.clear();
  }
  given_.notify_one();
  thread_.join();
}

void SideThread::add(std::function<void()> piece) {
  {
    const std::lock_guard lock(mutex_);
    pieces_.push_back(std::move(piece));
  }
  given_.notify_one();
}

void SideThread::loop(const std::function<void()>& begin) {
  begin();
  std::unique_lock lock(mutex_);
  while (true) {
    given_.wait(lock, [this] { return ending_ || !pieces_.empty(); });
    if (ending_) return;
    const auto piece = std::move(pieces_.front());
    pieces_.pop_front();
    lock.unlock();
    piece();
    lock.lock();
  }
}

}  // namespace mra
