#include "harness/train/pace.h"

#include "harness/data/loader.h"

namespace mra {

static constexpr double kUpdateEvery_s = 0.2;

Pace::Pace(Progress& progress, int64_t epochs, int64_t steps, int64_t first_step,
           int64_t images_per_step)
    : progress_(progress),
      epochs_(epochs),
      steps_(steps),
      first_step_(first_step),
      images_per_step_(images_per_step),
      epoch_start_step_(first_step) {}

void Pace::start_epoch(int64_t steps_done) {
  epoch_start_s_ = watch_.elapsed_s();
  epoch_start_wait_s_ = data_wait_s();
  epoch_start_step_ = steps_done;
}

void Pace::step_done(int64_t steps_done, int64_t epochs_done, double loss) {
  const double now_s = watch_.elapsed_s();
  if (now_s - last_update_s_ < kUpdateEvery_s && steps_done < steps_) return;
  const double images = double((steps_done - epoch_start_step_) * images_per_step_);
  images_per_s_ = images / (now_s - epoch_start_s_);
  data_wait_frac_ = (data_wait_s() - epoch_start_wait_s_) / (now_s - epoch_start_s_);
  last_update_s_ = now_s;

  ProgressUpdate update;
  update.epoch = epochs_done;
  update.epochs = epochs_;
  update.done_frac = double(steps_done) / double(steps_);
  update.images_per_s = images_per_s_;
  update.data_wait_frac = data_wait_frac_;
  update.loss = loss;
  // Averaged over the whole attempt, so that it includes evaluations and checkpoints.
  const double s_per_step = now_s / double(steps_done - first_step_);
  update.left_s = s_per_step * double(steps_ - steps_done);
  progress_.update(update);
}

}  // namespace mra
