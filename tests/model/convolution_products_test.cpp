// Convolutions with gradients of gradients against double precision: by Winograd's algorithm, with
// strides, and those that LibTorch computes.
#include "harness/model/convolution_products.h"

#include <functional>

#include <ATen/autocast_mode.h>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "harness/model/convolution.h"
#include "harness/model/strided_gradient.h"
#include "harness/model/winograd.h"
#include "tests/model/compared.h"

namespace mra {
namespace {

using torch::autograd::grad;
using Tensors = std::vector<torch::Tensor>;
constexpr auto kChannelsLast = torch::MemoryFormat::ChannelsLast;

/// A convolution of maps [pictures,in,height_px,width_px] with a square weight.
struct Case {
  int64_t pictures, height_px, width_px, in, out;
  int64_t side_px = 3;
  ConvolutionSteps steps{1, 1, 1};

  std::string text() const {
    return fmt::format("{} x {}x{}, {} -> {}, {}x{}, stride {}, {} groups", pictures, height_px,
                       width_px, in, out, side_px, side_px, steps.stride, steps.groups);
  }
};

/// What a convolution reads, and gradients of its output and of its gradients.
struct Operands {
  explicit Operands(const Case& c) {
    torch::manual_seed(c.pictures * 1000 + c.height_px * 10 + c.in);
    const auto leaf = [&](at::IntArrayRef sizes) {
      return torch::randn(sizes).contiguous(kChannelsLast).requires_grad_();
    };
    x = leaf({c.pictures, c.in, c.height_px, c.width_px});
    w = leaf({c.out, c.in / c.steps.groups, c.side_px, c.side_px});
    d_y = leaf(at::conv2d(x, w, {}, c.steps.stride, c.steps.padding, 1, c.steps.groups).sizes());
    of_d_x = leaf(x.sizes());
    of_d_w = leaf(w.sizes());
  }

  Operands changed(const std::function<torch::Tensor(const torch::Tensor&)>& change) const {
    Operands copy = *this;
    for (torch::Tensor* it : {&copy.x, &copy.w, &copy.d_y, &copy.of_d_x, &copy.of_d_w})
      *it = change(it->detach()).requires_grad_();
    return copy;
  }

