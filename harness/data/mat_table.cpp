#include "harness/data/mat_table.h"

#include <fstream>

#include "harness/base/error.h"
#include "harness/base/program.h"
#include "harness/spec/json.h"

namespace mra {

namespace fs = std::filesystem;

static fs::path find_mat_program() {
  const fs::path ours = find_own_program("harness-mat");
  return ours.empty() ? fs::path(HARNESS_MAT_BUILT) : ours;
}

/// Refuses other versions and files that are not MAT files, by the first 128 bytes.
static void check_header(const fs::path& path) {
  char header[128] = {};
  std::ifstream(path, std::ios::binary).read(header, sizeof header);
  const std::string_view text(header, 116), version(header + 124, 4);
  if (text.starts_with("MATLAB 7.3") || text.starts_with("\x89HDF"))
    fail(ErrorKind::kIntegrity, path.string(), "is a MAT file of version 7.3",
         "load it in MATLAB and save it with save -v7, or use the file as published");
  const std::string_view little("\x00\x01IM", 4), big("\x01\x00MI", 4);
  check(version == little || version == big, ErrorKind::kIntegrity, path.string(),
        "is not a MAT file of version 5", "download it again");
}

MatRows read_mat_structs(const fs::path& path, const std::string& variable,
                         const std::vector<std::string>& fields) {
  constexpr int kRead = 0, kLacking = 2, kNotStarted = 127;
  check_header(path);
  std::vector<std::string> words = {path.string(), variable};
  words.insert(words.end(), fields.begin(), fields.end());
  const fs::path program = find_mat_program();
  std::error_code ignored;
  const bool is_there = fs::exists(program, ignored);
  const ProgramResult result =
      is_there ? run_program(program, words) : ProgramResult{kNotStarted, "", ""};
  check(result.exit_code != kNotStarted, ErrorKind::kEnvironment, path.string(),
        "MAT files need harness-mat, which cannot be started",
        "build or install the whole program, and libmatio");
  if (result.exit_code == kLacking)
    fail(ErrorKind::kIntegrity, path.string(), result.output, "use the file as published");
  const Json rows = Json::parse(result.output, nullptr, /*allow_exceptions=*/false);
  if (result.exit_code != kRead || rows.is_discarded())
    fail(ErrorKind::kIntegrity, path.string(),
         "is a damaged MAT file" + (result.output.empty() ? "" : ": it " + result.output),
         "download it again");
  return rows.get<MatRows>();
}

}  // namespace mra
