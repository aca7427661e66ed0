#include "harness/data/loader.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "harness/base/stopwatch.h"
#include "harness/data/batch_ring.h"
#include "harness/data/sample_reader.h"

namespace mra {

using Views = std::vector<std::vector<ImageTransform>>;

/// Workers take samples one at a time, in order, while the batch of the next sample has a slot. The
/// ring holds the batches that the caller uses and those read ahead. `mutex_` guards everything
/// below except the rows: a row is written only by the worker that took its sample.
class Loader::Impl {
 public:
  Impl(const Dataset& dataset, const InputOptions& input, Views views, int threads,
       LoaderMemory memory)
      : dataset_(dataset),
        input_(input),
        views_(std::move(views)),
        reader_(dataset_, input_, views_),
        most_held_(memory.held),
        ring_(most_held_ + (threads > 0 ? kReadAhead : 0), std::move(memory.allocate)) {
    for (int i = 0; i < threads; ++i) workers_.emplace_back([this] { work(); });
  }

  ~Impl() {
    std::unique_lock lock(mutex_);
    stopping_ = true;
    work_.notify_all();
  }

  void start(LoaderPlan plan) {
    std::unique_lock lock(mutex_);
    next_sample_ = end_sample_;  // no worker takes another sample of the old pass
    idle_.wait(lock, [&] { return in_work_ == 0; });
    plan_ = std::move(plan);
    const int64_t size = int64_t(plan_.requests.size());
    batches_ = batches_of(size, plan_.batch_size, plan_.drop_last);
    end_sample_ = std::min(size, batches_ * plan_.batch_size);
    given_ = plan_.first_batch;
    next_sample_ = std::min(end_sample_, given_ * plan_.batch_size);
    ring_.reserve(std::min(size, plan_.batch_size), int64_t(views_.size()) * row_bytes());
    held_ = 0;
    for (int64_t i = 0; i < ring_.slots(); ++i) open(given_ + i);
    work_.notify_all();
  }

  bool next(RawBatch& batch) {
    std::unique_lock lock(mutex_);
    if (given_ >= batches_) return false;
    release_oldest();
    BatchSlot& slot = ring_.of_batch(given_);
    if (workers_.empty())
      while (slot.unfinished > 0) read_one(lock, reader_);
    ready_.wait(lock, [&] { return slot.unfinished == 0; });
    if (slot.error) {
      given_ = batches_;  // the pass ends at an error
      next_sample_ = end_sample_;
      std::rethrow_exception(slot.error);
    }
    batch = {rows_of(given_), slot.pixels.get(), slot.labels.data(), slot.requests.data()};
    ++held_;
    ++given_;
    return true;
  }

 private:
  static constexpr int64_t kReadAhead = 3;  ///< batches

  int64_t row_bytes() const { return int64_t(input_.size_px) * input_.size_px * 3; }
  int64_t rows_of(int64_t batch) const {
    return std::min(plan_.batch_size, end_sample_ - batch * plan_.batch_size);
  }

  /// Prepares the slot of `batch` for filling.
  void open(int64_t batch) {
    BatchSlot& slot = ring_.of_batch(batch);
    slot.unfinished = std::max<int64_t>(0, rows_of(batch));
    slot.error = nullptr;
  }

  /// The caller has finished with the oldest of its batches: reuses that slot for a later batch.
  void release_oldest() {
    if (held_ < most_held_) return;
    open(given_ - held_ + ring_.slots());
    --held_;
    work_.notify_all();
  }

  bool can_take() const {
    return next_sample_ < end_sample_ &&
           next_sample_ / plan_.batch_size < given_ - held_ + ring_.slots();
  }

  void work() {
    SampleReader reader(dataset_, input_, views_);
    std::unique_lock lock(mutex_);
    while (true) {
      work_.wait(lock, [&] { return stopping_ || can_take(); });
      if (stopping_) return;
      read_one(lock, reader);
    }
  }

  /// Takes the next sample and fills its row. Unlocks while reading.
  void read_one(std::unique_lock<std::mutex>& lock, SampleReader& reader) {
    const int64_t sample = next_sample_++, row = sample % plan_.batch_size;
    const int64_t batch = sample / plan_.batch_size, rows = rows_of(batch);
    BatchSlot& slot = ring_.of_batch(batch);
    ++in_work_;
    lock.unlock();
    std::exception_ptr error;
    try {
      const Request request = plan_.requests[size_t(sample)];
      slot.labels[size_t(row)] = dataset_.label(request.index);
      slot.requests[size_t(row)] = request;
      reader.read(plan_, request, slot.pixels.get() + row * row_bytes(), rows * row_bytes());
    } catch (...) {
      error = std::current_exception();
    }
    lock.lock();
    if (error && (!slot.error || row < slot.error_row)) {
      slot.error = error;
      slot.error_row = row;
    }
    if (--slot.unfinished == 0) ready_.notify_all();
    if (--in_work_ == 0) idle_.notify_all();
  }

  const Dataset& dataset_;
  const InputOptions input_;
  const Views views_;
  SampleReader reader_;  ///< for the thread of the caller

  std::mutex mutex_;
  std::condition_variable work_, ready_, idle_;
  const int64_t most_held_;
  BatchRing ring_;
  LoaderPlan plan_;          ///< not changed while samples are being read
  int64_t batches_ = 0;      ///< of the pass, including the skipped ones
  int64_t given_ = 0;        ///< batches returned to the caller or skipped
  int64_t held_ = 0;         ///< batches returned last, which the caller still uses
  int64_t next_sample_ = 0;  ///< position of the next sample to read
  int64_t end_sample_ = 0;   ///< end position of the pass, exclusive
  int64_t in_work_ = 0;      ///< samples being read
  bool stopping_ = false;
  std::vector<std::jthread> workers_;  ///< last: joined before anything they use is destroyed
};

Loader::Loader(const Dataset& dataset, const InputOptions& input,
               std::vector<ImageTransform> image_transforms, int threads)
    : Loader(dataset, input, threads, Views{std::move(image_transforms)}) {}

Loader::Loader(const Dataset& dataset, const InputOptions& input, int threads, Views views,
               LoaderMemory memory)
    : impl_(std::make_unique<Impl>(dataset, input, std::move(views), threads, std::move(memory))) {}

Loader::~Loader() = default;

void Loader::start(LoaderPlan plan) {
  impl_->start(std::move(plan));
}

static thread_local double waited_s = 0;

double data_wait_s() {
  return waited_s;
}

void add_data_wait_s(double seconds) {
  waited_s += seconds;
}

bool Loader::next(RawBatch& batch) {
  const Stopwatch watch;
  const bool found = impl_->next(batch);
  add_data_wait_s(watch.elapsed_s());
  return found;
}

int64_t batches_of(int64_t size, int64_t batch_size, bool drop_last) {
  return drop_last ? size / batch_size : (size + batch_size - 1) / batch_size;
}

}  // namespace mra
