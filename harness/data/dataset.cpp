#include "harness/data/dataset.h"

#include "harness/base/error.h"
#include "harness/base/suggest.h"
#include "harness/data/class_folders.h"
#include "harness/data/shapes.h"

namespace mra {

std::unique_ptr<Dataset> make_dataset(SpecReader options, Split split,
                                      const std::vector<std::filesystem::path>& data_dirs) {
  const std::string kind = options.required<std::string>("kind");
  std::vector<std::string> known;
#define DATASET(name, factory) \
  known.push_back(name);       \
  if (kind == name) return factory(options, split, data_dirs);
#include "harness/data/datasets.def"
#undef DATASET
  fail(ErrorKind::kUsage, options.where("kind"), "unknown kind of data set '" + kind + "'",
       suggestion(kind, known));
}

}  // namespace mra
