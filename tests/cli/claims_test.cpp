#include "tests/cli/cli_fixture.h"

namespace mra {

/// Table 6 at smoke scale with three seeds of each row.
class Claims : public RunCli {
 protected:
  void SetUp() override {
    const std::vector<std::pair<const char*, double>> rows = {
        {"Mask Low", 60}, {"Mask Random", 50}, {"Baseline", 40}, {"Mask High", 45}};
    for (const auto& [row, top1] : rows)
      for (int64_t seed = 0; seed < 3; ++seed)
        finish_run("table6", row, seed, top1 + 0.1 * double(seed));
  }
};

TEST_F(Claims, AreListedWithVerdictsOnOneScreen) {
  const Answer answer = harness({"claims"});
  EXPECT_EQ(answer.code, 0) << answer.err;
  // With equal specs Table 1 has these runs too, and the sizes of Table 9 follow from its specs.
  EXPECT_NE(answer.out.find("4 supported, 2 contradicted"), std::string::npos) << answer.out;
  EXPECT_LT(std::count(answer.out.begin(), answer.out.end(), '\n'), 40);
}

TEST_F(Claims, OneIsToldWithItsEvidence) {
  const Answer answer = harness({"claims", "t6-order"});
  for (const char* part :
       {"t6-order: contradicted at smoke scale", "section 4.5, Table 6, judged as an order",
        "- Mask Low over Mask Random: +10.00 [9.83, 10.17] %, supported (3+3 seeds)",
        "- Baseline over Mask High: -5.00 [-5.17, -4.83] %, contradicted (3+3 seeds)", "-s2"})
    EXPECT_NE(answer.out.find(part), std::string::npos) << answer.out;
}

TEST_F(Claims, OfATableAreJsonForScriptsInTheOrderOfTheirIds) {
  const Json found = harness({"claims", "table6", "--json"}).json();
  ASSERT_EQ(found["claims"].size(), 4u);
  const Json& gap = found["claims"][2];
  EXPECT_EQ(gap["id"], "t6-low-random");
  EXPECT_EQ(gap["verdict"], "supported");
  EXPECT_EQ(gap["judged_as"], "order");
  EXPECT_EQ(gap["margin_source"], "half of the claimed gap");
  EXPECT_EQ(gap["comparisons"][0]["runs"].size(), 6u);
}

TEST_F(Claims, TellScriptsWhatATestIsPairedOver) {
  for (int64_t seed = 0; seed < 3; ++seed) {
    std::vector<bool> base(40), high(40);
    for (int64_t i = 0; i < 30 + seed; ++i) base[size_t(i)] = true;
    for (int64_t i = 0; i < 20 + seed; ++i) high[size_t(i)] = true;
    finish_run("table6", "Baseline", seed, 2.5 * double(30 + seed), base);
    finish_run("table6", "Mask High", seed, 2.5 * double(20 + seed), high);
  }
  harness({"db", "rebuild"});
  const Json found = harness({"claims", "table6", "--json"}).json();
  std::map<std::string, Json> pairs;  // by the two rows
  for (const Json& claim : found["claims"])
    for (const Json& one : claim["comparisons"])
      pairs[one["first"].get<std::string>() + "/" + one["second"].get<std::string>()] = one;
  const Json& with = pairs.at("Baseline/Mask High");
  const Json& paired = with["paired"];
  EXPECT_EQ(paired["over"], Json({"seeds", "pictures"}));
  EXPECT_EQ(paired["rows"], Json({"Baseline", "Mask High"}));
  EXPECT_EQ(paired["seeds"], 3);
  EXPECT_EQ(paired["pictures"], 40);
  EXPECT_NEAR(paired["effect"].get<double>(), 25, 1e-9);
  EXPECT_EQ(paired["ci90"], with["ci90"]);
  EXPECT_TRUE(pairs.at("Mask Low/Mask Random")["paired"].is_null());
}

TEST_F(Claims, OfOtherSettingsThanDeclaredAreNotComparable) {
  const Answer answer = harness({"claims", "t6-order", "--set", "/recipe/epochs=2"});
  EXPECT_NE(answer.out.find("not comparable"), std::string::npos) << answer.out;
}

TEST_F(Claims, AnUnknownOneIsAnErrorWithTheNearest) {
  const Answer answer = harness({"claims", "t6-ordr"});
  EXPECT_EQ(answer.code, 2);
  EXPECT_NE(answer.err.find("did you mean 't6-order'?"), std::string::npos) << answer.err;
}

TEST_F(Claims, OpenAReportInHtmlWithLinksToTheirEvidence) {
  const Answer answer = harness({"report", "table6", "--format", "html"});
  EXPECT_NE(answer.out.find("Of 4 claims at smoke scale: 2 supported, 2 contradicted"),
            std::string::npos);
  EXPECT_NE(answer.out.find("href=\"#claim-t6-order\""), std::string::npos);
  EXPECT_NE(answer.out.find("id=\"claim-t6-order\""), std::string::npos);
  EXPECT_LT(answer.out.find("Of 4 claims"), answer.out.find("id=\"table6\""));
}

}  // namespace mra
