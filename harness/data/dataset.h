#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "harness/data/image.h"
#include "harness/spec/spec_reader.h"

namespace mra {

/// Labelled pictures by number. Reading is safe from several threads; nothing changes after it is
/// made. A picture is decoded when it is asked for.
class Dataset {
 public:
  virtual ~Dataset() = default;
  virtual int64_t size() const = 0;
  virtual int64_t classes() const = 0;
  virtual int64_t label(int64_t index) const = 0;  ///< 0 … classes()-1
  /// Puts picture `index` into `image`. A bad file is an Error of kind kIntegrity that names it.
  virtual void read(int64_t index, Image& image) const = 0;
  /// What `index` is called in messages: a path, "shapes[17]".
  virtual std::string describe(int64_t index) const = 0;
};

enum class Split { kTrain, kVal };

/// The data set a spec names, `options` = {"name": …, …}. `data_dirs`: where data sets may lie,
/// first come first served. An absent one is an Error of kind kEnvironment that shows the folders
/// expected and how to point at them.
std::unique_ptr<Dataset> make_dataset(SpecReader options, Split split,
                                      const std::vector<std::filesystem::path>& data_dirs);

}  // namespace mra
