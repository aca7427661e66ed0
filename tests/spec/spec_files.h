#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

#include "harness/base/error.h"
#include "harness/spec/inherit.h"
#include "harness/spec/library.h"

namespace mra {

/// Runs `act` and returns the text of the Error it must throw.
template <typename Act>
std::string error_of(Act act) {
  try {
    act();
  } catch (const Error& error) {
    return error.what();
  }
  return "(no error)";
}

inline void expect_part(const std::string& text, const std::string& part) {
  EXPECT_NE(text.find(part), std::string::npos) << "'" << part << "' is not in: " << text;
}

/// A copy of the project's experiments that a test may change.
class SpecFiles : public testing::Test {
 protected:
  void SetUp() override {
    root_ = std::filesystem::temp_directory_path() / ("specs_" + std::to_string(::getpid()));
    std::filesystem::remove_all(root_);
    std::filesystem::copy(std::filesystem::path(HARNESS_SOURCE_DIR) / "experiments", root_,
                          std::filesystem::copy_options::recursive);
  }
  void TearDown() override { std::filesystem::remove_all(root_); }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(root_ / (name + ".json")) << text;
  }
  /// Applies a merge patch to a file.
  void patch(const std::string& name, const char* patch) const {
    Json json = read_json_file(root_ / (name + ".json"));
    json.merge_patch(Json::parse(patch));
    write(name, json.dump());
  }
  SpecLibrary library(std::vector<std::pair<std::string, Json>> overrides = {}) const {
    return SpecLibrary(root_, std::move(overrides));
  }
  std::string key(const std::string& row = "Mask Low", const std::string& scale = "smoke") const {
    for (const TableRow& candidate : library().table("table6", scale).rows)
      if (candidate.label == row) return candidate.experiments[0].key;
    return "(no such row)";
  }

  std::filesystem::path root_;
};

}  // namespace mra
