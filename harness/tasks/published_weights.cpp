#include "harness/base/error.h"
#include "harness/model/mae.h"
#include "harness/model/state_dict.h"
#include "harness/tasks/catalog.h"

namespace mra {

namespace {

/// An augmentor that others pretrained. Its weights come from a file and are not trained. It is
/// recorded like any run, so that runs which use it are planned and traced in the same way.
class PublishedWeights : public Task {
 public:
  PublishedWeights(const TaskContext& context, const std::filesystem::path& path,
                   double hidden_frac)
      : metadata_(augmentor_metadata(context.spec.model, hidden_frac)) {
    model_ = MaskedAutoencoder(
        read_mae_options(SpecReader(context.spec.model, context.spec.file, "/model")));
    assign_weights(*model_, read_weights(path), path.string());
  }

  torch::nn::Module& module() override { return *model_; }
  int64_t steps_per_epoch() const override { return 1; }  // there are no epochs
  int64_t images_per_step() const override { return 1; }
  void start_epoch(int64_t, int64_t) override {}
  StepInputs inputs(const Step&) override { return {}; }
  torch::Tensor loss(const Step&, const StepInputs&) override {
    fail(ErrorKind::kUsage, "published_weights", "cannot be trained on",
         "leave its recipe out of the spec, or name the task mae_pretrain");
  }
  Metrics evaluate() override { return {}; }
  std::map<std::string, std::string> weights_metadata() const override { return metadata_; }

 private:
  MaskedAutoencoder model_{nullptr};
  std::map<std::string, std::string> metadata_;
};

}  // namespace

std::unique_ptr<Task> make_published_weights(SpecReader options, const TaskContext& context) {
  const auto weights = options.required<std::string>("weights");
  const double hidden_frac = options.in_range("hidden_frac", 0.0, 1.0);
  options.reject_unread_keys();
  context.end_if_only_read();
  return std::make_unique<PublishedWeights>(context, context.method.weights_of(weights),
                                            hidden_frac);
}

}  // namespace mra
