#include "reports/heat_map.h"

#include <cmath>
#include <cstdlib>
#include <limits>
#include <regex>
#include <set>

#include <gtest/gtest.h>

#include "harness/base/error.h"
#include "harness/base/file.h"

namespace mra {

namespace {

/// Colours of the rectangles after the white ground: cells row by row, then the bar.
std::vector<std::string> colours(const std::string& svg) {
  static const std::regex kCell("<rect x=[^>]*fill=\"#([0-9a-f]{6})\"");
  std::vector<std::string> found;
  for (auto i = std::sregex_iterator(svg.begin(), svg.end(), kCell); i != std::sregex_iterator();
       ++i)
    found.push_back((*i)[1]);
  return found;
}

/// As a grey print shows it (Rec. 709 of the encoded values will do to compare).
double lightness(const std::string& colour) {
  const auto part = [&](size_t at) { return double(std::stoi(colour.substr(at, 2), nullptr, 16)); };
  return 0.2126 * part(0) + 0.7152 * part(2) + 0.0722 * part(4);
}

/// Eight by eight, high in the middle.
std::vector<std::vector<double>> hill() {
  std::vector<std::vector<double>> values(8, std::vector<double>(8));
  for (size_t r = 0; r < 8; ++r)
    for (size_t c = 0; c < 8; ++c)
      values[r][c] = std::exp(-(std::pow(double(r) - 3, 2) + std::pow(double(c) - 4, 2)) / 12) / 40;
  return values;
}

}  // namespace

TEST(HeatMap, ASquareANumberBesideABar) {
  const auto found = colours(heat_map_svg({{0, 1}, {2, 3}}, "scores"));
  ASSERT_EQ(found.size(), 4u + 64u);
  EXPECT_EQ(std::set<std::string>(found.begin(), found.begin() + 4).size(), 4u);
}

TEST(HeatMap, LargerNumbersAreDarkerAlsoInGrey) {
  std::vector<double> rising;
  for (int i = 0; i < 50; ++i) rising.push_back(i);
  const auto found = colours(heat_map_svg({rising}, "scores"));
  for (size_t i = 1; i < rising.size(); ++i)
    EXPECT_LT(lightness(found[i]), lightness(found[i - 1]) - 1) << i;
}

TEST(HeatMap, SaysWhatTheShadesMean) {
  const std::string svg = heat_map_svg({{0.25, 0.5}, {1.25, 0.75}}, "mean score < 2");
  for (const char* words : {">max 1.25<", ">0.75<", ">min 0.25<", "mean score &lt; 2"})
    EXPECT_NE(svg.find(words), std::string::npos) << words;
}

TEST(HeatMap, OfEqualNumbersHasOneShadeAndOneNumber) {
  const std::string svg = heat_map_svg({{0.5, 0.5}}, "flat");
  EXPECT_EQ(colours(svg)[0], colours(svg)[1]);
  EXPECT_NE(svg.find(">all 0.5<"), std::string::npos);
  EXPECT_EQ(svg.find("nan"), std::string::npos);
}

TEST(HeatMap, RefusesWhatIsNoGrid) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THROW(heat_map_svg({}, "empty"), Error);
  EXPECT_THROW(heat_map_svg({{}}, "empty"), Error);
  EXPECT_THROW(heat_map_svg({{1, 2}, {3}}, "ragged"), Error);
  EXPECT_THROW(heat_map_svg({{1, nan}}, "not finite"), Error);
}

TEST(HeatMap, IsDrawnByteForByte) {
  const std::filesystem::path path =
      std::filesystem::path(HARNESS_SOURCE_DIR) / "tests/reports/expected/heat_map.svg";
  const std::string drawn = heat_map_svg(hill(), "Mean score per patch position");
  if (std::getenv("HARNESS_UPDATE_EXPECTED")) write_file_atomically(path, drawn);
  EXPECT_TRUE(drawn == read_file(path)) << drawn;
}

}  // namespace mra