  torch::Tensor x, w, d_y, of_d_x, of_d_w;
};

using Convolve = std::function<torch::Tensor(const torch::Tensor& x, const torch::Tensor& w)>;

const char* const kProducts[] = {"output",
                                 "gradient of x",
                                 "gradient of w",
                                 "second gradient of x",
                                 "second gradient of w",
                                 "second gradient of the upstream one"};

/// All of kProducts.
Tensors products(const Operands& o, const Convolve& convolution) {
  const auto y = convolution(o.x, o.w);
  const auto first = grad({y}, {o.x, o.w}, {o.d_y}, /*retain_graph=*/true, /*create_graph=*/true);
  const auto second = grad(first, {o.x, o.w, o.d_y}, {o.of_d_x.detach(), o.of_d_w.detach()});
  return {y.detach(), first[0].detach(), first[1].detach(), second[0], second[1], second[2]};
}

Convolve ours(const Case& c) {
  return [&c](const torch::Tensor& x, const torch::Tensor& w) { return convolve(x, w, c.steps); };
}

Convolve libtorch(const Case& c) {
  return [&c](const torch::Tensor& x, const torch::Tensor& w) {
    return at::conv2d(x, w, {}, c.steps.stride, c.steps.padding, 1, c.steps.groups);
  };
}

Operands in_double(const Operands& operands) {
  return operands.changed([](const torch::Tensor& t) { return t.to(torch::kFloat64); });
}

void expect_right(const Case& c) {
  const Operands operands(c);
  const auto found = products(operands, ours(c));
  const auto expected = products(in_double(operands), libtorch(c));
  for (size_t i = 0; i < found.size(); ++i)
    EXPECT_LT(distance(found[i], expected[i]), 2e-5) << c.text() << ": " << kProducts[i];
  const torch::NoGradGuard no_grad;
  EXPECT_TRUE(convolve(operands.x, operands.w, c.steps).equal(found[0])) << c.text();
}

TEST(ConvolutionProducts, EqualDoublePrecisionByWinogradsAlgorithm) {
  for (const auto& [pictures, height_px, width_px] : std::vector<std::array<int64_t, 3>>{
           {3, 4, 4}, {2, 7, 7}, {5, 8, 13}, {2, 32, 30}, {9, 14, 11}, {40, 16, 16}})
    for (const auto& [in, out] :
         std::vector<std::array<int64_t, 2>>{{16, 16}, {32, 16}, {16, 48}, {64, 80}, {96, 64}}) {
      const Case c{pictures, height_px, width_px, in, out};
      ASSERT_TRUE(suits_winograd({pictures, in, height_px, width_px}, {out, in, 3, 3})) << c.text();
      expect_right(c);
    }
}

TEST(ConvolutionProducts, EqualDoublePrecisionByLibTorch) {
  for (const Case& c : {Case{3, 9, 8, 3, 16, 3, {2, 1, 1}},
                        {3, 9, 8, 16, 32, 3, {2, 1, 1}},
                        {3, 8, 8, 16, 32, 1, {2, 0, 1}},
                        {3, 8, 8, 16, 48, 1, {1, 0, 1}},
                        {2, 16, 15, 3, 8, 7, {2, 3, 1}},
                        {2, 8, 8, 16, 32, 3, {1, 1, 4}},
                        {2, 9, 9, 32, 32, 3, {2, 1, 4}},
                        {2, 2, 2, 16, 16, 3, {1, 1, 1}}})
    expect_right(c);
}

/// Whether oneDNN limited to AVX2 may compute the gradient of w wrongly (model/convolution.h). Our
/// layers avoid it.
bool has_wrong_kernel(const Case& c) {
  return c.side_px == 1 && c.steps.stride == 2 && c.in / c.steps.groups < 8;
}

TEST(ConvolutionProducts, EqualDoublePrecisionInEveryShape) {
  for (const int64_t stride : {1, 2})
    for (const int64_t side_px : {1, 3, 7})
      for (const int64_t groups : {1, 4})
        for (const auto& [in, out] : std::vector<std::array<int64_t, 2>>{
                 {3, 16}, {8, 48}, {16, 8}, {32, 32}, {48, 3}, {48, 16}}) {
          const Case c{2, 9, 8, in, out, side_px, {stride, side_px / 2, groups}};
          if (in % groups == 0 && out % groups == 0 && !has_wrong_kernel(c)) expect_right(c);
        }
}

TEST(ConvolutionProducts, EqualDoublePrecisionWithEveryStride) {
  for (const int64_t stride : {2, 3, 5})
    for (const int64_t side_px : {1, 2, 3, 5})
      for (const int64_t padding : {0, 1, 2})
        for (const auto& [height_px, width_px] :
             std::vector<std::array<int64_t, 2>>{{5, 6}, {12, 7}, {33, 40}}) {
          const Case c{2, height_px, width_px, 16, 32, side_px, {stride, padding, 1}};
          if (padding < side_px) expect_right(c);
        }
}

const Case kOfOurKernels[] = {{64, 16, 16, 32, 48}, {64, 15, 16, 32, 48, 3, {2, 1, 1}}};

TEST(ConvolutionProducts, DoNotDependOnTheNumberOfThreads) {
  ASSERT_EQ(with_threads(3, threads_of_loop), 3u) << "is the program compiled without OpenMP?";
  for (const Case& c : kOfOurKernels) {
    const Operands operands(c);
    const auto run = [&] { return products(operands, ours(c)); };
    const auto one = with_threads(1, run), three = with_threads(3, run);
    for (size_t i = 0; i < one.size(); ++i)
      EXPECT_TRUE(one[i].equal(three[i])) << c.text() << ": " << kProducts[i];
  }
}

TEST(ConvolutionProducts, DoNotDependOnTheOrderInMemory) {
  const Case c{6, 12, 12, 16, 32};
  const Operands operands(c);
  const auto other = operands.changed([](const auto& t) { return t.contiguous(); });
  const auto found = products(operands, ours(c)), same = products(other, ours(c));
  for (size_t i = 0; i < found.size(); ++i) EXPECT_TRUE(found[i].equal(same[i])) << kProducts[i];
}

/// One by Winograd's algorithm, and one that LibTorch computes.
const Case kBothWays[] = {{2, 8, 8, 16, 16}, {2, 9, 8, 16, 32, 3, {2, 1, 4}}};

TEST(ConvolutionProducts, HaveThirdGradients) {
  const auto third = [](const Operands& o, const Convolve& convolution) {
    const auto y = convolution(o.x, o.w);
    const auto d_x = grad({y.square().sum()}, {o.x}, {}, true, true)[0];
    const auto d_w = grad({d_x.square().sum()}, {o.w}, {}, true, true)[0];
    return grad({d_w.square().sum()}, {o.x})[0];
  };
  for (const Case& c : kBothWays) {
    const Operands operands(c);
    EXPECT_LT(distance(third(operands, ours(c)), third(in_double(operands), libtorch(c))), 1e-4)
        << c.text();
  }
}

TEST(ConvolutionProducts, ComputeOnlyTheGradientsAskedFor) {
  for (const Case& c : kBothWays) {
    const Operands operands(c);
    const auto all = products(operands, ours(c));
    const auto by_x = convolve(operands.x, operands.w.detach(), c.steps);
    EXPECT_TRUE(grad({by_x}, {operands.x}, {operands.d_y.detach()})[0].equal(all[1])) << c.text();
    const auto by_w = convolve(operands.x.detach(), operands.w, c.steps);
    EXPECT_TRUE(grad({by_w}, {operands.w}, {operands.d_y.detach()})[0].equal(all[2])) << c.text();
  }
}

TEST(Winograd, SuitsWhereItIsFasterThanLibTorch) {
  EXPECT_TRUE(suits_winograd({5, 16, 8, 8}, {32, 16, 3, 3}));
  EXPECT_FALSE(suits_winograd({5, 16, 8, 8}, {32, 16, 5, 5}));
  EXPECT_FALSE(suits_winograd({5, 24, 8, 8}, {32, 24, 3, 3})) << "half a vector of inputs";
  EXPECT_FALSE(suits_winograd({5, 32, 8, 8}, {24, 32, 3, 3})) << "half a vector of outputs";
  EXPECT_FALSE(suits_winograd({5, 32, 8, 8}, {32, 16, 3, 3})) << "an error for LibTorch to report";
  EXPECT_FALSE(suits_winograd({5, 16, 2, 2}, {32, 16, 3, 3})) << "a quarter of a tile";
  EXPECT_FALSE(suits_winograd({1, 128, 4, 4}, {128, 128, 3, 3})) << "one tile";
  EXPECT_FALSE(suits_winograd({64, 512, 8, 8}, {512, 512, 3, 3})) << "too large for the cache";
}

TEST(StridedGradient, SuitsWholeVectorsOfChannels) {
  EXPECT_TRUE(suits_strided_gradient({5, 16, 9, 8}, {32, 16, 3, 3}, {2, 1, 1}));
  EXPECT_FALSE(suits_strided_gradient({5, 16, 9, 8}, {32, 16, 3, 3}, {1, 1, 1})) << "no stride";
  EXPECT_FALSE(suits_strided_gradient({5, 3, 9, 8}, {32, 3, 3, 3}, {2, 1, 1})) << "pictures";
  EXPECT_FALSE(suits_strided_gradient({5, 16, 9, 8}, {24, 16, 3, 3}, {2, 1, 1}));
  EXPECT_FALSE(suits_strided_gradient({5, 32, 9, 8}, {32, 16, 3, 3}, {2, 1, 2})) << "groups";
  EXPECT_FALSE(suits_strided_gradient({5, 16, 9, 8}, {32, 16, 3, 1}, {2, 0, 1})) << "no square";
  EXPECT_FALSE(suits_strided_gradient({5, 16, 9, 8}, {32, 16, 1, 1}, {2, 1, 1}))
      << "outputs of padding alone";
}

TEST(StridedGradient, DoesNotDependOnTheOrderInMemory) {
  const auto d_y = torch::randn({3, 32, 5, 4}), w = torch::randn({32, 16, 3, 3});
  const auto d_x = strided_input_gradient(d_y, w, {3, 16, 9, 8}, {2, 1, 1});
  EXPECT_TRUE(d_x.equal(strided_input_gradient(
      d_y.contiguous(kChannelsLast), w.contiguous(kChannelsLast), {3, 16, 9, 8}, {2, 1, 1})));
}

TEST(Convolution, ComputesInTheGivenPrecision) {
  Convolution layer(16, 16, 3);
  const auto x = torch::randn({2, 16, 8, 8});
  at::autocast::set_autocast_enabled(torch::kCPU, true);
  const auto half = layer(x);
  at::autocast::set_autocast_enabled(torch::kCPU, false);
  EXPECT_EQ(half.scalar_type(), torch::kBFloat16);
  layer->to(torch::kFloat64);
  EXPECT_EQ(layer(x.to(torch::kFloat64)).scalar_type(), torch::kFloat64);
}

TEST(Convolution, RefusesMapsWithOtherChannels) {
  Convolution layer(16, 16, 3);
  EXPECT_THROW(layer(torch::randn({2, 32, 8, 8})), c10::Error);
}

}  // namespace
}  // namespace mra
