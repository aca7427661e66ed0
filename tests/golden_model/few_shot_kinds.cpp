// Golden kinds few_shot_scores, few_shot_head and episode_stats.
#include "baselines/catalog.h"
#include "baselines/few_shot/episode_heads.h"
#include "baselines/few_shot/maml.h"
#include "harness/model/fast_weights.h"
#include "harness/tasks/few_shot_method.h"
#include "harness/train/metrics.h"
#include "tests/golden_model/kinds.h"

namespace mra {
namespace {

/// Copies "weights/<name>" of the case into tensors of the module called `prefix` + name.
void take_weights(torch::nn::Module& module, const Tensors& inputs, const std::string& prefix) {
  const torch::NoGradGuard no_grad;
  StateDict own = state_dict(module);
  for (const auto& [name, tensor] : with_prefix(inputs, "weights/"))
    own.at(prefix + name).copy_(tensor);
}

/// The gradients of a module's parameters, and its buffers, without `prefix` in their names.
void give_state(torch::nn::Module& module, const std::string& prefix, Tensors& outputs) {
  for (const auto& [name, tensor] : state_dict(module)) {
    if (!name.starts_with(prefix)) continue;
    if (tensor.grad().defined()) outputs["grad/" + name.substr(prefix.size())] = tensor.grad();
    outputs["after/" + name.substr(prefix.size())] = tensor;
  }
}

/// A method of the catalog above a backbone with as many features as the case has.
std::shared_ptr<FewShotMethod> method_for(const std::string& name, const Json& method_options,
                                          const torch::Tensor& features) {
  Catalog catalog;
  register_methods(catalog);
  const Json model = {{"name", "few_shot_resnet18"},
                      {"width", features.size(2)},
                      {"blocks", {1}},
                      {"stem", "conv3_s1"}};
  const int64_t size_px = features.dim() > 3 ? features.size(3) : 8;
  return catalog.few_shot_methods.make(
      name, SpecReader(method_options, "golden case"),
      {SpecReader(model, "golden case"), features.size(0), size_px});
}

Tensors method_case(const Json& options, const Tensors& inputs) {
  const std::string name = options.at("method");
  Json method_options = Json::object();
  std::string known = "proto_net", prefix;
  if (name == "matchingnet") {
    known = "matching_net";
    const int64_t examples = options.at("ways").get<int64_t>() * options.at("shots").get<int64_t>();
    if (!options.value("fce", true)) not_built("a matching network without context");
    if (options.value("fce_steps", examples) != examples) not_built("such a number of steps");
    if (options.value("score_scale", 100.0) != 100) not_built("such a scale");
  } else if (name == "relationnet") {
    known = "relation_net";
    prefix = "relation.";
    method_options["relation_loss"] = options.at("relation_loss");
    if (options.value("bn_momentum", 1.0) != 1) not_built("such a momentum");
  } else if (name != "protonet") {
    not_built("few-shot method " + name);
  }
  const auto features = inputs.at("features").clone().requires_grad_();
  const auto method = method_for(known, method_options, features);
  take_weights(*method, inputs, prefix);
  const int64_t shots = options.at("shots");
  Tensors outputs;
  method->eval();
  outputs["scores_eval"] = method->scores(features, shots).detach();
  method->train();
  outputs["scores"] = outputs["scores_train"] = method->scores(features, shots);
  outputs["loss"] = method->loss(outputs["scores"], inputs.at("query_labels"));
  outputs["loss"].backward();
  outputs["grad_features"] = features.grad();
  give_state(*method, prefix, outputs);
  return outputs;
}

/// Adds a batch of one episode.
torch::Tensor one(const torch::Tensor& tensor) {
  return tensor.unsqueeze(0);
}

Tensors head_case(const Json& options, const Tensors& inputs) {
  const HeadOptions head = {options.at("epochs"),    options.at("batch"),
                            options.at("lr"),        options.at("momentum"),
                            options.at("dampening"), options.at("weight_decay")};
  const auto [support, queries] = split_episode(inputs.at("features"), options.at("shots"));
  const auto examples = one(support.flatten(0, 1)), orders = one(inputs.at("permutations"));
  Tensors outputs;
  if (options.at("method") == "baseline") {
    const Heads start{one(inputs.at("weights/weight")), one(inputs.at("weights/bias"))};
    const Heads heads = learn_heads(examples, orders, start, head);
    outputs["scores"] = scores_of(heads, one(queries))[0];
    outputs["final/weight"] = heads.weight[0];
    outputs["final/bias"] = heads.bias[0];
  } else {
    if (!options.value("weight_norm", true)) not_built("Baseline++ without weight norm");
    const double scale = options.at("scale");
    const CosineHeads start{one(inputs.at("weights/weight_g")), one(inputs.at("weights/weight_v"))};
    const CosineHeads heads = learn_cosine_heads(examples, orders, start, scale, head);
    outputs["scores"] = scores_of(heads, scale, one(queries))[0];
    outputs["final/weight_g"] = heads.length[0];
    outputs["final/weight_v"] = heads.direction[0];
  }
  const auto& labels = inputs.at("query_labels");
  outputs["loss"] = torch::cross_entropy_loss(outputs["scores"], labels);
  outputs["accuracy_percent"] =
      outputs["scores"].argmax(1).eq(labels).to(torch::kFloat32).mean() * 100;
  return outputs;
}

/// A new last layer on features of one episode, class by class.
Tensors new_head_case(const Json& options, const Tensors& inputs) {
  const Json& optimizer = options.at("optimizer");
  if (optimizer.at("name") != "sgd") not_built("another optimizer than SGD");
  const HeadOptions head = {options.at("epochs"),      options.at("batch"),
                            optimizer.at("lr"),        optimizer.at("momentum"),
                            optimizer.at("dampening"), optimizer.at("weight_decay")};
  torch::Tensor losses;
  const Heads heads =
      learn_heads(one(inputs.at("support")), one(inputs.at("permutations")),
                  {one(inputs.at("weight")), one(inputs.at("bias"))}, head, &losses);
  const torch::Tensor logits = scores_of(heads, one(inputs.at("query")))[0];
  const int64_t ways = options.at("way"), queries = options.at("query");
  const auto labels = torch::arange(ways).repeat_interleave(queries);
  const auto right = logits.argmax(1).eq(labels).to(torch::kFloat64);
  return {{"loss", losses[0].to(torch::kFloat32)},
          {"weight_final", heads.weight[0]},
          {"bias_final", heads.bias[0]},
          {"logits", logits},
          {"accuracy", right.mean().view(1) * 100}};
}

// --- maml

using torch::nn::BatchNorm2d;
using torch::nn::Conv2d;
using torch::nn::Conv2dOptions;
using torch::nn::Linear;

Conv2d convolution(const torch::Tensor& weight, int64_t stride, bool bias) {
  return Conv2d(Conv2dOptions(weight.size(1), weight.size(0), weight.size(2))
                    .stride(stride)
                    .padding(weight.size(2) / 2)
                    .bias(bias));
}

/// "conv" of the golden cases; sizes are those of the case's weights.
class TinyConv : public ClassifierImpl {
 public:
  explicit TinyConv(const Tensors& weights)
      : conv1(convolution(weights.at("conv1.weight"), 1, true)),
        bn1(weights.at("bn1.weight").size(0)),
        conv2(convolution(weights.at("conv2.weight"), 1, true)),
        bn2(weights.at("bn2.weight").size(0)),
        fc(weights.at("fc.weight").size(1), weights.at("fc.weight").size(0)) {
    register_module("conv1", conv1);
    register_module("bn1", bn1);
    register_module("conv2", conv2);
    register_module("bn2", bn2);
    register_module("fc", fc);
  }
  torch::Tensor features(const torch::Tensor& images) override {
    const auto x = torch::max_pool2d(bn1(conv1(images)).relu(), 2);
    return torch::max_pool2d(bn2(conv2(x)).relu(), 2);
  }
  torch::Tensor head(const torch::Tensor& features) override { return fc(features.flatten(1)); }

