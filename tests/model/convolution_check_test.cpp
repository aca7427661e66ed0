#include "harness/model/convolution_check.h"

#include <gtest/gtest.h>

#include "harness/base/error.h"
#include "harness/model/convolution.h"

namespace mra {
namespace {

class ConvolutionCheck : public testing::Test {
 protected:
  ConvolutionShape shape_{4, 8, 3, 2, 1, 1};
  torch::Tensor weight_ = torch::ones({8, 4, 3, 3}).div_(9).requires_grad_();

  torch::Tensor plain(const torch::Tensor& x) const {
    return torch::conv2d(x, weight_, {}, shape_.stride, shape_.padding_px);
  }
};

TEST_F(ConvolutionCheck, ARightOneHasRoundingAlone) {
  const double error =
      convolution_error(shape_, weight_, [&](const torch::Tensor& x) { return plain(x); });
  EXPECT_LT(error, 1e-5);
  EXPECT_FALSE(weight_.grad().defined());
}

TEST_F(ConvolutionCheck, AWrongOutputOrGradientIsFound) {
  const auto with_wrong = [&](double output, double by_weight, double by_input) {
    return convolution_error(shape_, weight_, [&](const torch::Tensor& x) {
      // The same value from two graphs of which one is multiplied: value as it was, gradient not.
      const auto y = plain(x);
      const auto by_w = torch::conv2d(x.detach(), weight_, {}, shape_.stride, shape_.padding_px);
      const auto by_x = torch::conv2d(x, weight_.detach(), {}, shape_.stride, shape_.padding_px);
      return y * output + (by_w - by_w.detach()) * by_weight + (by_x - by_x.detach()) * by_input;
    });
  };
  EXPECT_LT(with_wrong(1, 0, 0), 1e-5);
  EXPECT_NEAR(with_wrong(1.5, 0, 0), 0.5, 1e-4);
  EXPECT_NEAR(with_wrong(1, 1, 0), 1, 1e-4);
  EXPECT_NEAR(with_wrong(1, 0, 0.25), 0.25, 1e-4);
}

TEST_F(ConvolutionCheck, NetworksOfThisProgramPassOnThisProcessor) {
  torch::nn::Sequential network(Convolution(3, 4, 3), Convolution(4, 8, 1, 2),
                                torch::nn::Conv2d(torch::nn::Conv2dOptions(8, 8, 4).stride(4)));
  EXPECT_NO_THROW(check_convolutions(*network));
  for (const auto& parameter : network->parameters()) EXPECT_FALSE(parameter.grad().defined());
}

TEST_F(ConvolutionCheck, ANetworkIsRefusedForAWrongOneUnlessItAvoidsIt) {
  const auto wrong = wrong_convolutions();
  if (wrong.empty())
    GTEST_SKIP() << "none is wrong here; ONEDNN_MAX_CPU_ISA=AVX2 ATEN_CPU_CAPABILITY=avx2 has some";
  size_t refused = 0;  // a write out of bounds does not show every time
  for (const ConvolutionShape& shape : wrong) {
    torch::nn::Sequential plain(
        torch::nn::Conv2d(torch::nn::Conv2dOptions(shape.in, shape.out, shape.side_px)
                              .stride(shape.stride)
                              .padding(shape.padding_px)));
    try {
      check_convolutions(*plain);
    } catch (const Error& error) {
      ++refused;
      EXPECT_EQ(error.kind, ErrorKind::kEnvironment);
      EXPECT_NE(error.what_happened.find(text(shape)), std::string::npos) << error.what();
    }
    torch::nn::Sequential ours(Convolution(shape.in, shape.out, shape.side_px, shape.stride));
    EXPECT_NO_THROW(check_convolutions(*ours)) << text(shape);
  }
  EXPECT_GT(refused, 0u);
}

TEST_F(ConvolutionCheck, ShapesAreNamedInWords) {
  EXPECT_EQ(text(ConvolutionShape{4, 8, 1, 2}), "1x1, stride 2, 4 to 8 channels");
  EXPECT_EQ(text(ConvolutionShape{4, 8, 3, 1, 2, 1}), "3x3, stride 1, 4 to 8 channels in 2 groups");
}

}  // namespace
}  // namespace mra
