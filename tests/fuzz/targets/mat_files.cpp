#include "harness/base/file.h"
#include "harness/data/mat_table.h"
#include "tests/fuzz/target.h"
#include "tests/support/temp_dir.h"

namespace mra {

/// A MAT file as of Stanford Cars.
void fuzz_mat(std::string_view bytes) {
  const TempDir root;
  write_file_atomically(root / "annos.mat", bytes);
  reads_or_refuses(ErrorKind::kIntegrity, [&] {
    for (const auto& row : read_mat_structs(root / "annos.mat", "annotations", {"class", "fname"}))
      must(row.size() == 2, "a row without all fields");
  });
}

}  // namespace mra
