#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

namespace mra {

/// A thread that does pieces of work one after the other, beside the thread that gives them.
class SideThread {
 public:
  /// `begin`: called first, on the new thread.
  explicit SideThread(std::function<void()> begin);
  /// Waits for the piece that is being done. Those not begun are dropped.
  ~SideThread();
  SideThread(const SideThread&) = delete;
  SideThread& operator=(const SideThread&) = delete;

  /// Returns at once. The future gives the result of `work`, or throws what it threw.
  template <typename Work>
  auto run(Work work) {
    const auto task = std::make_shared<std::packaged_task<decltype(work())()>>(std::move(work));
    add([task] { (*task)(); });
    return task->get_future();
  }

 private:
  void add(std::function<void()> piece);
  void loop(const std::function<void()>& begin);

  std::mutex mutex_;
  std::condition_variable given_;
  std::deque<std::function<void()>> pieces_;  ///< not begun
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace mra
