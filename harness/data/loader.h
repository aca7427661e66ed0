#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "harness/data/dataset.h"
#include "harness/data/input.h"
#include "harness/data/sampler.h"

namespace mra {

/// A batch of pictures in a buffer of the loader, valid until next() was called LoaderMemory::held
/// more times. Shapes: N pictures, each a square of `size_px`, with V views of each.
struct RawBatch {
  int64_t count = 0;                  ///< N
  const uint8_t* pixels = nullptr;    ///< [V, N, size_px, size_px, 3] u8 RGB, 64-byte aligned
  const int64_t* labels = nullptr;    ///< [N]
  const Request* requests = nullptr;  ///< [N], from the plan
};

/// The samples that one pass reads, and how they are prepared.
struct LoaderPlan {
  std::vector<Request> requests;  ///< in reading order
  int64_t batch_size = 0;
  bool drop_last = false;
  int64_t first_batch = 0;  ///< batches to skip: where an interrupted epoch continues
  uint64_t seed = 0;        ///< together with request and view: key of a sample's random stream
  bool training =
      true;  ///< random crop and flip, image transforms; false: centre crop without transforms
};

/// The buffers of a loader.
struct LoaderMemory {
  int64_t held = 1;  ///< batches that the caller uses at a time
  /// Gives memory for pixels, aligned to 64 bytes; empty: ordinary memory.
  std::function<std::shared_ptr<uint8_t>(int64_t bytes)> allocate;
};

/// Reads samples with worker threads into a limited number of batch buffers. The batches do not
/// depend on the number of threads. next() throws the error of a worker, which names the sample.
class Loader {
 public:
  /// `threads` 0: next() itself reads. `dataset` must outlive the loader.
  Loader(const Dataset& dataset, const InputOptions& input,
         std::vector<ImageTransform> image_transforms, int threads);
  /// Makes several views of a picture, decoded once, each with its own transforms, crop and stream.
  Loader(const Dataset& dataset, const InputOptions& input, int threads,
         std::vector<std::vector<ImageTransform>> views, LoaderMemory memory = {});
  ~Loader();
  Loader(const Loader&) = delete;
  Loader& operator=(const Loader&) = delete;

  /// Starts a pass with the existing buffers and threads. Cancels a pass that is not finished.
  void start(LoaderPlan plan);
  /// Gets the next batch; returns false at the end of the pass.
  bool next(RawBatch& batch);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// Seconds that the calling thread has spent in Loader::next() since it began: it waited for
/// pictures, or read them itself.
double data_wait_s();
/// Adds to data_wait_s() a wait for pictures that another thread read.
void add_data_wait_s(double seconds);

/// Returns the number of batches in a pass over `size` samples.
int64_t batches_of(int64_t size, int64_t batch_size, bool drop_last);

}  // namespace mra
