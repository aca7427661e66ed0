// Golden kinds of semi-supervised learning: ssl_loss, ssl_buffers, ssl_train, ema, lr_schedule.
#include "baselines/catalog.h"
#include "harness/train/ema.h"
#include "harness/train/loss.h"
#include "harness/train/optimizer.h"
#include "harness/train/schedule.h"
#include "tests/golden_model/kinds.h"

namespace mra {
namespace {

namespace nn = torch::nn;

/// The networks of the golden cases, as wide as a case's weights.
class LinearNet : public ClassifierImpl {
 public:
  explicit LinearNet(const Tensors& weights) {
    const auto& last = weights.at("fc.weight");
    fc = register_module("fc", nn::Linear(last.size(1), last.size(0)));
  }
  torch::Tensor features(const torch::Tensor& images) override { return images.flatten(1); }
  torch::Tensor head(const torch::Tensor& features) override { return fc(features); }

 private:
  nn::Linear fc{nullptr};
};

class ConvNet : public ClassifierImpl {
 public:
  explicit ConvNet(const Tensors& weights) {
    conv1 = register_module("conv1", conv(weights.at("conv1.weight"), 1));
    bn1 = register_module("bn1", norm(weights.at("bn1.weight")));
    conv2 = register_module("conv2", conv(weights.at("conv2.weight"), 2));
    bn2 = register_module("bn2", norm(weights.at("bn2.weight")));
    const auto& last = weights.at("fc.weight");
    fc = register_module("fc", nn::Linear(last.size(1), last.size(0)));
  }
  torch::Tensor features(const torch::Tensor& images) override {
    const auto x = torch::leaky_relu(bn1(conv1(images)), 0.1);
    return torch::leaky_relu(bn2(conv2(x)), 0.1);
  }
  torch::Tensor head(const torch::Tensor& features) override { return fc(features.mean({2, 3})); }

