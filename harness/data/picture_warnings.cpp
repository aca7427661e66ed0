#include "harness/data/picture_warnings.h"

#include "harness/base/tell.h"

namespace mra {

PictureWarnings::~PictureWarnings() {
  if (files_.empty()) return;
  tell("{} picture{} with a warning of the decoder; {} read all the same\n", files_.size(),
       files_.size() == 1 ? "" : "s", files_.size() == 1 ? "it was" : "they were");
}

void PictureWarnings::tell_once(const std::string& file, const std::string& warning) {
  constexpr size_t kMostNamed = 100;
  if (warning.empty()) return;
  const std::lock_guard lock(mutex_);
  if (files_.insert(file).second && files_.size() <= kMostNamed)
    tell("{}: {}\n", shown(file), shown(warning));
}

}  // namespace mra
