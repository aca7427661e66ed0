#pragma once

#include <cstdint>
#include <string>

namespace mra {

/// How far a run is: what a person wants to see while it goes on.
struct ProgressUpdate {
  int64_t epoch = 0;  ///< epochs done
  int64_t epochs = 0;
  double done_frac = 0;  ///< of the whole run, 0–1
  double images_per_s = 0;
  double loss = 0;
  double left_s = -1;  ///< seconds left; negative: not known yet
};

/// Where a run tells how far it is. Silent unless derived from.
class Progress {
 public:
  virtual ~Progress() = default;
  virtual void update(const ProgressUpdate&) {}
};

}  // namespace mra
