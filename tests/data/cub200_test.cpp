#include "harness/data/data_state.h"
#include "tests/data/official_folders.h"

namespace mra {
namespace {

class Cub : public OfficialFolders {
 protected:
  void SetUp() override {
    text("images.txt", "1 001.A/a1.jpg\n2 001.A/a2.jpg\n3 002.B/b 1.jpg\n4 002.B/b2.jpg\n");
    text("image_class_labels.txt", "1 1\n2 1\n3 2\n4 2\n");
    text("train_test_split.txt", "1 0\n2 1\n3 1\n4 0\n");
    text("classes.txt", "1 001.A\n2 002.B\n");
    for (const char* name : {"001.A/a1.jpg", "001.A/a2.jpg", "002.B/b 1.jpg", "002.B/b2.jpg"})
      picture(std::string("images/") + name);
  }
  const std::string entry_ = R"({"kind": "cub200"})";
};

TEST_F(Cub, JoinsItsListsById) {
  EXPECT_EQ(listed(*made(entry_, Split::kTrain)),
            (Lines{"images/001.A/a2.jpg 0", "images/002.B/b 1.jpg 1"}));
  EXPECT_EQ(listed(*made(entry_, Split::kVal)),
            (Lines{"images/001.A/a1.jpg 0", "images/002.B/b2.jpg 1"}));
  EXPECT_EQ(made(entry_, Split::kVal)->classes(), 2);
}

TEST_F(Cub, WindowsLineEndsAndAByteOrderMarkAreRead) {
  text("train_test_split.txt",
       "\xEF\xBB\xBF"
       "1 0\r\n2 1\r\n\r\n3 1\r\n4 0");
  EXPECT_EQ(listed(*made(entry_, Split::kTrain)).size(), 2u);
}

TEST_F(Cub, ListsThatDisagreeAreRefusedWithTheLine) {
  const auto broken = [&](const std::string& list, const std::string& content,
                          const std::string& part) {
    SetUp();
    text(list, content);
    refuse(entry_, Split::kTrain, part);
  };
  broken("train_test_split.txt", "1 0\n2 1\n3 1\n4 0\n5 1\n",
         "train_test_split.txt:5: 5 is not in images.txt");
  broken("train_test_split.txt", "1 0\n2 1\n3 1\n", "images.txt:4: 4 is not in train_test_split");
  broken("train_test_split.txt", "1 0\n2 2\n3 1\n4 0\n",
         "train_test_split.txt:2: '2' is not a whole");
  broken("image_class_labels.txt", "1 1\n2 1\n3 3\n4 2\n", "image_class_labels.txt:3: 3 is not in");
  broken("image_class_labels.txt", "1 1\n2 2\n3 2\n4 2\n", "image_class_labels.txt:2: class 2 is");
  broken("image_class_labels.txt", "1 1\n2 one\n3 2\n4 2\n", "labels.txt:2: 'one' is not a whole");
  broken("images.txt", "1 001.A/a1.jpg\n1 001.A/a2.jpg\n", "images.txt:2: 1 is in line 1");
  broken("images.txt", "1 001.A/a2.jpg\n2 001.A/a2.jpg\n3 002.B/a2.jpg\n4 002.B/b2.jpg\n",
         "does not exist");
  broken("images.txt", "1 001.A/a1.jpg\n2 001.A/../../x.jpg\n3 002.B/b 1.jpg\n4 002.B/b2.jpg\n",
         "images.txt:2: '001.A/../../x.jpg' leads out");
  broken("classes.txt", "", "classes.txt: this list is empty");
}

TEST_F(Cub, AMissingListTellsWhatBelongsThere) {
  std::filesystem::remove(dir_ / "set/image_class_labels.txt");
  refuse(entry_, Split::kTrain, "image_class_labels.txt is missing", ErrorKind::kEnvironment);
  refuse(R"({"kind": "cub200", "folder": "CUB"})", Split::kTrain,
         "DIR/CUB/images/<class>/<picture>", ErrorKind::kEnvironment);
}

TEST_F(Cub, CountsAreCompared) {
  EXPECT_EQ(made(R"({"kind": "cub200", "classes": 2, "train_pictures": 2})", Split::kTrain)->size(),
            2);
  refuse(R"({"kind": "cub200", "train_pictures": 3})", Split::kTrain, "2 pictures, expected 3");
  refuse(R"({"kind": "cub200", "val_pictures": 3})", Split::kVal, "2 pictures, expected 3");
  refuse(R"({"kind": "cub200", "classes": 200})", Split::kVal, "2 classes, expected 200");
}

TEST_F(Cub, EveryPictureThatCannotBeDecodedIsNamed) {
  text("images/001.A/a2.jpg", "no picture");
  text("images/002.B/b 1.jpg", "");
  const auto wrong = decode_all(*made(entry_, Split::kTrain), [](int64_t) {});
  ASSERT_EQ(wrong.size(), 2u);
  EXPECT_NE(wrong[0].find("001.A/a2.jpg"), std::string::npos) << wrong[0];
  EXPECT_NE(wrong[1].find("002.B/b 1.jpg"), std::string::npos) << wrong[1];
  EXPECT_TRUE(decode_all(*made(entry_, Split::kVal), [](int64_t) {}).empty());
}

TEST_F(Cub, WhatIsThereIsCountedForEachSplitAndClass) {
  const Json entry = {{"kind", "cub200"}, {"name", "set"}};
  const DataState state = look_at(entry, "datasets.json", {dir_.path()});
  EXPECT_EQ(state.state, "complete");
  EXPECT_EQ(state.folder, dir_ / "set");
  EXPECT_EQ(state.pictures, (std::map<Split, int64_t>{{Split::kTrain, 2}, {Split::kVal, 2}}));
  EXPECT_EQ(state.of_class, (std::vector<int64_t>{1, 1}));
  std::filesystem::remove(dir_ / "set/images/001.A/a2.jpg");
  EXPECT_EQ(look_at(entry, "datasets.json", {dir_.path()}).state, "damaged");
  EXPECT_EQ(look_at(entry, "datasets.json", {}).state, "absent");
}

}  // namespace
}  // namespace mra
