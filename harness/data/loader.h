#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "harness/data/dataset.h"
#include "harness/data/input.h"
#include "harness/data/sampler.h"

namespace mra {

/// A batch of pictures in a reused buffer of the loader: valid until the next call of next().
/// Shapes: N pictures of `size_px` squared, V views of each.
struct RawBatch {
  int64_t count = 0;                  ///< N
  const uint8_t* pixels = nullptr;    ///< [V, N, size_px, size_px, 3] u8 RGB, 64-byte aligned
  const int64_t* labels = nullptr;    ///< [N]
  const Request* requests = nullptr;  ///< [N] what was asked for
};

/// What one pass over a data set reads, and how each sample is made.
struct LoaderPlan {
  std::vector<Request> requests;  ///< in the order they are read
  int64_t batch_size = 0;
  bool drop_last = false;
  int64_t first_batch = 0;  ///< batches to leave out: where an interrupted epoch goes on
  uint64_t seed = 0;        ///< with request and view, the key of a sample's random stream
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
  /// A picture is decoded once for several views, each with its own transforms, crop and stream.
  Loader(const Dataset& dataset, const InputOptions& input, int threads,
         std::vector<std::vector<ImageTransform>> views);
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

/// How many batches a pass over `size` samples has.
int64_t batches_of(int64_t size, int64_t batch_size, bool drop_last);

}  // namespace mra
