#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "harness/data/image.h"
#include "harness/spec/spec_reader.h"

namespace mra {

using Folders = std::vector<std::filesystem::path>;

/// Label of a picture of Split::kUnlabelled whose class is not known.
constexpr int64_t kNoLabel = -1;

/// Labelled pictures by number. Reading is safe from several threads; nothing changes after it is
/// made. A picture is decoded when it is asked for.
class Dataset {
 public:
  virtual ~Dataset() = default;
  virtual int64_t size() const = 0;
  virtual int64_t classes() const = 0;
  virtual int64_t label(int64_t index) const = 0;  ///< 0 … classes()-1, or kNoLabel
  /// Puts picture `index` into `image`. A bad file is an Error of kind kIntegrity that names it.
  virtual void read(int64_t index, Image& image) const = 0;
  /// What `index` is called in messages: a path, "shapes[17]".
  virtual std::string describe(int64_t index) const = 0;
  /// Where the object of picture `index`, a square one, lies: [side_px·side_px], 1 on it and 0
  /// beside it. Empty when this data set does not know.
  virtual std::vector<uint8_t> object_mask(int64_t) const { return {}; }
};

/// A part of a data set. kBase and kNovel hold different classes, for few-shot learning.
enum class Split { kTrain, kVal, kTest, kUnlabelled, kBase, kNovel };
/// "train", "val", "test", "unlabelled", "base" or "novel".
const char* name(Split split);

/// The data set a spec names, `options` = {"kind": …, …}. `data_dirs`: where data sets may lie,
/// first come first served. An absent one is an Error of kind kEnvironment that shows the folders
/// expected and how to point at them; a split it does not have is one of kUsage.
std::unique_ptr<Dataset> make_dataset(SpecReader options, Split split, const Folders& data_dirs);

/// Reads the options of a data set, and of the one it is made from, without looking for either.
void read_dataset_options(const SpecReader& options);

/// The splits that make_dataset() knows of this data set, the one to learn from first.
std::vector<Split> splits_of(const Json& dataset);

/// JSON Schema of an object with the options of any kind of data set, as their readers ask for
/// them. An "of" in it refers to #/$defs/dataset.
Json dataset_schema();

/// The folder it lies in, without listing its pictures; empty for one that is drawn by the program.
/// An absent one is an Error as of make_dataset().
std::filesystem::path locate_dataset(SpecReader options, const Folders& data_dirs);

}  // namespace mra
