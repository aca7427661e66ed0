#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "harness/data/dataset.h"
#include "harness/data/input.h"

namespace mra {

/// A batch of pictures in a reused buffer of the loader: valid until the next call of next().
/// Shapes: N pictures of `size_px` squared.
struct RawBatch {
  int64_t count = 0;                 ///< N
  const uint8_t* pixels = nullptr;   ///< [N, size_px, size_px, 3] u8 RGB, 64-byte aligned
  const int64_t* labels = nullptr;   ///< [N]
  const int64_t* indices = nullptr;  ///< [N] position in the data set
};

/// What one pass over a data set reads, and how each sample is made.
struct LoaderPlan {
  std::vector<int64_t> order;  ///< indices, in the order they are read
  int64_t batch_size = 0;
  bool drop_last = false;
  int64_t first_batch = 0;  ///< batches to leave out: where an interrupted epoch goes on
  uint64_t seed = 0;        ///< with epoch and index, the key of a sample's random stream
  uint32_t epoch = 0;
  bool training =
      true;  ///< random crop and flip, image transforms before and after; else centre crop
};

/// Reads samples with worker threads into a bounded ring of batch buffers. The batches are the same
/// for any number of threads. An error in a worker is thrown by next(), and names the sample.
class Loader {
 public:
  /// `threads` 0: everything is read inside next(). `dataset` must outlive the loader.
  Loader(const Dataset& dataset, const InputOptions& input,
         std::vector<ImageTransform> image_transforms, int threads);
  ~Loader();
  Loader(const Loader&) = delete;
  Loader& operator=(const Loader&) = delete;

  /// Starts a pass; buffers and threads are kept from the last. An unfinished pass is given up.
  void start(LoaderPlan plan);
  /// The next batch of the pass; false at its end.
  bool next(RawBatch& batch);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// 0 … size-1 shuffled for one epoch, from the stream (seed, epoch, kOrder).
std::vector<int64_t> shuffled_order(int64_t size, uint64_t seed, uint32_t epoch);

/// How many batches a pass over `size` samples has.
int64_t batches_of(int64_t size, int64_t batch_size, bool drop_last);

}  // namespace mra
