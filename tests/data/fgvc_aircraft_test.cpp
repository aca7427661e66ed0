#include "tests/data/official_folders.h"

namespace mra {
namespace {

class Aircraft : public OfficialFolders {
 protected:
  void SetUp() override {
    text("data/variants.txt", "707-320\nF-16A/B\nGulfstream IV\n");
    text("data/images_variant_train.txt", "0000001 707-320\n");
    text("data/images_variant_trainval.txt", "0000001 707-320\n0000002 Gulfstream IV\n");
    text("data/images_variant_test.txt", "0000003 F-16A/B\n");
    for (const char* id : {"0000001", "0000002", "0000003"})
      picture(std::string("data/images/") + id + ".jpg", 8, 30);
  }
  const std::string entry_ = R"({"kind": "fgvc_aircraft"})";
};

TEST_F(Aircraft, VariantsHoldBlanksAndSlashes) {
  EXPECT_EQ(listed(*made(entry_, Split::kTrain)),
            (Lines{"data/images/0000001.jpg 0", "data/images/0000002.jpg 2"}));
  EXPECT_EQ(listed(*made(entry_, Split::kVal)), (Lines{"data/images/0000003.jpg 1"}));
  EXPECT_EQ(made(R"({"kind": "fgvc_aircraft", "train": "train"})", Split::kTrain)->size(), 1);
}

TEST_F(Aircraft, TheBannerIsCutOffOnlyWhenAskedFor) {
  Image whole, cut;
  made(entry_, Split::kVal)->read(0, whole);
  made(R"({"kind": "fgvc_aircraft", "crop_banner": true})", Split::kVal)->read(0, cut);
  EXPECT_EQ(whole.height_px, 30);
  ASSERT_EQ(cut.height_px, 10);
  EXPECT_TRUE(std::equal(cut.rgb.begin(), cut.rgb.end(), whole.rgb.begin()));
  picture("data/images/0000003.jpg", 8, 20);
  EXPECT_THROW(made(R"({"kind": "fgvc_aircraft", "crop_banner": true})", Split::kVal)->read(0, cut),
               Error);
}

TEST_F(Aircraft, ListsThatDisagreeAreRefusedWithTheLine) {
  text("data/images_variant_test.txt", "0000003 F-16\n");
  refuse(entry_, Split::kVal, "images_variant_test.txt:1: variants.txt has no variant 'F-16'");
  text("data/images_variant_test.txt", "0000002 F-16A/B\n");
  refuse(entry_, Split::kVal, "0000002.jpg is in");
  refuse(entry_, Split::kTrain, "images_variant_trainval.txt:2: 0000002.jpg is in");
  text("data/images_variant_test.txt", "0000003 F-16A/B\n0000003 F-16A/B\n");
  refuse(entry_, Split::kVal, "images_variant_test.txt:2: 0000003.jpg is in line 1");
  text("data/images_variant_test.txt", "0000004 F-16A/B\n");
  refuse(entry_, Split::kVal, "0000004.jpg does not exist");
  text("data/variants.txt", "707-320\n707-320\n");
  refuse(entry_, Split::kVal, "variants.txt:2: the variant '707-320' is listed twice");
}

}  // namespace
}  // namespace mra
