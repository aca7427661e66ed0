#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "harness/base/error.h"
#include "harness/data/dataset.h"

namespace mra {

/// The data set of an entry, given as JSON, with "name" "set" and the folder "set" unless it says
/// otherwise.
inline std::unique_ptr<Dataset> data_of(const std::string& entry, Split split,
                                        const std::filesystem::path& data_dir) {
  Json json = {{"name", "set"}};
  json.update(Json::parse(entry));
  return make_dataset(SpecReader(json, "datasets.json", "/set"), split, {data_dir});
}

/// Expects an Error of that kind whose text holds `part`.
inline void expect_refused(const std::string& entry, Split split,
                           const std::filesystem::path& data_dir, ErrorKind kind,
                           const std::string& part) {
  try {
    data_of(entry, split, data_dir);
    ADD_FAILURE() << "no error; expected " << part;
  } catch (const Error& error) {
    EXPECT_EQ(error.kind, kind) << error.what();
    EXPECT_NE(std::string(error.what()).find(part), std::string::npos)
        << error.what() << "\nexpected: " << part;
  }
}

}  // namespace mra
