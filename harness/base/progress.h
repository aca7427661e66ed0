#pragma once

#include <cstdint>
#include <string>

namespace mra {

/// The progress of a run, as shown to the user while it runs.
struct ProgressUpdate {
  int64_t epoch = 0;  ///< finished epochs
  int64_t epochs = 0;
  double done_frac = 0;  ///< finished part of the whole run, 0–1
  double images_per_s = 0;
  double data_wait_frac = 0;  ///< of the time, waiting for pictures
  double loss = 0;
  double left_s = -1;  ///< seconds left; negative: not known yet
};

/// Receives the progress of a run. This base class ignores it.
class Progress {
 public:
  virtual ~Progress() = default;
  virtual void update(const ProgressUpdate&) {}
};

}  // namespace mra
