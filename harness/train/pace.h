#pragma once

#include "harness/base/progress.h"
#include "harness/base/stopwatch.h"

namespace mra {

/// Turns steps into progress updates, at most a few a second.
class Pace {
 public:
  /// `steps`: of the whole run; `first_step`: where this attempt begins.
  Pace(Progress& progress, int64_t epochs, int64_t steps, int64_t first_step,
       int64_t images_per_step);

  /// Restarts the measurements, so that they exclude the time between epochs.
  void start_epoch(int64_t steps_done);
  void step_done(int64_t steps_done, int64_t epochs_done, double loss);
  double images_per_s() const { return images_per_s_; }
  /// The part of the same time in which the loader was waited for.
  double data_wait_frac() const { return data_wait_frac_; }

 private:
  Progress& progress_;
  int64_t epochs_, steps_, first_step_, images_per_step_;
  Stopwatch watch_;
  double last_update_s_ = 0;
  double epoch_start_s_ = 0, epoch_start_wait_s_ = 0;
  int64_t epoch_start_step_;
  double images_per_s_ = 0;  ///< since this attempt began the epoch
  double data_wait_frac_ = 0;
};

}  // namespace mra
