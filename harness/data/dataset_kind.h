#pragma once

#include "harness/data/dataset.h"

namespace mra {

/// The functions that define a kind of data set. datasets.def lists each kind by its "kind" in
/// JSON. `options` is the object under "dataset" in a spec.
struct DatasetKind {
  /// Makes the data set with the pictures of `split`, which is one of `splits`.
  std::unique_ptr<Dataset> (*make)(SpecReader options, Split split, const Folders& data_dirs);
  /// See locate_dataset() and splits_of().
  std::filesystem::path (*locate)(SpecReader options, const Folders& data_dirs);
  std::vector<Split> (*splits)(const Json& options);
};

/// The splits of most kinds of data set.
inline std::vector<Split> train_and_val(const Json&) {
  return {Split::kTrain, Split::kVal};
}

/// The splits of data sets for few-shot learning.
inline std::vector<Split> base_and_novel(bool has_val) {
  if (has_val) return {Split::kBase, Split::kVal, Split::kNovel};
  return {Split::kBase, Split::kNovel};
}

}  // namespace mra
