#pragma once

#include "harness/model/classifier.h"
#include "harness/tasks/picture_feed.h"

namespace mra {

/// "top1" and "top5", in percent, of a network in evaluation mode on the
/// pictures of a split.
Metrics accuracy_on(ClassifierImpl& model, PictureFeed& pictures, torch::Device device,
                    const std::string& precision);

}  // namespace mra
