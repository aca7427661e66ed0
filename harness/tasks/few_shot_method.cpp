#include "harness/tasks/few_shot_method.h"

namespace mra {

torch::Tensor FewShotMethod::loss(const torch::Tensor& scores, const torch::Tensor& labels) {
  return torch::cross_entropy_loss(scores, labels);
}

torch::Tensor query_labels(int64_t ways, int64_t queries, torch::Device device) {
  return torch::arange(ways, torch::TensorOptions(torch::kInt64).device(device))
      .repeat_interleave(queries);
}

std::vector<int64_t> feature_map_sizes(ClassifierImpl& network, int64_t size_px) {
  const torch::NoGradGuard no_grad;
  const bool was_training = network.is_training();
  network.eval();
  const auto maps = network.features(torch::zeros({1, 3, size_px, size_px}));
  network.train(was_training);
  return maps.sizes().slice(1).vec();
}

SupportAndQueries split_episode(const torch::Tensor& episode, int64_t shots) {
  return {episode.narrow(1, 0, shots),
          episode.narrow(1, shots, episode.size(1) - shots).flatten(0, 1)};
}

torch::Tensor loss_of_episodes(FewShotMethod& method, const torch::Tensor& images, int64_t shots) {
  const int64_t ways = images.size(1), pictures = images.size(2);
  const auto labels = query_labels(ways, pictures - shots, images.device());
  torch::Tensor sum;
  for (const torch::Tensor& pictures_of_one : images.unbind(0)) {
    torch::Tensor episode = pictures_of_one;
    if (method.compares_features())
      episode = method.features(episode.flatten(0, 1)).unflatten(0, {ways, pictures});
    const auto loss = method.loss(method.scores(episode, shots).to(torch::kFloat32), labels);
    sum = sum.defined() ? sum + loss : loss;
  }
  return sum;
}

}  // namespace mra
