// Batch norm with its shortcut and ReLU against LibTorch's operations, in double precision where
// our own kernels compute it.
#include "harness/model/batch_norm.h"

#include <limits>

#include <ATen/autocast_mode.h>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/model/compared.h"

namespace mra {
namespace {

using torch::autograd::grad;
using torch::autograd::variable_list;

enum class After { kNothing, kRelu, kShortcutAndRelu };

/// What a layer reads, and gradients of what it returns (g) and of its first gradients (upstream).
struct Case {
  Case(at::IntArrayRef sizes, After after_) : after(after_) {
    torch::manual_seed(sizes[0] * 1000 + sizes[1]);
    const auto picture = [&](double size) {
      return (size * torch::randn(sizes)).contiguous(torch::MemoryFormat::ChannelsLast);
    };
    x = (picture(2) + 3 * torch::randn({1, sizes[1], 1, 1})).requires_grad_();
    shortcut = picture(1).requires_grad_();
    weight = (1 + 0.3 * torch::randn(sizes[1])).requires_grad_();
    bias = (0.3 * torch::randn(sizes[1])).requires_grad_();
    g = picture(1).requires_grad_();
    upstream = {picture(1), torch::randn(sizes[1]), torch::randn(sizes[1]), picture(1)};
  }

  Case in_double() const {
    Case twin = *this;
    for (torch::Tensor* it : {&twin.x, &twin.shortcut, &twin.weight, &twin.bias, &twin.g})
      *it = it->detach().to(torch::kFloat64).requires_grad_();
    for (torch::Tensor& it : twin.upstream) it = it.to(torch::kFloat64);
    return twin;
  }

  torch::Tensor by_libtorch() const {
    auto y = torch::batch_norm(x, weight, bias, {}, {}, /*training=*/true, 0.1, 1e-5, false);
    if (after == After::kShortcutAndRelu) y = y + shortcut;
    return after == After::kNothing ? y : y.relu();
  }

  torch::Tensor by(BatchNorm& layer) const {
    layer->weight = weight;
    layer->bias = bias;
    if (after == After::kNothing) return layer(x);
    return after == After::kRelu ? layer->with_relu(x) : layer->with_relu(x, shortcut);
  }

  torch::Tensor ours() const {
    BatchNorm layer(x.size(1));
    return by(layer);
  }

  /// What the first gradients are taken of: x, weight, bias and, if there is one, the shortcut.
  variable_list inputs() const {
    if (after == After::kShortcutAndRelu) return {x, weight, bias, shortcut};
    return {x, weight, bias};
  }

  variable_list first(const torch::Tensor& y, bool twice) const {
    return grad({y}, inputs(), {g}, /*retain_graph=*/true, /*create_graph=*/twice);
  }

  /// Gradients of g, x and weight from those of the chosen first gradients.
  variable_list second(const torch::Tensor& y, const std::vector<size_t>& chosen) const {
    const auto gradients = first(y, /*twice=*/true);
    variable_list outputs, of_outputs;
    for (const size_t i : chosen) {
      outputs.push_back(gradients[i]);
      of_outputs.push_back(upstream[i]);
    }
    auto found = grad(outputs, {g, x, weight}, of_outputs, true, false, /*allow_unused=*/true);
    for (auto& it : found)
      if (!it.defined()) it = torch::zeros({1}, g.options());
    return found;
  }

