#pragma once

#include <cstdint>
#include <exception>
#include <memory>
#include <new>
#include <vector>

#include "harness/data/loader.h"

namespace mra {

/// Memory of one batch, filled row by row in any order and reused for later batches.
struct BatchSlot {
  static constexpr std::align_val_t kAlignment{64};
  struct Free {
    void operator()(uint8_t* bytes) const { ::operator delete(bytes, kAlignment); }
  };

  std::unique_ptr<uint8_t, Free> pixels;
  std::vector<int64_t> labels;
  std::vector<Request> requests;
  int64_t unfinished = 0;  ///< rows still to be filled
  int64_t error_row = 0;   ///< lowest row that failed, when `error` is set
  std::exception_ptr error;
};

/// The slots of a loader, one batch after another in turn. Not locked: the loader does that.
class BatchRing {
 public:
  explicit BatchRing(int64_t slots) : slots_(size_t(slots)) {}

  int64_t slots() const { return int64_t(slots_.size()); }
  BatchSlot& of_batch(int64_t batch) { return slots_[size_t(batch % slots())]; }

  /// Room for `rows` rows of `row_bytes` in every slot; memory that is large enough is kept.
  void reserve(int64_t rows, int64_t row_bytes) {
    for (BatchSlot& slot : slots_) {
      if (rows * row_bytes > reserved_bytes_)
        slot.pixels.reset(
            static_cast<uint8_t*>(::operator new(size_t(rows * row_bytes), BatchSlot::kAlignment)));
      slot.labels.resize(size_t(rows));
      slot.requests.resize(size_t(rows));
    }
    reserved_bytes_ = std::max(reserved_bytes_, rows * row_bytes);
  }

 private:
  std::vector<BatchSlot> slots_;
  int64_t reserved_bytes_ = 0;
};

}  // namespace mra
