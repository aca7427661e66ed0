#include "harness/model/classifier.h"

#include "harness/base/registry.h"

namespace mra {

#define MODEL(name, factory) Classifier factory(SpecReader options, int64_t classes);
#include "harness/model/models.def"
#undef MODEL

Classifier make_classifier(SpecReader options, int64_t classes) {
  Registry<Classifier(SpecReader, int64_t)> models("model");
#define MODEL(name, factory) models.add(name, factory);
#include "harness/model/models.def"
#undef MODEL
  const std::string name = options.one_of("name", models.names());
  return models.make(name, options, classes);
}

}  // namespace mra
