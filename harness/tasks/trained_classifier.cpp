#include "harness/tasks/trained_classifier.h"

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/model/state_dict.h"
#include "harness/weights/weight_file.h"

namespace mra {

/// The last layer of every network in models.def, which computes the scores of the classes.
static constexpr const char* kLast = "fc.weight";

Classifier load_classifier(const std::filesystem::path& weights) {
  constexpr const char* kCure = "give the weights of a classifier that a run of this program wrote";
  const std::string path = weights.string();
  const WeightFile file(weights);
  const auto model = recorded_model(file);
  check(model.has_value(), ErrorKind::kIntegrity, path, "has no metadata \"model\"", kCure);
  const auto tensors = state_dict_of(file);
  const auto last = tensors.find(kLast);
  check(last != tensors.end() && last->second->shape.size() == 2, ErrorKind::kUsage, path,
        fmt::format("has no last layer '{}' for the classes", kLast), kCure);
  const Classifier classifier =
      make_classifier(SpecReader(Json::parse(*model), path, "/model"), last->second->shape[0]);
  assign_weights(*classifier, read_weights(weights), path);
  classifier->eval();
  return classifier;
}

void start_from(ClassifierImpl& model, const std::filesystem::path& weights) {
  StateDict given = read_weights(weights);
  const StateDict own = state_dict(model);
  const auto last = given.find(kLast);
  if (last != given.end() && last->second.size(0) != own.at(kLast).size(0))
    for (const auto& [name, tensor] : own)
      if (name.starts_with("fc.")) given[name] = tensor;
  assign_weights(model, given, weights.string());
}

}  // namespace mra
