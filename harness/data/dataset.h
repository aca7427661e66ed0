#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "harness/data/image.h"
#include "harness/spec/spec_reader.h"

namespace mra {

using Folders = std::vector<std::filesystem::path>;

/// The label of a picture of Split::kUnlabelled whose class is unknown.
constexpr int64_t kNoLabel = -1;

/// Labelled pictures, numbered from 0. It never changes, so several threads may read at once. A
/// picture is decoded each time it is read.
class Dataset {
 public:
  virtual ~Dataset() = default;
  virtual int64_t size() const = 0;
  virtual int64_t classes() const = 0;
  virtual int64_t label(int64_t index) const = 0;  ///< 0 … classes()-1, or kNoLabel
  /// Reads picture `index` into `image`. Throws an Error of kind kIntegrity naming a damaged file.
  virtual void read(int64_t index, Image& image) const = 0;
  /// Reads at least the part of picture `index` that `part` chooses. Its pixels are those of
  /// read().
  virtual void read_part(int64_t index, WantedPart& part, Image& image) const {
    read(index, image);
    part.box = part.choose(image.height_px, image.width_px);
  }
  /// Returns the name of picture `index` for messages: a path, or "shapes[17]".
  virtual std::string describe(int64_t index) const = 0;
  /// Returns the mask of the object in picture `index`, which must be square: [side_px·side_px], 1
  /// on the object, else 0. Empty when the data set has no masks.
  virtual std::vector<uint8_t> object_mask(int64_t) const { return {}; }
};

/// A part of a data set. kBase and kNovel have different classes, for few-shot learning.
enum class Split { kTrain, kVal, kTest, kUnlabelled, kBase, kNovel };
/// "train", "val", "test", "unlabelled", "base" or "novel".
const char* name(Split split);

/// Makes the data set of a spec, `options` = {"kind": …, …}. It is searched for in `data_dirs`, in
/// that order. Throws an Error of kind kEnvironment when it is absent, with the expected folders
/// and how to pass them, and an Error of kind kUsage for a split that it does not have.
std::unique_ptr<Dataset> make_dataset(SpecReader options, Split split, const Folders& data_dirs);

/// Checks the options of a data set and of the one it is made from, without searching for them.
void read_dataset_options(const SpecReader& options);

/// Returns the splits that make_dataset() accepts for this data set, the training split first.
std::vector<Split> splits_of(const Json& dataset);

/// Returns a JSON Schema for the options of all kinds of data set, made from what their readers ask
/// for. "of" in it refers to #/$defs/dataset.
Json dataset_schema();

/// Kind of data set -> JSON Schema of its options.
std::map<std::string, Json> dataset_kind_schemas();

/// Returns the folder of a data set without listing its pictures; empty when the program draws the
/// pictures. Throws the Error of make_dataset() when it is absent.
std::filesystem::path locate_dataset(SpecReader options, const Folders& data_dirs);

}  // namespace mra
