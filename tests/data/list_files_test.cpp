#include "tests/data/official_folders.h"

namespace mra {
namespace {

class ListFiles : public OfficialFolders {
 protected:
  void SetUp() override {
    text("train.txt", "a/1.jpg 0\na/my cat.jpg 0\nb/1.jpg 1\n");
    text("val.txt", "a/2.jpg 0\nb/2.jpg 1\n");
    text("lt/test.csv", "filename,label\nb/3.jpg,1\n");
    for (const char* name : {"a/1", "a/my cat", "b/1", "a/2", "b/2", "b/3"})
      picture(std::string(name) + ".jpg");
  }
  const std::string entry_ = R"({"kind": "list_files", "test": "lt/test.csv"})";
};

TEST_F(ListFiles, PathsMayHoldBlanksAndListsCommas) {
  EXPECT_EQ(listed(*made(entry_, Split::kTrain)),
            (Lines{"a/1.jpg 0", "a/my cat.jpg 0", "b/1.jpg 1"}));
  EXPECT_EQ(listed(*made(entry_, Split::kVal)), (Lines{"a/2.jpg 0", "b/2.jpg 1"}));
  const auto test = made(entry_, Split::kTest);
  EXPECT_EQ(listed(*test), (Lines{"b/3.jpg 1"}));
  EXPECT_EQ(test->classes(), 2);
}

TEST_F(ListFiles, WindowsLineEndsAndAByteOrderMarkAreRead) {
  const Lines lines = listed(*made(entry_, Split::kTrain));
  text("train.txt",
       "\xEF\xBB\xBF"
       "a/1.jpg 0\r\na/my cat.jpg 0\r\nb/1.jpg 1\r\n");
  text("lt/test.csv",
       "\xEF\xBB\xBF"
       "filename,label\r\nb/3.jpg,1\r\n");
  EXPECT_EQ(listed(*made(entry_, Split::kTrain)), lines);
  EXPECT_EQ(listed(*made(entry_, Split::kTest)), (Lines{"b/3.jpg 1"}));
}

TEST_F(ListFiles, WithoutATestListThereIsNoTestSplit) {
  refuse(R"({"kind": "list_files"})", Split::kTest, "no split 'test'", ErrorKind::kUsage);
}

TEST_F(ListFiles, WrongLinesAreNamed) {
  const auto broken = [&](const std::string& content, const std::string& part,
                          const std::string& more = "") {
    text("train.txt", content);
    refuse(entry_.substr(0, entry_.size() - 1) + more + "}", Split::kTrain, part);
  };
  broken("a/1.jpg 0\na/none.jpg 1\n", "none.jpg does not exist");
  broken("a/1.jpg 0\na/1.jpg 0\nb/1.jpg 1\n", "train.txt:2: a/1.jpg is in line 1");
  broken("a/1.jpg 0\nb/2.jpg 1\n", "train.txt:2: b/2.jpg is in");
  broken("a/1.jpg 0\nb/1.jpg 2\n", "train.txt:2: '2' is not a whole number from 0 to 1",
         R"(, "classes": 2)");
  broken("a/1.jpg 0\nb/1.jpg\n", "train.txt:2: expected a path and a label");
  broken("a/1.jpg 0\nb/1.jpg -1\n", "train.txt:2: '-1' is not a whole number");
  broken("a/1.jpg 0\n/etc/passwd 1\n", "train.txt:2: '/etc/passwd' leads out");
  broken("a/1.jpg 0\nb/1.jpg 1\n", "2 pictures, expected 3", R"(, "train_pictures": 3)");
  broken(std::string("a/1.jpg 0\n\0\n", 12), "train.txt:2: holds a zero byte");
  SetUp();
  refuse(R"({"kind": "list_files", "val": "train.txt"})", Split::kVal,
         "train.txt:1: a/1.jpg is in");
  broken("a/1.jpg 0\n", "val.txt:2: '1' is not a whole number from 0 to 0");
}

}  // namespace
}  // namespace mra
