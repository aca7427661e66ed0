#include "reports/svg.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <sstream>

#include <fmt/format.h>

#include "reports/html.h"

namespace mra {

namespace {

// Neighbours differ much in lightness (L* 14, 51, 30, 61, 41, 59), so that they are distinct in
// greyscale; the lightest still has a contrast of 3 to white.
constexpr const char* kColours[kLooks] = {"#10243e", "#2a8a57", "#7a1f6b",
                                          "#dd7a14", "#1b62b0", "#8a8f98"};

/// The SVG attributes of each style in a file of its own.
const std::map<std::string, std::string>& attributes() {
  static const std::map<std::string, std::string> kAttributes = {
      {"grid", R"(stroke="#d5dade" stroke-width="1")"},
      {"axis", R"(stroke="#3c444b" stroke-width="1")"},
      {"break", R"(fill="none" stroke="#3c444b" stroke-width="1")"},
      {"curve", R"(fill="none" stroke-width="2")"},
      {"bar", R"(fill="none" stroke-width="1.4")"},
      {"marker", R"(stroke="#ffffff" stroke-width="1")"},
      {"marker open", R"(fill="#ffffff" stroke-width="2")"},
      {"label", ""},
      {"heading", R"(font-weight="bold")"},
      {"remark", R"(font-size="11" fill="#3c444b")"}};
  return kAttributes;
}

const char* name(Svg::Anchor anchor) {
  static constexpr const char* kNames[] = {"start", "middle", "end"};
  return kNames[int(anchor)];
}

}  // namespace

std::string Svg::styled(const std::string& style) const {
  if (use_ == SvgUse::kInPage) return fmt::format("class=\"{}\"", style);
  return attributes().at(style);
}

void Svg::line(const char* style, double x1, double y1, double x2, double y2) {
  shapes_ += fmt::format("<line {} x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\"/>\n",
                         styled(style), x1, y1, x2, y2);
}

void Svg::path(const char* style, const std::string& d, const std::string& more) {
  shapes_ +=
      fmt::format("<path {}{}{} d=\"{}\"/>\n", styled(style), more.empty() ? "" : " ", more, d);
}

void Svg::text(Anchor anchor, double x, double y, const std::string& words, const char* style) {
  shapes_ += fmt::format("<text {} x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\">{}</text>\n",
                         styled(style), x, y, name(anchor), html_escaped(words));
}

void Svg::upright_text(double x, double y, const std::string& words) {
  shapes_ += fmt::format(
      "<text {0} x=\"{1:.1f}\" y=\"{2:.1f}\" text-anchor=\"middle\" "
      "transform=\"rotate(-90 {1:.1f} {2:.1f})\">{3}</text>\n",
      styled("label"), x, y, html_escaped(words));
}

// With "crispEdges", because viewers show pale seams between neighbouring cells without it.
void Svg::cell(double x, double y, double width, double height, const std::string& colour) {
  shapes_ += fmt::format(
      "<rect x=\"{:.2f}\" y=\"{:.2f}\" width=\"{:.2f}\" height=\"{:.2f}\" fill=\"{}\" "
      "shape-rendering=\"crispEdges\"/>\n",
      x, y, width, height, colour);
}

void Svg::begin_group(size_t look) {
  look %= kLooks;
  shapes_ += use_ == SvgUse::kInPage
                 ? fmt::format("<g class=\"s{}\">\n", look)
                 : fmt::format("<g stroke=\"{0}\" fill=\"{0}\">\n", kColours[look]);
}

void Svg::end_group() {
  shapes_ += "</g>\n";
}

std::string Svg::finish(double width, double height, const std::string& name) const {
  if (use_ == SvgUse::kInPage)
    return fmt::format(
        "<svg class=\"chart\" viewBox=\"0 0 {:.0f} {:.0f}\" role=\"img\" aria-label=\"{}\">\n"
        "{}</svg>\n",
        width, height, html_escaped(name), shapes_);
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0:.0f}\" height=\"{1:.0f}\" "
      "viewBox=\"0 0 {0:.0f} {1:.0f}\" role=\"img\"\n"
      "     font-family=\"Arial, Helvetica, 'Liberation Sans', 'DejaVu Sans', sans-serif\" "
      "font-size=\"13\" fill=\"#1d2329\">\n"
      "<title>{2}</title>\n"
      "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n{3}</svg>\n",
      width, height, html_escaped(name), shapes_);
}

double text_width_px(const std::string& words, double font_px) {
  constexpr double kEmPerLetter = 0.57;
  const auto letters = std::count_if(words.begin(), words.end(), [](unsigned char byte) {
    return (byte & 0xC0) != 0x80;  // not a continuation byte of UTF-8
  });
  return double(letters) * kEmPerLetter * font_px;
}

std::vector<std::string> wrapped(const std::string& words, double width_px, double font_px) {
  std::istringstream input(words);
  std::vector<std::string> lines;
  for (std::string word; input >> word;) {
    if (!lines.empty() && text_width_px(lines.back() + " " + word, font_px) <= width_px)
      lines.back() += " " + word;
    else
      lines.push_back(word);
  }
  return lines;
}

}  // namespace mra
