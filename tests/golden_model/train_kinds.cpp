// Golden kinds of the training layer: train_steps, schedule, metrics_*.
#include <functional>

#include "harness/model/mae.h"
#include "harness/train/ema.h"
#include "harness/train/loss.h"
#include "harness/train/metrics.h"
#include "harness/train/optimizer.h"
#include "harness/train/schedule.h"
#include "tests/golden_model/kinds.h"
#include "tests/golden_model/tiny_resnet.h"

namespace mra {
namespace {

std::vector<double> doubles(const torch::Tensor& tensor) {
  const torch::Tensor flat = tensor.to(torch::kFloat64).contiguous().flatten();
  return {flat.data_ptr<double>(), flat.data_ptr<double>() + flat.numel()};
}

std::vector<int64_t> integers(const torch::Tensor& tensor) {
  const torch::Tensor flat = tensor.to(torch::kInt64).contiguous().flatten();
  return {flat.data_ptr<int64_t>(), flat.data_ptr<int64_t>() + flat.numel()};
}

torch::Tensor tensor_of(const std::vector<double>& values) {
  return torch::tensor(values, torch::kFloat64);
}

// --- schedule

/// Rates at every step (or epoch) of a schedule that a recipe can name.
torch::Tensor recipe_rates(const Json& options) {
  static const std::map<std::string, std::string> kNames = {{"mae_cosine", "cosine"},
                                                            {"epoch_cosine", "epoch_cosine"},
                                                            {"step", "step"},
                                                            {"multistep", "multistep"},
                                                            {"constant", "constant"}};
  const auto name = kNames.find(options.at("name"));
  if (name == kNames.end()) not_built("schedule " + options.at("name").get<std::string>());
  Recipe recipe;
  recipe.schedule = name->second;
  recipe.lr = options.at("lr");
  recipe.epochs = options.at("epochs");
  recipe.min_lr = options.value("min_lr", options.value("eta_min", 0.0));
  recipe.warmup_epochs = options.value("warmup_epochs", 0.0);
  recipe.step_epochs = options.value("step_size", recipe.step_epochs);
  recipe.milestones = options.value("milestones", recipe.milestones);
  recipe.gamma = options.value("gamma", recipe.gamma);
  const int64_t steps_per_epoch = options.value("steps_per_epoch", int64_t{1});
  std::vector<double> rates;
  for (int64_t step = 0; step < recipe.epochs * steps_per_epoch; ++step)
    rates.push_back(learning_rate(recipe, step, steps_per_epoch));
  return tensor_of(rates);
}

Tensors schedule_case(const Json& options, const Tensors& inputs) {
  const std::string name = options.at("name");
  if (name != "fixmatch_cosine" && name != "ramp") return {{"lr", recipe_rates(options)}};
  const int64_t steps = options.at("steps");
  std::vector<double> values;
  for (const int64_t step : integers(inputs.at("step")))
    values.push_back(name == "ramp" ? linear_ramp(step, options.at("fraction"), steps)
                                    : fixmatch_cosine(options.at("lr"), step, steps));
  return {{name == "ramp" ? "value" : "lr", tensor_of(values)}};
}

// --- train_steps

Recipe recipe_of(const Json& options) {
  const Json& optimizer = options.at("optimizer");
  const std::string name = optimizer.at("name"), decay = options.at("decay");
  Recipe recipe;
  recipe.weight_decay = optimizer.value("weight_decay", 0.0);
  const bool plain_adam = name == "adam" && recipe.weight_decay == 0;  // the same as AdamW's
  if (name != "sgd" && name != "adamw" && !plain_adam) not_built("optimizer " + name);
  if (optimizer.value("dampening", 0.0) != 0) not_built("dampening");
  recipe.optimizer = name == "sgd" ? "sgd" : "adamw";
  recipe.momentum = optimizer.value("momentum", 0.0);
  recipe.nesterov = optimizer.value("nesterov", false);
  recipe.eps = optimizer.value("eps", recipe.eps);
  if (optimizer.contains("betas")) {
    recipe.beta1 = optimizer["betas"].at(0);
    recipe.beta2 = optimizer["betas"].at(1);
  }
  recipe.decay_on = decay == "ndim>1" ? "matrices" : decay;
  return recipe;
}

/// The targets of one step, as distributions over classes.
torch::Tensor targets_of(const Json& options, const Tensors& inputs, int64_t step) {
  const Json& loss = options.at("loss");
  const std::string name = loss.at("name");
  const int64_t classes = options.at("num_classes");
  const auto labels = [&](const std::string& input) {
    return one_hot_targets(inputs.at(input)[step], classes);
  };
  if (name == "soft") return inputs.at("targets")[step];
  if (name == "ce") return smooth_targets(labels("labels"), loss.value("smoothing", 0.0));
  if (name != "mixed") not_built("loss " + name);
  const double share = inputs.at("lambda")[step].item<double>();
  return share * labels("labels") + (1.0 - share) * labels("labels_b");
}

/// Trains `module` as the case says; `loss_at` is the loss of a step.
Tensors train_steps(torch::nn::Module& module, const Json& options,
                    const std::function<torch::Tensor(int64_t)>& loss_at) {
  const double decay = options.at("ema_decay").is_null() ? 0.0 : double(options["ema_decay"]);
  Optimizer optimizer(module, recipe_of(options));
  AveragedWeights averaged(module, decay);
  std::vector<double> losses;
  for (const double lr : options.at("lr").get<std::vector<double>>()) {
    const torch::Tensor loss = loss_at(int64_t(losses.size()));
    losses.push_back(loss.item<double>());
    loss.backward();
    optimizer.step(lr);
    optimizer.zero_grad();
    averaged.update();
  }
  Tensors outputs{{"loss", tensor_of(losses).to(torch::kFloat32)}};
  for (const auto& [name, tensor] : state_dict(module)) outputs["final/" + name] = tensor;
  if (decay > 0)
    for (const auto& [name, tensor] : averaged.state()) outputs["ema/" + name] = tensor;
  return outputs;
}

Tensors train_resnet(const Json& options, const Tensors& inputs, torch::ScalarType type) {
  TinyResnet net(options.at("num_classes").get<int64_t>());
  assign_weights(*net, with_prefix(inputs, "weights/"), "golden case");
  net->to(type);
  net->train();
  return train_steps(*net, options, [&](int64_t step) {
    return soft_cross_entropy(net(inputs.at("images")[step].to(type)),
                              targets_of(options, inputs, step).to(type));
  });
}

/// In f64, with which the references agree: in f32 the rounding of one kind of processor can turn a
/// ReLU on or off and with it all later steps. The f32 losses must stay near.
Tensors train_resnet(const Json& options, const Tensors& inputs) {
  const Tensors rounded = train_resnet(options, inputs, torch::kFloat32);
  const Tensors exact = train_resnet(options, inputs, torch::kFloat64);
  if (!torch::allclose(rounded.at("loss"), exact.at("loss"), 1e-3, 1e-3))
    throw std::runtime_error("losses in f32 are far from those in f64");
  return exact;
}

/// `inputs` also holds the weights that the case points at, as "weights/…".
Tensors train_mae(const Json& options, const Tensors& inputs) {
  auto mae = golden_mae(options.at("config"), options.at("norm_pix_loss"), inputs);
  const double hidden_frac = options.at("mask_ratio");
  return train_steps(*mae, options, [&](int64_t step) {
    return mae->forward(inputs.at("images")[step], inputs.at("noise")[step], hidden_frac).loss;
  });
}

Tensors train_steps_case(const Json& options, const Tensors& inputs) {
  const std::string model = options.at("model");
  if (model == "tiny_resnet") return train_resnet(options, inputs);
  if (model == "mae") return train_mae(options, inputs);
  not_built("model " + model);
}

// --- metrics

Tensors topk_case(const Json& options, const Tensors& inputs) {
  const torch::Tensor rank = label_rank(inputs.at("logits"), inputs.at("labels"));
  Tensors outputs;
  std::vector<double> percent;
  for (const int64_t k : options.at("k").get<std::vector<int64_t>>()) {
    const torch::Tensor correct = rank.lt(k).to(torch::kInt64);
    outputs["correct" + std::to_string(k)] = correct;
    percent.push_back(100.0 * correct.to(torch::kFloat64).mean().item<double>());
  }
  outputs["percent"] = tensor_of(percent);
  TopK summed;  // what evaluation uses must be the same
  summed.add(inputs.at("logits"), inputs.at("labels"));
  if (options.at("k") == Json{1, 5})
    outputs["percent"] = tensor_of({summed.top1_pct(), summed.top5_pct()});
  return outputs;
}

Tensors interval_case(const Json& options, const Tensors& inputs) {
  if (options.at("z") != 1.96) not_built("another interval than 95 %");
  const auto accuracy = doubles(inputs.at("accuracy"));
  return {{"mean", tensor_of({mean(accuracy)})},
          {"half_width", tensor_of({interval_half_width(accuracy)})}};
}

Tensors groups_case(const Json& options, const Tensors& inputs) {
  const GroupAccuracy groups = group_accuracy(
      integers(inputs.at("predictions")), integers(inputs.at("labels")),
      integers(inputs.at("train_counts")), options.at("many_above"), options.at("few_below"));
  return {{"groups_percent", tensor_of({groups.many, groups.medium, groups.few})},
          {"all_percent", tensor_of({groups.all})}};
}

/// The same in fractions, with each class.
Tensors group_accuracy_case(const Json& options, const Tensors& inputs) {
  if (options.value("empty_group", 0.0) != 0) not_built("another value of an empty group");
  const GroupAccuracy groups = group_accuracy(
      integers(inputs.at("predictions")), integers(inputs.at("labels")),
      integers(inputs.at("class_counts")), options.at("many_above"), options.at("few_below"));
  const auto number = [](double percent) { return torch::tensor(percent / 100, torch::kFloat64); };
  return {{"many", number(groups.many)},
          {"medium", number(groups.medium)},
          {"few", number(groups.few)},
          {"all", number(groups.all)},
          {"per_class", tensor_of(groups.of_class) / 100},
          {"group", torch::tensor(groups.group)}};
}

Tensors curve_case(const Json& options, const Tensors& inputs) {
  const CurveSummary curve =
      summarise_curve(doubles(inputs.at("accuracy")), options.at("tail").get<size_t>());
  return {{"best", tensor_of({curve.best})},
          {"last", tensor_of({curve.last})},
          {"tail_mean", tensor_of({curve.tail_mean})},
          {"tail_median", tensor_of({curve.tail_median})}};
}

Tensors best_epoch_case(const Json&, const Tensors& inputs) {
  const auto top1_error = doubles(inputs.at("top1_error"));
  const auto top5_error = doubles(inputs.at("top5_error"));
  const size_t best = best_index(doubles(-inputs.at("top1_error")));
  return {{"epoch", torch::tensor({int64_t(best)})},
          {"top1_error_best", tensor_of({top1_error[best]})},
          {"top5_error_at_best", tensor_of({top5_error[best]})}};
}

Tensors seeds_case(const Json&, const Tensors& inputs) {
  const auto accuracy = doubles(inputs.at("accuracy"));
  return {{"mean", tensor_of({mean(accuracy)})}, {"std", tensor_of({population_std(accuracy)})}};
}

}  // namespace

void add_train_kinds(TensorKinds& kinds) {
  kinds["schedule"] = schedule_case;
  kinds["train_steps"] = train_steps_case;
  kinds["metrics_topk"] = topk_case;
  kinds["metrics_interval"] = interval_case;
  kinds["metrics_groups"] = groups_case;
  kinds["group_accuracy"] = group_accuracy_case;
  kinds["metrics_curve"] = curve_case;
  kinds["metrics_best_epoch"] = best_epoch_case;
  kinds["metrics_seeds"] = seeds_case;
}

}  // namespace mra
