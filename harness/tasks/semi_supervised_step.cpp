#include "harness/tasks/semi_supervised.h"
#include "harness/train/schedule.h"

namespace mra {

namespace {

/// While it lives, batch norms have no running statistics: they normalise by the batch, as in
/// training, and record nothing.
class NoRunningStatistics {
 public:
  explicit NoRunningStatistics(torch::nn::Module& network) {
    for (const auto& module : network.modules())
      if (auto* norm = module->as<torch::nn::BatchNorm2dImpl>()) norms_.push_back({norm});
    exchange();
  }
  ~NoRunningStatistics() { exchange(); }
  NoRunningStatistics(const NoRunningStatistics&) = delete;
  NoRunningStatistics& operator=(const NoRunningStatistics&) = delete;

 private:
  struct Norm {
    torch::nn::BatchNorm2dImpl* norm;
    torch::Tensor mean{}, var{}, batches{};  ///< the statistics, while the network has none
  };

  void exchange() {
    for (Norm& it : norms_) {
      std::swap(it.norm->running_mean, it.mean);
      std::swap(it.norm->running_var, it.var);
      std::swap(it.norm->num_batches_tracked, it.batches);
    }
  }

  std::vector<Norm> norms_;
};

}  // namespace

torch::Tensor Student::operator()(const torch::Tensor& images) const {
  const torch::Tensor logits = network_.forward(images);
  return logits.to(torch::promote_types(logits.scalar_type(), torch::kFloat32));
}

torch::Tensor Student::frozen(const torch::Tensor& images) const {
  const NoRunningStatistics scope(network_);
  return (*this)(images);
}

torch::Tensor Student::target(const torch::Tensor& images) const {
  const torch::NoGradGuard no_grad;
  return frozen(images);
}

double SemiSupervisedStep::ramp(double frac) const {
  return frac == 0 ? 1.0 : linear_ramp(step, frac, steps);
}

}  // namespace mra
