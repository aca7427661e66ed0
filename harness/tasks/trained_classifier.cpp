#include "harness/tasks/trained_classifier.h"

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/model/state_dict.h"
#include "harness/weights/weight_file.h"

namespace mra {

Classifier load_classifier(const std::filesystem::path& weights) {
  constexpr const char* kLast = "fc.weight";  // of every network of models.def
  constexpr const char* kCure = "give the weights of a classifier that a run of this program wrote";
  const std::string path = weights.string();
  const WeightFile file(weights);
  const auto model = file.metadata().find("model");
  check(model != file.metadata().end() && Json::accept(model->second), ErrorKind::kIntegrity, path,
        "does not say its \"model\"", kCure);
  const auto tensors = state_dict_of(file);
  const auto last = tensors.find(kLast);
  check(last != tensors.end() && last->second->shape.size() == 2, ErrorKind::kUsage, path,
        fmt::format("has no layer '{}' that tells classes apart", kLast), kCure);
  const Classifier classifier = make_classifier(
      SpecReader(Json::parse(model->second), path, "/model"), last->second->shape[0]);
  assign_weights(*classifier, read_weights(weights), path);
  classifier->eval();
  return classifier;
}

}  // namespace mra
