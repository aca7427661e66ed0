#include <gtest/gtest.h>

#include "reports/renderers.h"

namespace mra {
namespace {

std::vector<JudgedClaim> judged(const std::vector<Verdict>& verdicts) {
  std::vector<JudgedClaim> claims(verdicts.size());
  for (size_t i = 0; i < verdicts.size(); ++i) claims[i].verdict = verdicts[i];
  return claims;
}

void expect_badge(const std::vector<Verdict>& verdicts, const std::string& words,
                  const std::string& colour) {
  const std::string badge = claims_badge(judged(verdicts), "smoke");
  EXPECT_NE(badge.find("<title>" + words + "</title>"), std::string::npos) << badge;
  EXPECT_NE(badge.find("fill=\"" + colour + "\""), std::string::npos) << badge;
}

TEST(Badge, CountsTheVerdictsThatOccur) {
  expect_badge({Verdict::kSupported, Verdict::kUndecided, Verdict::kUndecided},
               "3 claims at smoke scale: 1 supported, 2 undecided", "#1f7a4d");
  expect_badge({Verdict::kNotComparable, Verdict::kContradicted, Verdict::kSupported},
               "3 claims at smoke scale: 1 supported, 1 contradicted, 1 not comparable", "#b3401b");
  expect_badge({Verdict::kUndecided}, "1 claim at smoke scale: 1 undecided", "#59636e");
  expect_badge({}, "0 claims at smoke scale: nothing to judge", "#59636e");
}

TEST(Badge, CountsControlsOnlyWhereThereIsNothingElse) {
  auto claims = judged({Verdict::kSupported, Verdict::kContradicted});
  claims[1].claim.control = true;
  EXPECT_NE(claims_badge(claims, "smoke").find("1 claim at smoke scale: 1 supported<"),
            std::string::npos);
  EXPECT_NE(claims_badge({claims[1]}, "smoke").find("1 control at smoke scale: 1 contradicted<"),
            std::string::npos);
}

TEST(Badge, IsOnePictureThatRefersToNothingOutside) {
  const std::string badge = claims_badge(judged({Verdict::kSupported}), "a&b");
  EXPECT_TRUE(badge.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\""));
  EXPECT_TRUE(badge.ends_with("</svg>\n"));
  EXPECT_NE(badge.find("a&amp;b"), std::string::npos);
  for (const char* link : {"https://", "url(", "href=", "<script", "@import"})
    EXPECT_EQ(badge.find(link), std::string::npos) << link;
}

TEST(Badge, OfReportsIsOfAllTheirClaims) {
  ReportTable one, two;
  one.scale = two.scale = "mini";
  one.claims = judged({Verdict::kSupported});
  two.claims = judged({Verdict::kContradicted});
  EXPECT_NE(render_badge({one, two}).find("2 claims at mini scale: 1 supported, 1 contradicted"),
            std::string::npos);
}

}  // namespace
}  // namespace mra
