#pragma once

#include "harness/data/episodes.h"
#include "harness/tasks/catalog.h"

namespace mra {

/// The "task_options" of the task few_shot.
struct FewShotOptions {
  std::string method;  ///< its name in the catalog
  SpecReader method_options{Json::object(), ""};
  EpisodeShape shape;  ///< in training and validation
  int64_t episodes_per_epoch = 0, validation_episodes = 0;
};
FewShotOptions read_few_shot(const TaskContext& context);

/// Makes the method with initial weights, drawn from LibTorch's generator. `context`: of
/// with_input().
std::shared_ptr<FewShotMethod> make_few_shot_method(const FewShotOptions& options,
                                                    const TaskContext& context);

}  // namespace mra