  After after;
  torch::Tensor x, shortcut, weight, bias, g;
  variable_list upstream;  ///< for each of inputs()
};

const std::vector<std::vector<int64_t>> kSizes = {
    {25, 16, 12, 12},  // several parts for the threads
    {3, 128, 4, 4},   {2, 5, 7, 3}, {3, 24, 5, 5},     {2, 200, 1, 1},
    {2, 1, 3, 3},     {2, 3, 1, 1}, {90, 104, 11, 11},
};
constexpr After kAll[] = {After::kNothing, After::kRelu, After::kShortcutAndRelu};

/// Calls act(case, name) for all sizes.
template <typename Act>
void for_all(Act act) {
  for (const auto& sizes : kSizes)
    for (const After after : kAll)
      act(Case(sizes, after), fmt::format("[{}], {}", fmt::join(sizes, ","), int(after)));
}

void expect_near(const variable_list& found, const variable_list& right, double most,
                 const std::string& what) {
  ASSERT_EQ(found.size(), right.size()) << what;
  for (size_t i = 0; i < found.size(); ++i) {
    const double size = right[i].norm().item<double>();
    if (size < 1e-9) {  // nothing but rounding
      EXPECT_LT(found[i].norm().item<double>(), 1e-3) << what << ", tensor " << i;
    } else {
      EXPECT_LT(distance(found[i], right[i]), most) << what << ", tensor " << i;
    }
  }
}

TEST(BatchNorm, EqualsDoublePrecisionWithItsGradients) {
  for_all([](const Case& ours, const std::string& what) {
    if (ours.x.numel() == 2 * ours.x.size(1)) return;  // two values: gradients of x vanish
    const Case right = ours.in_double();
    const auto y = ours.ours(), right_y = right.by_libtorch();
    EXPECT_NE(y.grad_fn()->name().find("BatchNormFunction"), std::string::npos) << what;
    EXPECT_LT(distance(y, right_y), 1e-6) << what;
    expect_near(ours.first(y, false), right.first(right_y, false), 3e-6, what);
    const torch::NoGradGuard no_grad;
    EXPECT_TRUE(ours.ours().equal(y)) << what;
  });
}

TEST(BatchNorm, HasSecondGradients) {
  for_all([](const Case& ours, const std::string& what) {
    if (ours.x.numel() == 2 * ours.x.size(1)) return;
    const Case right = ours.in_double();
    const auto y = ours.ours(), right_y = right.by_libtorch();
    expect_near(ours.first(y, true), right.first(right_y, true), 3e-6, what + ", first");
    std::vector<std::vector<size_t>> choices = {{0}, {1}, {2}, {0, 2}, {0, 1, 2}};
    if (ours.after == After::kShortcutAndRelu) choices.insert(choices.end(), {{3}, {0, 1, 2, 3}});
    for (const auto& chosen : choices)
      expect_near(ours.second(y, chosen), right.second(right_y, chosen), 1e-5,
                  fmt::format("{} of first {}", what, fmt::join(chosen, ",")));
  });
}

TEST(BatchNorm, HasSecondGradientsThroughAPenalty) {
  const Case ours({4, 24, 6, 6}, After::kShortcutAndRelu), right = ours.in_double();
  const auto both = [](const Case& it, const torch::Tensor& y) {
    const auto of_x = grad({(y * y).sum()}, {it.x}, {}, true, true)[0];
    return grad({(of_x * of_x).sum()}, {it.x, it.weight, it.bias, it.shortcut});
  };
  expect_near(both(ours, ours.ours()), both(right, right.by_libtorch()), 1e-5, "penalty");
}

TEST(BatchNorm, TakesGradientsOfAnyLayout) {
  const Case ours({4, 24, 6, 6}, After::kShortcutAndRelu), right = ours.in_double();
  const auto y = ours.ours(), right_y = right.by_libtorch();
  expect_near(grad({y.sum()}, ours.inputs()), grad({right_y.sum()}, right.inputs()), 3e-6, "sum");
  Case other = ours;
  other.g = ours.g.contiguous();
  other.shortcut = ours.shortcut.detach().contiguous().requires_grad_();
  EXPECT_TRUE(other.ours().equal(y));
  EXPECT_TRUE(other.first(other.ours(), false)[3].equal(ours.first(ours.ours(), false)[3]));
}

TEST(BatchNorm, LeavesFrozenParametersAlone) {
  Case ours({4, 24, 6, 6}, After::kRelu);
  const auto right = ours.first(ours.ours(), false)[0];
  ours.weight = ours.weight.detach();
  ours.bias = ours.bias.detach();
  EXPECT_TRUE(grad({ours.ours()}, {ours.x}, {ours.g}).at(0).equal(right));
}

TEST(BatchNorm, KeepsNotANumberAndItsGradient) {
  const Case ours({2, 16, 3, 3}, After::kShortcutAndRelu);
  ours.shortcut.detach()[0][3][1][2] = std::numeric_limits<float>::quiet_NaN();
  const auto y = ours.ours();
  EXPECT_TRUE(y.isnan().equal(ours.shortcut.isnan()));
  EXPECT_TRUE(ours.first(y, false)[3][0][3][1][2].equal(ours.g[0][3][1][2]));
}

TEST(BatchNorm, IsAccurateFarFromZero) {
  torch::manual_seed(1);
  const auto x =
      (1000 + torch::randn({20, 16, 16, 16})).contiguous(torch::MemoryFormat::ChannelsLast);
  const auto right =
      torch::batch_norm(x.to(torch::kFloat64), {}, {}, {}, {}, true, 0.1, 1e-5, false);
  EXPECT_LT(distance(BatchNorm(16)(x), right), 1e-4);
}

/// Trains both layers alike and compares their running statistics.
void expect_same_statistics(BatchNorm ours, torch::nn::BatchNorm2d libtorch) {
  for (int batch = 0; batch < 3; ++batch) {
    const auto x =
        (batch + torch::randn({9, 24, 10, 10})).contiguous(torch::MemoryFormat::ChannelsLast);
    EXPECT_LT(distance(ours(x), libtorch(x).to(torch::kFloat64)), 1e-6);
  }
  EXPECT_EQ(ours->num_batches_tracked.item<int64_t>(),
            libtorch->num_batches_tracked.item<int64_t>());
  for (const auto& [found, right] : {std::pair(ours->running_mean, libtorch->running_mean),
                                     std::pair(ours->running_var, libtorch->running_var)})
    EXPECT_LT((found - right).abs().max().item<double>(), 1e-6);
}

TEST(BatchNorm, KeepsTheRunningStatisticsOfLibTorch) {
  BatchNorm ours(24);
  torch::nn::BatchNorm2d libtorch(24);
  expect_same_statistics(ours, libtorch);
  EXPECT_EQ(ours->num_batches_tracked.item<int64_t>(), 3);
  EXPECT_GT(ours->running_mean.min().item<double>(), 0.1);
  ours->options.track_running_stats(false);
  libtorch->options.track_running_stats(false);
  expect_same_statistics(ours, libtorch);  // LibTorch updates them all the same
  EXPECT_EQ(ours->num_batches_tracked.item<int64_t>(), 3);
  const auto before = ours->running_var.clone();
  ours->options.momentum(0);
  ours->eval();
  const auto x = torch::randn({9, 24, 3, 3}).contiguous(torch::MemoryFormat::ChannelsLast);
  EXPECT_LT(ours(x).mean().abs().item<double>(), 1e-6);
  ours(x / 0);
  EXPECT_TRUE(ours->running_var.equal(before));
}

TEST(BatchNorm, TakesMeansOfAllBatchesWithoutMomentum) {
  BatchNorm ours(24);
  torch::nn::BatchNorm2d libtorch(24);
  ours->options.momentum(c10::nullopt);
  libtorch->options.momentum(c10::nullopt);
  expect_same_statistics(ours, libtorch);
}

TEST(BatchNorm, NeedsNoRunningStatistics) {
  BatchNorm ours(24);
  ours->running_mean = ours->running_var = ours->num_batches_tracked = torch::Tensor();
  const auto x = torch::randn({9, 24, 3, 3}).contiguous(torch::MemoryFormat::ChannelsLast);
  EXPECT_TRUE(ours(x).equal(BatchNorm(24)(x)));
}

TEST(BatchNorm, DoesNotDependOnTheNumberOfThreads) {
  const Case ours({25, 24, 20, 20}, After::kShortcutAndRelu);
  const auto all = [&] {
    const auto y = ours.ours();
    variable_list found = ours.first(y, false);
    for (const auto& it : ours.second(y, {0, 1, 2, 3})) found.push_back(it);
    found.push_back(y);
    return found;
  };
  ASSERT_EQ(with_threads(3, threads_of_loop), 3u) << "is the program compiled without OpenMP?";
  const auto one = with_threads(1, all), three = with_threads(3, all);
  for (size_t i = 0; i < one.size(); ++i) EXPECT_TRUE(one[i].equal(three[i])) << i;
}

TEST(BatchNorm, RefusesThirdGradients) {
  const Case ours({2, 16, 3, 3}, After::kRelu);
  const auto of_x = ours.first(ours.ours(), true)[0];
  EXPECT_THROW(grad({of_x}, {ours.x}, {ours.upstream[0]}, true, /*create_graph=*/true), c10::Error);
}

/// Expects LibTorch's results, bit for bit, of two layers that `change` treated alike.
template <typename Change>
void expect_libtorch(const Case& it, Change change) {
  BatchNorm ours(it.x.size(1));
  torch::nn::BatchNorm2d libtorch(it.x.size(1));
  change(*ours);
  change(*libtorch);
  libtorch->weight = it.weight.detach();
  libtorch->bias = it.bias.detach();
  auto right = libtorch(it.x);
  if (it.after == After::kShortcutAndRelu) right = right + it.shortcut;
  if (it.after != After::kNothing) right = right.relu();
  const auto y = it.by(ours);
  EXPECT_EQ(y.scalar_type(), right.scalar_type());
  EXPECT_TRUE(y.equal(right));
  if (y.grad_fn()) {
    EXPECT_EQ(y.grad_fn()->name().find("BatchNormFunction"), std::string::npos);
  }
}

TEST(BatchNorm, LeavesOtherTensorsToLibTorch) {
  for (const After after : kAll) {
    const Case usual({4, 24, 6, 6}, after);
    const auto no_change = [](torch::nn::BatchNorm2dImpl&) {};
    expect_libtorch(usual, [](torch::nn::BatchNorm2dImpl& layer) { layer.eval(); });
    expect_libtorch(usual.in_double(),
                    [](torch::nn::BatchNorm2dImpl& layer) { layer.to(torch::kFloat64); });
    Case other_order = usual;
    other_order.x = usual.x.detach().contiguous().requires_grad_();
    expect_libtorch(other_order, no_change);
    at::autocast::set_autocast_enabled(torch::kCPU, true);
    Case half = usual;
    half.x = usual.x.detach().to(torch::kBFloat16).requires_grad_();
    half.shortcut = usual.shortcut.detach().to(torch::kBFloat16);
    expect_libtorch(usual, no_change);
    expect_libtorch(half, no_change);
    at::autocast::set_autocast_enabled(torch::kCPU, false);
  }
  const auto one_value = torch::randn({1, 16, 1, 1});
  EXPECT_THROW(BatchNorm(16)(one_value), std::exception);
  EXPECT_THROW(BatchNorm(16)(torch::randn({2, 8, 3, 3}).to(torch::MemoryFormat::ChannelsLast)),
               std::exception);
}

TEST(BatchNorm, IsFoundAsLibTorchs) {
  const std::shared_ptr<torch::nn::Module> layer = BatchNorm(16).ptr();
  EXPECT_NE(layer->as<torch::nn::BatchNorm2d>(), nullptr);
  EXPECT_NE(layer->as<torch::nn::BatchNorm2dImpl>(), nullptr);
}

}  // namespace
}  // namespace mra
