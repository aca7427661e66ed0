#include "harness/worker/mae_times.h"

#include "baselines/augment/mra_augment.h"
#include "harness/base/stopwatch.h"
#include "harness/model/state_dict.h"
#include "harness/train/device.h"
#include "harness/train/optimizer.h"

namespace mra {

static constexpr int kWarmups = 2, kRounds = 9;

template <typename Work>
static std::vector<double> all_seconds_of(Work work) {
  std::vector<double> seconds;
  for (int round = -kWarmups; round < kRounds; ++round) {
    const Stopwatch watch;
    work();
    if (round >= 0) seconds.push_back(watch.elapsed_s());
  }
  return seconds;
}

/// Returns the optimizer settings of the paper's pretraining.
static Recipe pretraining_recipe() {
  Recipe recipe;
  recipe.optimizer = "adamw";
  recipe.beta2 = 0.95;
  recipe.weight_decay = 0.05;
  recipe.decay_on = "matrices";
  return recipe;
}

Json mae_times(const MaeTimesRequest& request) {
  set_threads(request.threads);
  torch::manual_seed(0);
  MaskedAutoencoder model(read_mae_options(SpecReader(request.model, "--model")));
  const int64_t side = model->options().image_px, patches = model->options().patches();
  const auto images = torch::randn({request.batch_size, 3, side, side});
  const auto noise = torch::rand({request.batch_size, patches});
  MraOptions options;
  options.hidden_frac = request.hidden_frac;
  const MraResult result = mra_augment(model, images, options);
  if (!request.save.empty()) {
    StateDict saved = {{"images", images},
                       {"noise", noise},
                       {"augmented", result.output.contiguous()},
                       {"kept", result.kept.contiguous()}};
    for (const auto& [name, tensor] : state_dict(*model)) saved["weights/" + name] = tensor;
    write_weights(request.save, saved);
  }
  const auto mra_s = all_seconds_of([&] { mra_augment(model, images, options); });
  Optimizer optimizer(*model, pretraining_recipe());
  double first_loss = -1;
  const auto pretrain_step_s = all_seconds_of([&] {
    const auto loss = model->loss(images, noise, request.hidden_frac);
    loss.backward();
    optimizer.step(1e-3);
    optimizer.zero_grad();
    if (first_loss < 0) first_loss = loss.item<double>();
  });
  return {{"mra_s", mra_s}, {"pretrain_step_s", pretrain_step_s}, {"loss", first_loss}};
}

}  // namespace mra
