#include "harness/spec/mae_parameters.h"

#include <gtest/gtest.h>

namespace mra {

static int64_t count(int64_t dim, int64_t depth, int64_t decoder_dim, int64_t decoder_depth) {
  const Json model = {{"patch_px", 16},
                      {"dim", dim},
                      {"depth", depth},
                      {"decoder_dim", decoder_dim},
                      {"decoder_depth", decoder_depth},
                      {"mlp_ratio", 4}};
  return mae_parameters(SpecReader(model, "a test"));
}

TEST(MaeParameters, AreThoseOfThePublishedSizes) {
  EXPECT_EQ(count(768, 12, 512, 8), 85'647'360 + 26'008'320);
  EXPECT_EQ(count(1024, 24, 512, 8), 303'099'904 + 26'139'392);
  EXPECT_EQ(count(480, 4, 384, 2), 11'454'720 + 4'030'464);
}

TEST(MaeParameters, TellWhichDepthsThePaperMisprints) {
  EXPECT_EQ(count(768, 12, 512, 6), 85'647'360 + 19'703'552);  // 105.4 M, not 111.7
  EXPECT_EQ(count(1024, 12, 512, 8), 151'945'216 + 26'139'392);
}

}  // namespace mra
