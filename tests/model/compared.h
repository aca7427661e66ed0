#pragma once

#include <mutex>
#include <set>
#include <thread>

#include <ATen/Parallel.h>
#include <torch/torch.h>

namespace mra {

/// ‖found − right‖ / ‖right‖, where `right` is in double precision.
inline double distance(const torch::Tensor& found, const torch::Tensor& right) {
  return ((found.to(torch::kFloat64) - right).norm() / right.norm()).item<double>();
}

/// The number of threads that share a loop: 1 if the program is compiled without OpenMP.
inline size_t threads_of_loop() {
  std::mutex mutex;
  std::set<std::thread::id> threads;
  at::parallel_for(0, 12, 1, [&](int64_t, int64_t) {
    const std::lock_guard lock(mutex);
    threads.insert(std::this_thread::get_id());
  });
  return threads.size();
}

/// Calls act() while tensor operations use `threads` threads.
template <typename Act>
auto with_threads(int threads, const Act& act) {
  const int before = at::get_num_threads();
  at::set_num_threads(threads);
  auto result = act();
  at::set_num_threads(before);
  return result;
}

}  // namespace mra
