#pragma once

#include <string>
#include <vector>

namespace mra {

/// The names a spec can use, known without LibTorch: read from the .def files of their folders.
std::vector<std::string> dataset_names();
std::vector<std::string> model_names();
std::vector<std::string> task_names();
/// Whether a task does steps, and so needs a recipe.
bool trains(const std::string& task);
std::vector<std::string> image_transform_names();
std::vector<std::string> batch_transform_names();
/// Both of these.
std::vector<std::string> augmentation_names();
std::vector<std::string> semi_supervised_names();
std::vector<std::string> few_shot_names();
std::vector<std::string> evaluator_names();
/// Those of evaluator_names() that judge a model after its training, whenever they are asked for.
std::vector<std::string> judge_names();
/// Whether no other run may go on while it judges, as it measures time.
bool judges_alone(const std::string& judge);

/// What tasks and judges measure; # in a name stands for a number.
std::vector<std::string> metric_names();

}  // namespace mra
