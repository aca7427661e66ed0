#pragma once

#include <string>
#include <vector>

#include "harness/spec/table.h"
#include "harness/store/result_store.h"

namespace mra {

/// A picture that a judge drew of a row.
struct DrawnPicture {
  std::string row;     ///< "Mask Low"
  RunId run;           ///< in whose folder it lies
  std::string file;    ///< name in RunDirectory::judged_folder()
  std::string sha256;  ///< of its bytes
  std::string png;     ///< its bytes, once somebody who knows the workspace has read them
};

/// A number for each place of a picture, top row first.
struct DrawnMap {
  std::string row;
  std::vector<std::vector<double>> values;
};

/// What judges made for a table beside its numbers.
struct Drawn {
  std::vector<DrawnPicture> pictures;
  std::vector<DrawnMap> maps;  ///< of equal ones the first
};

/// Of each row the lowest of `seeds` that was judged; no seeds: of all that are recorded.
Drawn drawn_of(const TableSpec& table, const ResultStore& store, const std::vector<int64_t>& seeds);

/// What the map of a table with `drawn` is called.
std::string title_of(const DrawnMap& map);

}  // namespace mra
