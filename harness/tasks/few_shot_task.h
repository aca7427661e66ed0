#pragma once

#include "harness/data/episodes.h"
#include "harness/tasks/catalog.h"

namespace mra {

/// "task_options" of the task few_shot.
struct FewShotOptions {
  std::string method;  ///< of the catalog
  Json method_options;
  EpisodeShape shape;  ///< of training and validation
  int64_t episodes_per_epoch = 0, validation_episodes = 0;
};
FewShotOptions read_few_shot(const ExperimentSpec& spec);

/// The method with its first weights, drawn from LibTorch's generator. `context`: with its input
/// read.
std::shared_ptr<FewShotMethod> make_few_shot_method(const FewShotOptions& options,
                                                    const TaskContext& context);

}  // namespace mra
