#include "harness/run/preflight.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/spec/library.h"

namespace mra {
namespace {

using testing::HasSubstr;

/// Baseline of Table 6 at smoke with one value set.
ExperimentSpec baseline_with(const std::string& pointer, Json value) {
  const SpecLibrary library{ExperimentFolders{{std::string(HARNESS_SOURCE_DIR) + "/experiments"}},
                            {{pointer, std::move(value)}}};
  return library.table("table6", "smoke").rows[0].experiments[0];
}

TEST(Preflight, NamesUnknownOptionsOfInputAndData) {
  for (const char* pointer : {"/input/sizee_px", "/dataset/nam"}) {
    const auto errors = wrong_options({baseline_with(pointer, 1)}, {}).errors;
    ASSERT_EQ(errors.size(), 1u) << pointer;
    EXPECT_THAT(errors[0].what(), HasSubstr(pointer));
    EXPECT_THAT(errors[0].what(), HasSubstr("--set"));
  }
}

TEST(Preflight, TellsTheSameComplaintOnce) {
  const ExperimentSpec wrong = baseline_with("/input/sizee_px", 1);
  ExperimentSpec other = wrong;
  other.resolved["recipe"]["epochs"] = 7;
  EXPECT_EQ(wrong_options({wrong, wrong, other}, {}).errors.size(), 1u);
}

TEST(Preflight, BatchMustFitTheData) {
  EXPECT_TRUE(wrong_data({baseline_with("/recipe/batch_size", 4000)}, {}).empty());
  const auto errors = wrong_data({baseline_with("/recipe/batch_size", 4001)}, {});
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_THAT(errors[0].what(), HasSubstr("/recipe/batch_size"));
  EXPECT_THAT(errors[0].what(), HasSubstr("4000 pictures"));
}

TEST(Preflight, TasksThatDrawWithReplacementNeedNoWholeBatch) {
  ExperimentSpec drawing = baseline_with("/recipe/batch_size", 4001);
  drawing.task_options["steps_per_epoch"] = 10;
  EXPECT_TRUE(wrong_data({drawing}, {}).empty());
}

}  // namespace
}  // namespace mra
