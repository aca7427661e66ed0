#include "harness/model/classifier.h"

namespace mra {

#define MODEL(name, factory) Classifier factory(SpecReader options, int64_t classes);
#include "harness/model/models.def"
#undef MODEL

const Registry<Classifier(SpecReader, int64_t)>& classifiers() {
  static const auto kModels = [] {
    Registry<Classifier(SpecReader, int64_t)> models("model");
#define MODEL(name, factory) models.add(name, factory);
#include "harness/model/models.def"
#undef MODEL
    return models;
  }();
  return kModels;
}

Classifier make_classifier(SpecReader options, int64_t classes) {
  const std::string name = options.one_of("name", classifiers().names());
  return classifiers().make(name, std::move(options), classes);
}

}  // namespace mra
