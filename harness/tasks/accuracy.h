#pragma once

#include "harness/model/classifier.h"
#include "harness/tasks/picture_feed.h"

namespace mra {

struct Accuracy {
  Metrics metrics;          ///< "top1" and "top5" in percent
  std::vector<bool> right;  ///< of each picture, in the order of the split
};

/// The accuracy on the pictures of a split. The network is switched to evaluation mode.
Accuracy accuracy_on(ClassifierImpl& model, PictureFeed& pictures, torch::Device device,
                     const std::string& precision);

}  // namespace mra
