#include "tests/data/official_folders.h"

namespace mra {
namespace {

TEST_F(OfficialFolders, Cifar10IsReadPlaneByPlane) {
  const std::string entry = R"({"kind": "cifar10"})";
  std::string record(3073, '\0');
  for (size_t i = 0; i < 1024; ++i) {
    record[1 + i] = char(i % 256);
    record[1025 + i] = char(7);
    record[2049 + i] = char(i / 256);
  }
  for (const char* name : {"1", "2", "3", "4", "5"}) {
    record[0] = char(name[0] - '0');
    text(std::string("data_batch_") + name + ".bin", record + record);
  }
  text("test_batch.bin", record);
  const auto set = made(entry, Split::kTrain);
  ASSERT_EQ(set->size(), 10);
  EXPECT_EQ(set->classes(), 10);
  EXPECT_EQ(set->label(5), 3);
  EXPECT_EQ(set->describe(5), (dir_ / "set/data_batch_3.bin[1]").string());
  Image image;
  set->read(5, image);
  ASSERT_EQ(image.width_px, 32);
  const uint8_t* pixel = image.row(20) + 3 * 17;
  EXPECT_EQ(pixel[0], (20 * 32 + 17) % 256);
  EXPECT_EQ(pixel[1], 7);
  EXPECT_EQ(pixel[2], (20 * 32 + 17) / 256);
  EXPECT_EQ(made(entry, Split::kVal)->size(), 1);
  text("test_batch.bin", record.substr(17));
  refuse(entry, Split::kVal, "has 3056 bytes, which is not a multiple of");
  record[0] = char(10);
  text("test_batch.bin", record);
  refuse(entry, Split::kVal, "test_batch.bin[0]: has the label 10");
}

}  // namespace
}  // namespace mra
