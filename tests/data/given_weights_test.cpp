#include "harness/data/given_weights.h"

#include <gtest/gtest.h>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "tests/support/temp_dir.h"

namespace mra {
namespace {

ErrorKind kind_for(const std::string& name, const std::filesystem::path& folder) {
  try {
    find_given_weights(name, "x.json: /task_options/file", {folder});
  } catch (const Error& error) {
    EXPECT_EQ(error.where, "x.json: /task_options/file");
    return error.kind;
  }
  ADD_FAILURE() << name << " was found";
  return ErrorKind::kFailure;
}

TEST(GivenWeights, AreFoundInAFolderOrItsFolderOfWeights) {
  const TempDir first, second;
  std::filesystem::create_directories(second / "weights");
  write_file_atomically(second / "weights/a.pth", "x");
  EXPECT_EQ(find_given_weights("a.pth", "", {first.path(), second.path()}),
            second / "weights/a.pth");
  write_file_atomically(first / "a.pth", "x");
  EXPECT_EQ(find_given_weights("a.pth", "", {first.path(), second.path()}), first / "a.pth");
}

TEST(GivenWeights, AnAbsentFileIsTheMachinesLack) {
  const TempDir folder;
  EXPECT_EQ(kind_for("a.pth", folder.path()), ErrorKind::kEnvironment);
}

TEST(GivenWeights, ANameCannotLeadOutOfTheFolders) {
  const TempDir folder;
  std::filesystem::create_directories(folder / "data");
  write_file_atomically(folder / "a.pth", "x");
  for (const std::string& name :
       {std::string("../a.pth"), (folder / "a.pth").string(), std::string(".."), std::string()})
    EXPECT_EQ(kind_for(name, folder / "data"), ErrorKind::kUsage) << name;
}

}  // namespace
}  // namespace mra
