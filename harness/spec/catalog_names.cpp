#include "harness/spec/catalog_names.h"

// A .def file holds one line per thing a spec can name. Here only the names are taken, so that a
// spec is checked without the program that can run it.
namespace mra {

#define DATASET(name, factory) name,
std::vector<std::string> dataset_names() {
  return {
#include "harness/data/datasets.def"
  };
}
#undef DATASET

#define MODEL(name, factory) name,
std::vector<std::string> model_names() {
  return {
#include "harness/model/models.def"
      "mae"  // the augmentor: no classifier, but a model a spec can name
  };
}
#undef MODEL

#define TASK(name, factory) name,
#define UNTRAINED_TASK TASK
std::vector<std::string> task_names() {
  return {
#include "harness/tasks/tasks.def"
  };
}
#undef TASK
#undef UNTRAINED_TASK

#define TASK(name, factory)
#define UNTRAINED_TASK(name, factory) \
  if (task == name) return false;
bool trains(const std::string& task) {
#include "harness/tasks/tasks.def"
  return true;
}
#undef TASK
#undef UNTRAINED_TASK

#define BATCH_TRANSFORM(name, factory)
#define SEMI_SUPERVISED(name, factory)
#define JUDGE(name, function)
#define FEW_SHOT_METHOD(name, factory)
#define IMAGE_TRANSFORM(name, factory) name,
std::vector<std::string> image_transform_names() {
  return {
#include "baselines/methods.def"
  };
}
#undef BATCH_TRANSFORM
#undef IMAGE_TRANSFORM

#define IMAGE_TRANSFORM(name, factory)
#define BATCH_TRANSFORM(name, factory) name,
std::vector<std::string> batch_transform_names() {
  return {
#include "baselines/methods.def"
  };
}
#undef BATCH_TRANSFORM
#undef SEMI_SUPERVISED

#define BATCH_TRANSFORM(name, factory)
#define SEMI_SUPERVISED(name, factory) name,
std::vector<std::string> semi_supervised_names() {
  return {
#include "baselines/methods.def"
  };
}
#undef BATCH_TRANSFORM
#undef SEMI_SUPERVISED
#undef FEW_SHOT_METHOD

#define BATCH_TRANSFORM(name, factory)
#define SEMI_SUPERVISED(name, factory)
#define FEW_SHOT_METHOD(name, factory) name,
std::vector<std::string> few_shot_names() {
  return {
#include "baselines/methods.def"
  };
}
#undef BATCH_TRANSFORM
#undef SEMI_SUPERVISED
#undef FEW_SHOT_METHOD
#undef IMAGE_TRANSFORM
#undef JUDGE

#define FEW_SHOT_METHOD(name, factory)
#define IMAGE_TRANSFORM(name, factory)
#define BATCH_TRANSFORM(name, factory)
#define SEMI_SUPERVISED(name, factory)
#define EVALUATOR(name)
#define JUDGE(name, function) name,
#define JUDGE_ALONE JUDGE
std::vector<std::string> judge_names() {
  return {
#include "baselines/methods.def"
#include "harness/tasks/evaluators.def"
  };
}
#undef EVALUATOR
#define EVALUATOR(name) name,
std::vector<std::string> evaluator_names() {
  return {
#include "baselines/methods.def"
#include "harness/tasks/evaluators.def"
  };
}
#undef EVALUATOR
#undef JUDGE
#undef JUDGE_ALONE

#define EVALUATOR(name)
#define JUDGE(name, function)
#define JUDGE_ALONE(name, function) \
  if (judge == name) return true;
bool judges_alone(const std::string& judge) {
#include "baselines/methods.def"
#include "harness/tasks/evaluators.def"
  return false;
}
#undef IMAGE_TRANSFORM
#undef BATCH_TRANSFORM
#undef SEMI_SUPERVISED
#undef EVALUATOR
#undef JUDGE
#undef JUDGE_ALONE

#define METRIC(name) name,
std::vector<std::string> metric_names() {
  return {
#include "harness/tasks/metrics.def"
  };
}
#undef METRIC
#undef FEW_SHOT_METHOD

std::vector<std::string> augmentation_names() {
  auto names = image_transform_names();
  for (const std::string& name : batch_transform_names()) names.push_back(name);
  return names;
}

}  // namespace mra
