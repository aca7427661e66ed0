#include "harness/tasks/trained_classifier.h"

#include "harness/model/state_dict.h"
#include "harness/train/device.h"

namespace mra {

Classifier trained_classifier(const ExperimentSpec& spec, const std::filesystem::path& weights,
                              int64_t classes) {
  Classifier model = make_classifier(SpecReader(spec.model, spec.file, "/model"), classes);
  assign_weights(*model, read_weights(weights), weights.string());
  use_channels_last(*model);
  model->eval();
  return model;
}

}  // namespace mra
