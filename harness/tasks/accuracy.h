#pragma once

#include "harness/model/classifier.h"
#include "harness/tasks/picture_feed.h"

namespace mra {

/// Returns "top1" and "top5" in percent on the pictures of a split. The network is switched to
/// evaluation mode.
Metrics accuracy_on(ClassifierImpl& model, PictureFeed& pictures, torch::Device device,
                    const std::string& precision);

}  // namespace mra