 private:
  Conv2d conv1;
  BatchNorm2d bn1;
  Conv2d conv2;
  BatchNorm2d bn2;
  Linear fc;
};

/// A convolution and a batch norm.
struct NormedImpl : torch::nn::Module {
  NormedImpl(const Tensors& weights, const std::string& name, int64_t stride)
      : conv(
            register_module("conv", convolution(weights.at(name + ".conv.weight"), stride, false))),
        bn(register_module("bn", BatchNorm2d(weights.at(name + ".bn.weight").size(0)))) {}
  torch::Tensor forward(const torch::Tensor& x) { return bn(conv(x)); }
  Conv2d conv;
  BatchNorm2d bn;
};
TORCH_MODULE(Normed);

struct TinyResidualImpl : torch::nn::Module {
  TinyResidualImpl(const Tensors& weights, const std::string& name, int64_t stride)
      : conv1(convolution(weights.at(name + ".conv1.weight"), stride, false)),
        bn1(weights.at(name + ".bn1.weight").size(0)),
        conv2(convolution(weights.at(name + ".conv2.weight"), 1, false)),
        bn2(weights.at(name + ".bn2.weight").size(0)) {
    register_module("conv1", conv1);
    register_module("bn1", bn1);
    register_module("conv2", conv2);
    register_module("bn2", bn2);
    if (weights.contains(name + ".shortcut.conv.weight"))
      shortcut = register_module("shortcut", Normed(weights, name + ".shortcut", stride));
  }
  torch::Tensor forward(const torch::Tensor& x) {
    const auto y = bn2(conv2(bn1(conv1(x)).relu()));
    return (y + (shortcut ? shortcut->forward(x) : x)).relu();
  }
  Conv2d conv1;
  BatchNorm2d bn1;
  Conv2d conv2;
  BatchNorm2d bn2;
  Normed shortcut{nullptr};
};
TORCH_MODULE(TinyResidual);

/// "res" of the golden cases.
class TinyRes : public ClassifierImpl {
 public:
  explicit TinyRes(const Tensors& weights)
      : stem(register_module("stem", Normed(weights, "stem", 1))),
        r1(register_module("r1", TinyResidual(weights, "r1", 1))),
        r2(register_module("r2", TinyResidual(weights, "r2", 2))),
        fc(register_module(
            "fc", Linear(weights.at("fc.weight").size(1), weights.at("fc.weight").size(0)))) {}
  torch::Tensor features(const torch::Tensor& images) override {
    return r2(r1(stem(images).relu()));
  }
  torch::Tensor head(const torch::Tensor& features) override { return fc(features.mean({2, 3})); }