 private:
  static nn::Conv2d conv(const torch::Tensor& weight, int64_t stride) {
    return nn::Conv2d(nn::Conv2dOptions(weight.size(1), weight.size(0), weight.size(2))
                          .stride(stride)
                          .padding(weight.size(2) / 2));
  }
  static nn::BatchNorm2d norm(const torch::Tensor& weight) {
    return nn::BatchNorm2d(nn::BatchNorm2dOptions(weight.size(0)).eps(1e-3).momentum(1e-3));
  }
  nn::Conv2d conv1{nullptr}, conv2{nullptr};
  nn::BatchNorm2d bn1{nullptr}, bn2{nullptr};
  nn::Linear fc{nullptr};
};

/// The network of a case with those of `weights` that are its own, training.
Classifier network_of(const Json& options, const Tensors& weights) {
  const std::string name = options.at("model");
  if (name != "linear" && name != "convbn") not_built("model " + name);
  Classifier network;
  if (name == "linear") network = std::make_shared<LinearNet>(weights);
  if (name == "convbn") network = std::make_shared<ConvNet>(weights);
  if (options.value("dtype", "float32") == "float64") network->to(torch::kFloat64);
  assign_weights(*network, weights, "golden case");
  network->train();
  return network;
}

SemiSupervisedMethod method_of(const Json& options) {
  static const std::map<std::string, std::string> kNames = {
      {"pimodel", "pi_model"},         {"pseudolabel", "pseudo_label"}, {"vat", "vat"},
      {"meanteacher", "mean_teacher"}, {"mixmatch", "mixmatch"},        {"uda", "uda"},
      {"fixmatch", "fixmatch"}};
  static const std::map<std::string, std::string> kKeys = {
      {"lambda_u", "weight"},     {"ramp", "ramp_frac"},
      {"threshold", "threshold"}, {"temperature", "temperature"},
      {"alpha", "alpha"},         {"vat_eps", "eps"},
      {"vat_xi", "xi"},           {"entropy_weight", "entropy_weight"}};
  const auto name = kNames.find(options.at("method"));
  if (name == kNames.end()) not_built("method " + options.at("method").get<std::string>());
  Json spec = Json::object();
  for (const auto& [theirs, ours] : kKeys)
    if (options.contains(theirs)) spec[ours] = options[theirs];
  if (!options.contains("ramp")) spec["ramp_frac"] = 0;
  Catalog catalog;
  register_methods(catalog);
  return catalog.semi_supervised_methods.make(name->second, SpecReader(spec, "golden case"), {});
}

/// What a step is fed, under our names; `classes` of the network.
StepInputs step_inputs(const Tensors& inputs, int64_t classes) {
  static const std::map<std::string, std::string> kNames = {
      {"x_labelled", "labelled"},    {"u_weak", "weak"},     {"u_weak2", "weak2"},
      {"u_strong", "strong"},        {"vat_noise", "noise"}, {"lam", "share"},
      {"permutation", "permutation"}};
  StepInputs ours;
  for (const auto& [theirs, name] : kNames)
    if (inputs.contains(theirs)) ours[name] = inputs.at(theirs);
  ours["targets"] =
      one_hot_targets(inputs.at("y_labelled"), classes).to(inputs.at("x_labelled").scalar_type());
  return ours;
}

/// `network` is its own module's classifier; a teacher is asked only where a case has one.
SemiSupervisedLoss loss_of(const SemiSupervisedMethod& method, const Json& options,
                           ClassifierImpl& network, const StepInputs& inputs, int64_t step,
                           const std::function<torch::Tensor(const torch::Tensor&)>& teacher) {
  return method.loss({.inputs = inputs,
                      .student = Student(network),
                      .teacher = teacher,
                      .step = step,
                      .steps = options.at("total_iterations")});
}

int64_t classes_of(const Tensors& inputs) {
  return inputs.at("weights/fc.weight").size(0);
}

Tensors loss_case(const Json& options, const Tensors& inputs) {
  Tensors weights = with_prefix(inputs, "weights/");
  Tensors teacher_weights = with_prefix(weights, "teacher.");
  std::erase_if(weights, [](const auto& item) { return item.first.starts_with("teacher."); });
  const Classifier network = network_of(options, weights);
  const auto teacher = [&](const torch::Tensor& images) {
    Tensors all = weights;  // its buffers are the student's
    for (const auto& [name, tensor] : teacher_weights) all[name] = tensor;
    const Classifier network = network_of(options, all);
    return Student(*network).target(images);
  };
  const auto loss =
      loss_of(method_of(options), options, *network, step_inputs(inputs, classes_of(inputs)),
              options.at("iteration"), teacher);
  loss.total.backward();
  Tensors outputs = loss.parts;
  if (outputs.contains("entropy")) outputs["entropy_loss"] = outputs["entropy"];
  outputs["total_loss"] = loss.total;
  outputs["sup_loss"] = loss.supervised;
  outputs["unsup_loss"] = loss.unsupervised;
  if (loss.used.defined()) {
    outputs["mask"] = loss.used.to(torch::kUInt8);
    outputs["pseudo_label"] = loss.pseudo_labels;
  }
  for (const auto& item : network->named_parameters())
    outputs["grad/" + item.key()] = item.value().grad();
  for (const auto& item : network->named_buffers()) outputs["after/" + item.key()] = item.value();
  return outputs;
}

Recipe recipe_of(const Json& options) {
  Recipe recipe;
  recipe.lr = options.at("lr");
  recipe.momentum = options.at("momentum");
  recipe.nesterov = options.at("nesterov");
  recipe.weight_decay = options.at("weight_decay");
  recipe.decay_on = "name:bn,bias";
  return recipe;
}

Tensors train_case(const Json& options, const Tensors& inputs) {
  const Classifier network = network_of(options, with_prefix(inputs, "weights/"));
  const SemiSupervisedMethod method = method_of(options);
  Optimizer optimizer(*network, recipe_of(options));
  AveragedWeights averaged(*network, options.at("ema_decay"));
  const auto teacher = [&](const torch::Tensor& images) {
    const AveragedWeights::Scope scope(averaged);
    return Student(*network).target(images);
  };
  std::vector<double> losses, rates;
  const int64_t first = options.at("iteration"), steps = options.at("steps");
  for (int64_t i = 0; i < steps; ++i) {
    const auto batch = with_prefix(inputs, "step" + std::to_string(i) + "/");
    const auto loss = loss_of(method, options, *network, step_inputs(batch, classes_of(inputs)),
                              first + i, teacher);
    loss.total.backward();
    rates.push_back(fixmatch_cosine(options.at("lr"), first + i, options.at("total_iterations")));
    optimizer.step(rates.back());
    optimizer.zero_grad();
    averaged.update();
    losses.push_back(loss.total.item<double>());
  }
  Tensors outputs{{"losses", torch::tensor(losses, torch::kFloat64)},
                  {"lr", torch::tensor(rates, torch::kFloat64)}};
  for (const auto& [name, tensor] : state_dict(*network)) outputs["final/" + name] = tensor;
  for (const auto& [name, tensor] : averaged.state()) outputs["ema/" + name] = tensor;
  return outputs;
}

Tensors ema_case(const Json& options, const Tensors& inputs) {
  if (options.at("average_buffers") || options.at("bias_correction"))
    not_built("averaged buffers, or a corrected start");
  const int64_t steps = options.at("steps");
  const auto live = [&](int64_t t) {
    return with_prefix(inputs, "step" + std::to_string(t) + "/");
  };
  const Classifier network = network_of(options, with_prefix(inputs, "weights/"));
  AveragedWeights averaged(*network, options.at("decay"));
  Tensors outputs;
  for (int64_t t = 1; t <= steps; ++t) {
    assign_weights(*network, live(t), "golden case");
    averaged.update();
    for (const auto& [name, tensor] : averaged.state())
      outputs["ema" + std::to_string(t) + "/" + name] = tensor.clone();
  }
  averaged.adopt();
  network->eval();
  for (const auto& item : network->named_buffers())
    outputs["eval_buffers/" + item.key()] = item.value();
  const torch::NoGradGuard no_grad;
  outputs["eval_logits"] = network->forward(inputs.at("x"));
  return outputs;
}

Tensors rates_case(const Json& options, const Tensors& inputs) {
  if (options.at("schedule") != "torchssl_cosine")
    not_built("schedule " + options.at("schedule").get<std::string>());
  Recipe recipe;
  recipe.schedule = "fixmatch_cosine";
  recipe.lr = options.at("base_lr");
  recipe.epochs = 1;
  std::vector<double> rates;
  const auto steps = inputs.at("completed_steps").to(torch::kInt64).contiguous();
  for (int64_t i = 0; i < steps.numel(); ++i)
    rates.push_back(learning_rate(recipe, steps.data_ptr<int64_t>()[i], options.at("total_steps")));
  return {{"lr", torch::tensor(rates, torch::kFloat64)}};
}

}  // namespace

void add_semi_supervised_kinds(TensorKinds& kinds) {
  kinds["ssl_loss"] = loss_case;
  kinds["ssl_buffers"] = loss_case;
  kinds["ssl_train"] = train_case;
  kinds["ema"] = ema_case;
  kinds["lr_schedule"] = rates_case;
}

}  // namespace mra
