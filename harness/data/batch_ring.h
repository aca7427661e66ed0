#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <new>
#include <vector>

#include "harness/data/loader.h"

namespace mra {

/// The memory of one batch. Its rows are filled in any order, and it is reused for later batches.
struct BatchSlot {
  std::shared_ptr<uint8_t> pixels;
  std::vector<int64_t> labels;
  std::vector<Request> requests;
  int64_t unfinished = 0;  ///< rows still to be filled
  int64_t error_row = 0;   ///< lowest row that failed, when `error` is set
  std::exception_ptr error;
};

inline std::shared_ptr<uint8_t> aligned_memory(int64_t bytes) {
  constexpr std::align_val_t kAlignment{64};
  return {static_cast<uint8_t*>(::operator new(size_t(bytes), kAlignment)),
          [](uint8_t* memory) { ::operator delete(memory, kAlignment); }};
}

/// The slots of a loader, used in turn for its batches. Not thread-safe: the loader locks it.
class BatchRing {
 public:
  /// `allocate`: as in LoaderMemory.
  BatchRing(int64_t slots, std::function<std::shared_ptr<uint8_t>(int64_t bytes)> allocate)
      : slots_(size_t(slots)), allocate_(allocate ? std::move(allocate) : aligned_memory) {}

  int64_t slots() const { return int64_t(slots_.size()); }
  BatchSlot& of_batch(int64_t batch) { return slots_[size_t(batch % slots())]; }

  /// Gives every slot room for `rows` rows of `row_bytes`; keeps memory that is large enough.
  void reserve(int64_t rows, int64_t row_bytes) {
    for (BatchSlot& slot : slots_) {
      if (rows * row_bytes > reserved_bytes_) slot.pixels = allocate_(rows * row_bytes);
      slot.labels.resize(size_t(rows));
      slot.requests.resize(size_t(rows));
    }
    reserved_bytes_ = std::max(reserved_bytes_, rows * row_bytes);
  }

 private:
  std::vector<BatchSlot> slots_;
  std::function<std::shared_ptr<uint8_t>(int64_t bytes)> allocate_;
  int64_t reserved_bytes_ = 0;
};

}  // namespace mra