 private:
  Normed stem;
  TinyResidual r1, r2;
  Linear fc;
};

Classifier maml_network(const std::string& model, const Tensors& weights) {
  if (model == "conv") return std::make_shared<TinyConv>(weights);
  if (model == "res") return std::make_shared<TinyRes>(weights);
  not_built("network " + model);
}

Tensors maml_case(const Json& options, const Tensors& inputs) {
  const MamlOptions maml = {options.at("inner_steps"), options.at("inner_lr"),
                            options.at("maml_second_order")};
  const Classifier network = maml_network(options.at("model"), with_prefix(inputs, "weights/"));
  take_weights(*network, inputs, "");
  normalise_by_batch(*network);
  const Tensors before = [&] {
    Tensors copies;
    for (const auto& [name, tensor] : state_dict(*network)) copies[name] = tensor.detach().clone();
    return copies;
  }();
  std::vector<torch::Tensor> scores, support_losses, query_losses, weights;
  for (const torch::Tensor& episode : inputs.at("images").unbind(0)) {
    const Adapted adapted =
        adapt(*network, FastWeights(*network).parameters(), episode, options.at("shots"), maml);
    scores.push_back(adapted.scores);
    support_losses.push_back(adapted.support_losses);
    query_losses.push_back(torch::cross_entropy_loss(adapted.scores, inputs.at("query_labels")));
    weights = adapted.weights;
  }
  Tensors outputs = {{"scores", torch::stack(scores)},
                     {"support_losses", torch::stack(support_losses)},
                     {"query_losses", torch::stack(query_losses)}};
  outputs["loss_sum"] = outputs["query_losses"].sum();
  outputs["loss_sum"].backward();
  for (const auto& [name, tensor] : state_dict(*network)) {
    if (tensor.grad().defined()) outputs["meta_grad/" + name] = tensor.grad();
    if (!tensor.equal(before.at(name))) throw std::runtime_error(name + " has changed");
  }
  const auto own = FastWeights(*network).parameters();
  for (const auto& parameter : network->named_parameters())
    for (size_t i = 0; i < own.size(); ++i)
      if (own[i].is_same(parameter.value()))
        outputs["adapted_last_task/" + parameter.key()] = weights[i];
  return outputs;
}

Tensors few_shot_case(const Json& options, const Tensors& inputs) {
  const std::string method = options.at("method");
  if (method == "maml") return maml_case(options, inputs);
  if (method == "baseline" || method == "baseline++") return head_case(options, inputs);
  return method_case(options, inputs);
}

Tensors episode_stats_case(const Json&, const Tensors& inputs) {
  const auto flat = inputs.at("accuracies").contiguous();
  const std::vector<double> values(flat.data_ptr<double>(), flat.data_ptr<double>() + flat.numel());
  const auto scalar = [](double value) { return torch::tensor(value, torch::kFloat64); };
  return {{"mean", scalar(mean(values))},
          {"std", scalar(population_std(values))},
          {"ci95", scalar(interval_half_width(values))}};
}

}  // namespace

void add_few_shot_kinds(TensorKinds& kinds) {
  kinds["few_shot_scores"] = few_shot_case;
  kinds["episode_stats"] = episode_stats_case;
  kinds["few_shot_head"] = new_head_case;
}

}  // namespace mra
