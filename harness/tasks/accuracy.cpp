#include "harness/tasks/accuracy.h"

#include "harness/train/device.h"
#include "harness/train/metrics.h"

namespace mra {

Accuracy accuracy_on(ClassifierImpl& model, PictureFeed& pictures, torch::Device device,
                     const std::string& precision) {
  const torch::InferenceMode inference;
  model.eval();
  TopK accuracy;
  std::vector<bool> right;
  pictures.start_evaluation();
  for (Batch batch; pictures.next(batch);) {
    const AutocastScope autocast(device, precision);
    const torch::Tensor logits = model.forward(batch.images).to(torch::kFloat32);
    const torch::Tensor rank = label_rank(logits, batch.targets.argmax(1)).cpu();
    accuracy.add_ranks(rank);
    for (int64_t i = 0; i < rank.size(0); ++i) right.push_back(rank.data_ptr<int64_t>()[i] == 0);
  }
  return {accuracy.metrics(), std::move(right)};
}

}  // namespace mra
