#pragma once

#include "harness/data/dataset.h"

namespace mra {

/// A data set that is to become one file.
struct PackRequest {
  Json dataset;       ///< as in a spec
  Folders data_dirs;  ///< where it lies
  std::string name;   ///< of the packed one, and of its folder
  int short_side_px = 256;
  std::filesystem::path data_dir;  ///< gets the folder
};

/// Writes DATA_DIR/NAME/pictures.pack: every picture of every split, its shorter side reduced to
/// `short_side_px` (bilinear with antialiasing; smaller pictures keep their size) and encoded as
/// JPEG of quality 95. The file is whole or not there. Returns the entry of datasets.json, with its
/// checksum. `told` is called now and then with the number of pictures done and of all.
Json pack_dataset(const PackRequest& request,
                  const std::function<void(int64_t done, int64_t all)>& told);

/// JPEG file of a picture, colours at half the resolution.
std::string encode_jpeg(const Image& image, int quality);

}  // namespace mra
