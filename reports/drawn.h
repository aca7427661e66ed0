#pragma once

#include <string>
#include <vector>

#include "harness/spec/table.h"
#include "harness/store/result_store.h"

namespace mra {

/// A picture that an evaluator drew for a row.
struct DrawnPicture {
  std::string row;     ///< "Mask Low"
  RunId run;           ///< whose run directory has the file
  std::string file;    ///< name in RunDirectory::judged_folder()
  std::string sha256;  ///< of the file
  std::string png;     ///< the bytes of the file; empty until read_pictures()
};

/// A number for each patch position of a picture, top row first.
struct DrawnMap {
  std::string row;
  std::vector<std::vector<double>> values;
};

/// What evaluators drew for a table, in addition to its numbers.
struct Drawn {
  std::vector<DrawnPicture> pictures;
  std::vector<DrawnMap> maps;  ///< without repetitions
};

/// What evaluators drew for each row, from the lowest judged seed among `seeds`; empty `seeds`:
/// among all recorded ones.
Drawn drawn_of(const TableSpec& table, const ResultStore& store, const std::vector<int64_t>& seeds);

/// The title of a map.
std::string title_of(const DrawnMap& map);

}  // namespace mra
