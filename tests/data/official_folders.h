#pragma once

#include <gtest/gtest.h>

#include "harness/base/file.h"
#include "tests/data/data_of.h"
#include "tests/data/pictures.h"
#include "tests/support/temp_dir.h"

namespace mra {

/// Makes a small data set in the layout in which it is released, below "set".
class OfficialFolders : public ::testing::Test {
 protected:
  void text(const std::string& name, const std::string& content) {
    write_bytes(dir_ / "set" / name, content);
  }
  void picture(const std::string& name, int width_px = 8, int height_px = 6) {
    text(name, ppm_bytes(test_picture(width_px, height_px)));
  }
  std::unique_ptr<Dataset> made(const std::string& entry, Split split) const {
    return data_of(entry, split, dir_.path());
  }
  void refuse(const std::string& entry, Split split, const std::string& part,
              ErrorKind kind = ErrorKind::kIntegrity) const {
    expect_refused(entry, split, dir_.path(), kind, part);
  }
  /// "class/name label" of every picture, in order.
  std::vector<std::string> listed(const Dataset& set) const {
    std::vector<std::string> lines;
    const std::string prefix = (dir_ / "set").string() + "/";
    for (int64_t i = 0; i < set.size(); ++i)
      lines.push_back(set.describe(i).substr(prefix.size()) + " " + std::to_string(set.label(i)));
    return lines;
  }
  using Lines = std::vector<std::string>;

  TempDir dir_;
};

}  // namespace mra
