#pragma once

#include <memory>
#include <string>
#include <vector>

#include "harness/spec/recipe.h"

namespace mra {

class LayeredSpec;

/// One entry of a list such as `"batch_transforms": [{"mra": {"hide": "low"}}]`.
struct NamedOptions {
  std::string name;
  Json options;         ///< an object, read by the factory of that name
  std::string pointer;  ///< where the options stand in the resolved spec, for messages
};

/// A trained model this experiment starts from, named in its spec as "run:<experiment>".
struct Dependency {
  std::string experiment;  ///< "pretrain/mae_mini_r40"
  std::string key;         ///< of that experiment at the same scale
  int64_t seed = 0;        ///< the seed whose weights are taken: the first of that experiment
};

/// One thing to train and to judge, fully resolved: inheritance, scale and row are merged, and
/// dependencies stand as "run:<key>".
struct ExperimentSpec {
  std::string name;  ///< for people, "table6/Mask Low"; not part of the identity
  std::string file;  ///< the file it was declared in, for messages
  std::string scale;
  std::string task;  ///< supervised, mae_pretrain
  Json resolved;     ///< the identity: everything that can change the trained model
  Json dataset;      ///< {"name": …, …}
  Json input;        ///< size, crop, flip, normalisation
  Json model;        ///< {"name": …, …}
  Json task_options;
  Recipe recipe;
  std::vector<NamedOptions> image_transforms;
  std::vector<NamedOptions> batch_transforms;
  std::vector<NamedOptions> evaluate;  ///< how the trained model is judged; not in the identity
  std::vector<int64_t> seeds;          ///< not in the identity
  std::vector<Dependency> dependencies;
  std::vector<Dependency> judge_dependencies;  ///< other models that its evaluators need
  std::shared_ptr<const LayeredSpec> layers;   ///< what it was merged from; null: from one JSON
  std::string key;  ///< first 16 hex digits of SHA-256 over the canonical `resolved`
};

/// Splits a resolved spec into its fields; every key is checked. `spec` may hold, beside the
/// identity, "name", "note", "seeds" and "evaluate", which do not enter the key.
ExperimentSpec read_experiment(const Json& spec, const std::string& name, const std::string& file);

/// JSON Schema of a resolved spec, as read_experiment() reads it.
Json experiment_schema();

/// The evaluators of `experiment` that judge it after its training.
std::vector<NamedOptions> judges_of(const ExperimentSpec& experiment);

/// Key of an identity: first 16 hex digits of SHA-256, domain-separated and versioned.
std::string experiment_key(const Json& identity);

}  // namespace mra
