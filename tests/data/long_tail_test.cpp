#include "tests/data/official_folders.h"

namespace mra {
namespace {

TEST_F(OfficialFolders, ALongTailKeepsFewerAndFewerOfEachClass) {
  const std::string entry = R"({"kind": "long_tail", "most": 100, "least": 5, "of": {
      "kind": "shapes", "name": "shapes", "train_pictures": 2000, "test_pictures": 30}})";
  const auto train = made(entry, Split::kTrain);
  std::vector<int64_t> counts(10);
  for (int64_t i = 0; i < train->size(); ++i) ++counts[size_t(train->label(i))];
  EXPECT_EQ(counts, (std::vector<int64_t>{100, 72, 51, 37, 26, 19, 14, 10, 7, 5}));
  EXPECT_EQ(train->describe(0), "shapes train[0]");
  EXPECT_EQ(made(entry, Split::kVal)->size(), 1000);
  EXPECT_EQ(made(entry, Split::kTest)->describe(3), "shapes test[3]");
}

TEST_F(OfficialFolders, ALongTailMayValidateOnPicturesThatAreLeft) {
  const std::string of = R"("of": {"kind": "shapes", "name": "shapes", "train_pictures": 200}})";
  const std::string entry = R"({"kind": "long_tail", "most": 15, "least": 5, "val_of_class": 4, )";
  const auto train = made(entry + of, Split::kTrain), val = made(entry + of, Split::kVal);
  EXPECT_EQ(val->size(), 40);
  EXPECT_EQ(val->label(13), 3);
  EXPECT_EQ(val->describe(0), "shapes train[150]");  // the 16th picture of class 0
  EXPECT_EQ(made(entry + of, Split::kTest)->describe(0), "shapes val[0]");
  refuse(R"({"kind": "long_tail", "most": 21, "least": 5, )" + of, Split::kTrain,
         "class 0 has 20 training pictures, but 21 are needed", ErrorKind::kUsage);
  refuse(R"({"kind": "long_tail", "most": 15, "least": 5, "val_of_class": 6, )" + of, Split::kVal,
         "21 are needed", ErrorKind::kUsage);
  refuse(R"({"kind": "long_tail", "most": 5, "least": 6, )" + of, Split::kTrain, "least",
         ErrorKind::kUsage);
}

}  // namespace
}  // namespace mra
