#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "harness/data/dataset.h"

namespace mra {

/// The built-in data set: ten shapes in random colours, places, sizes and orientations on varied
/// backgrounds with clutter. Only the shape depends on the class. No picture is stored: each is
/// drawn when it is read, from (seed, split, index) alone.
class ShapesDataset : public Dataset {
 public:
  struct Options {
    int64_t size_px = 32;  ///< height and width
    int64_t pictures = 2000;
    uint64_t seed = 0;  ///< of the pictures; not the seed of a run
    Split split = Split::kTrain;
    bool light_on_dark = false;  ///< objects are lighter than backgrounds, which eases learning
  };

  explicit ShapesDataset(const Options& options);

  int64_t size() const override { return options_.pictures; }
  int64_t classes() const override;
  int64_t label(int64_t index) const override { return index % classes(); }
  void read(int64_t index, Image& image) const override;
  std::string describe(int64_t index) const override;

  std::vector<uint8_t> object_mask(int64_t index) const override;

 private:
  void draw(int64_t index, Image& image, std::vector<uint8_t>* object) const;

  Options options_;
};

/// Returns the names of the classes by label: "disc", "ring", …
const std::vector<std::string>& shape_names();

}  // namespace mra
