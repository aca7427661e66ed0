// Our kernels of attention against the formula in double precision.
#include "harness/model/attention.h"

#include <ATen/autocast_mode.h>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/model/compared.h"

namespace mra {
namespace {

torch::Tensor by_formula(const torch::Tensor& query, const torch::Tensor& key_value,
                         int64_t heads) {
  const auto by_head = [&](const torch::Tensor& part) {
    return part.unflatten(2, {heads, part.size(2) / heads}).transpose(1, 2);
  };
  const auto parts = key_value.split(query.size(2), 2);
  const auto q = by_head(query), k = by_head(parts[0]), v = by_head(parts[1]);
  const auto map = (q.matmul(k.transpose(2, 3)) / std::sqrt(double(q.size(3)))).softmax(3);
  return map.matmul(v).transpose(1, 2).reshape(query.sizes());
}

struct Operands {
  torch::Tensor query, key_value, upstream;

  Operands in_double() const {
    const auto twin = [](const torch::Tensor& t) {
      return t.detach().to(torch::kFloat64).requires_grad_();
    };
    return {twin(query), twin(key_value), twin(upstream)};
  }
};

Operands operands(int64_t queries, int64_t keys, int64_t width, double size = 1) {
  torch::manual_seed(queries * 10000 + keys * 100 + width);
  const auto leaf = [&](int64_t tokens, int64_t channels) {
    return (size * torch::randn({3, tokens, channels})).requires_grad_();
  };
  return {leaf(queries, width), leaf(keys, 2 * width), leaf(queries, width)};
}

void expect_right(const Operands& ours, int64_t heads, const std::string& what) {
  const Operands right = ours.in_double();
  const auto y = attention(ours.query, ours.key_value, heads);
  const auto right_y = by_formula(right.query, right.key_value, heads);
  EXPECT_LT(distance(y, right_y), 1e-6) << what;
  const auto found =
      torch::autograd::grad({y}, {ours.query, ours.key_value}, {ours.upstream.detach()});
  const auto expected =
      torch::autograd::grad({right_y}, {right.query, right.key_value}, {right.upstream.detach()});
  if (ours.key_value.size(1) > 1) {  // with one key, the query has no influence
    EXPECT_LT(distance(found[0], expected[0]), 3e-6) << what;
  }
  EXPECT_LT(distance(found[1], expected[1]), 3e-6) << what;
  const torch::NoGradGuard no_grad;
  EXPECT_TRUE(attention(ours.query, ours.key_value, heads).equal(y)) << what;
}

TEST(Attention, EqualsDoublePrecisionWithItsGradients) {
  for (const auto& [queries, keys] : std::vector<std::pair<int64_t, int64_t>>{
           {1, 1}, {1, 7}, {5, 2}, {39, 39}, {26, 65}, {65, 65}, {16, 48}, {80, 197}})
    for (const auto& [width, heads] :
         std::vector<std::pair<int64_t, int64_t>>{{4, 2}, {36, 3}, {96, 4}, {128, 4}, {120, 3}})
      expect_right(operands(queries, keys, width), heads,
                   fmt::format("{} queries, {} keys, {} / {}", queries, keys, width, heads));
}

TEST(Attention, StaysFiniteWhereOneKeyTakesAll) {
  const Operands ours = operands(9, 20, 32, /*size=*/30);
  const Operands right = ours.in_double();
  const auto y = attention(ours.query, ours.key_value, 2);
  EXPECT_LT(distance(y, by_formula(right.query, right.key_value, 2)), 1e-4);
}

TEST(Attention, ReadsPartsOfTensors) {
  const auto all = torch::randn({3, 20, 3 * 32});
  const auto parts = all.split_with_sizes({32, 64}, 2);
  const auto query = parts[0].narrow(1, 5, 9);
  const auto y = attention(query, parts[1], 2);
  EXPECT_TRUE(y.equal(attention(query.contiguous(), parts[1].contiguous(), 2)));
  const auto other_order = parts[1].transpose(1, 2).contiguous().transpose(1, 2);
  EXPECT_TRUE(y.equal(attention(query, other_order, 2)));
}

TEST(Attention, DoesNotDependOnTheNumberOfThreads) {
  const Operands ours = operands(39, 39, 128);
  const auto run = [&] { return attention(ours.query, ours.key_value, 4); };
  ASSERT_EQ(with_threads(3, threads_of_loop), 3u) << "is the program compiled without OpenMP?";
  EXPECT_TRUE(with_threads(1, run).equal(with_threads(3, run)));
}

TEST(Attention, RefusesGradientsOfItsGradients) {
  const Operands ours = operands(6, 9, 16);
  const auto y = attention(ours.query, ours.key_value, 2);
  EXPECT_THROW(torch::autograd::grad({y}, {ours.query}, {ours.upstream}, /*retain_graph=*/true,
                                     /*create_graph=*/true),
               c10::Error);
}

TEST(Attention, IsInHalfPrecisionUnderAutocast) {
  const Operands ours = operands(6, 9, 16);
  at::autocast::set_autocast_enabled(torch::kCPU, true);
  const auto y = attention(ours.query, ours.key_value, 2);
  at::autocast::set_autocast_enabled(torch::kCPU, false);
  EXPECT_EQ(y.scalar_type(), torch::kBFloat16);
}

}  // namespace
}  // namespace mra
