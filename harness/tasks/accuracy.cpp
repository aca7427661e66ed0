#include "harness/tasks/accuracy.h"

#include "harness/train/device.h"
#include "harness/train/metrics.h"

namespace mra {

Metrics accuracy_on(ClassifierImpl& model, PictureFeed& pictures, torch::Device device,
                    const std::string& precision) {
  const torch::InferenceMode inference;
  model.eval();
  TopK accuracy;
  pictures.start_evaluation();
  for (Batch batch; pictures.next(batch);) {
    const AutocastScope autocast(device, precision);
    accuracy.add(model.forward(batch.images).to(torch::kFloat32), batch.targets.argmax(1));
  }
  return accuracy.metrics();
}

}  // namespace mra
