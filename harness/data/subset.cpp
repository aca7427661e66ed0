#include "harness/data/subset.h"

namespace mra {
namespace {

class Subset : public Dataset {
 public:
  Subset(std::unique_ptr<Dataset> whole, Choice choice)
      : whole_(std::move(whole)), choice_(std::move(choice)) {}

  int64_t size() const override { return int64_t(choice_.indices.size()); }
  int64_t classes() const override { return choice_.classes; }
  int64_t label(int64_t index) const override { return choice_.labels.at(size_t(index)); }
  void read(int64_t index, Image& image) const override { whole_->read(of(index), image); }
  void read_part(int64_t index, WantedPart& part, Image& image) const override {
    whole_->read_part(of(index), part, image);
  }
  std::string describe(int64_t index) const override { return whole_->describe(of(index)); }
  std::vector<uint8_t> object_mask(int64_t index) const override {
    return whole_->object_mask(of(index));
  }

 private:
  int64_t of(int64_t index) const { return choice_.indices.at(size_t(index)); }

  std::unique_ptr<Dataset> whole_;
  Choice choice_;
};

}  // namespace

std::unique_ptr<Dataset> subset_of(std::unique_ptr<Dataset> whole, Choice choice) {
  return std::make_unique<Subset>(std::move(whole), std::move(choice));
}

}  // namespace mra
