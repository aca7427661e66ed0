#include "harness/spec/methods.h"

#include <algorithm>

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/spec/catalog_names.h"

namespace mra {

std::map<std::string, Method> methods_by_name() {
  const std::vector<std::pair<const char*, std::vector<std::string>>> kinds = {
      {"augmentation of pictures", image_transform_names()},
      {"augmentation of batches", batch_transform_names()},
      {"task", task_names()},
      {"data set", dataset_names()},
      {"model", model_names()},
      {"evaluator", evaluator_names()},
      {"semi-supervised method", semi_supervised_names()},
      {"few-shot method", few_shot_names()}};
  std::map<std::string, Method> methods;
  for (const auto& [kind, names] : kinds)
    for (const std::string& name : names) methods[name].kind = kind;
  return methods;
}

namespace {

using Uses = std::vector<std::pair<std::string, Json>>;  ///< {name, options}

/// All that an experiment names.
Uses uses_in(const ExperimentSpec& experiment) {
  Uses uses = {{experiment.task, experiment.task_options},
               {experiment.dataset.value("kind", ""), experiment.dataset},
               {experiment.model.value("name", ""), experiment.model}};
  for (const char* key : {"algorithm", "method"})
    if (experiment.task_options.contains(key) && experiment.task_options[key].is_string())
      uses.emplace_back(experiment.task_options[key], experiment.task_options);
  for (const auto* list :
       {&experiment.image_transforms, &experiment.batch_transforms, &experiment.evaluate})
    for (const NamedOptions& named : *list) uses.emplace_back(named.name, named.options);
  return uses;
}

void add_use(Method& method, const Json& options, const std::string& row) {
  for (const auto& [key, value] : options.items()) {
    if (key == "name" || key == "kind" || key == "algorithm" || key == "method") continue;
    Json& values = method.used[key];
    if (std::find(values.begin(), values.end(), value) == values.end()) values.push_back(value);
  }
  if (std::count(method.rows.begin(), method.rows.end(), row) == 0) method.rows.push_back(row);
}

}  // namespace

std::map<std::string, Method> methods_with_uses(const SpecLibrary& library,
                                                const std::string& scale) {
  auto methods = methods_by_name();
  const auto add = [&](const ExperimentSpec& experiment, const std::string& row) {
    for (const auto& [name, options] : uses_in(experiment))
      if (const auto found = methods.find(name); found != methods.end())
        add_use(found->second, options, row);
  };
  for (const std::string& id : library.table_ids()) try {
      for (const TableRow& row : library.table(id, scale).rows)
        for (const ExperimentSpec& experiment : row.experiments) {
          const std::string name = fmt::format("{}/{}", id, row.name());
          add(experiment, name);
          for (const Dependency& needed : experiment.dependencies)
            add(library.experiment(needed.experiment, scale), name);
        }
    } catch (const Error&) {  // harness check tells of it
    }
  return methods;
}

}  // namespace mra
