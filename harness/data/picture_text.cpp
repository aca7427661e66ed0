#include "harness/data/picture_text.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
#include <vector>

#include <fmt/format.h>
#include <opencv2/imgproc.hpp>

#include "harness/base/text.h"

namespace mra {

namespace {

constexpr double kScale = 0.5;
const cv::Scalar kInk(40, 35, 30);  // nearly black

/// Strokes of a mark, from (x, y) to (x, y): x in widths of its letter, y in heights of a mark
/// above the letter, negative below the baseline.
using Strokes = std::vector<std::pair<cv::Point2d, cv::Point2d>>;

/// The letters of one mark: its combining form, then each letter with the mark, after its plain
/// one.
struct Mark {
  const char* combining;
  const char* letters;
  Strokes strokes;
};

const std::vector<Mark>& marks() {
  static const std::vector<Mark> kMarks = {
      {"\u0300", "aàeèiìoòuùAÀEÈIÌOÒUÙ", {{{.3, 1}, {.6, .3}}}},
      {"\u0301", "aáeéiíoóuúyýcćnńsśzźAÁEÉIÍOÓUÚYÝCĆNŃSŚZŹ", {{{.6, 1}, {.3, .3}}}},
      {"\u0302", "aâeêiîoôuûAÂEÊIÎOÔUÛ", {{{.2, .3}, {.5, 1}}, {{.5, 1}, {.8, .3}}}},
      {"\u0303",
       "aãnñoõAÃNÑOÕ",
       {{{.1, .4}, {.4, .8}}, {{.4, .8}, {.6, .4}}, {{.6, .4}, {.9, .8}}}},
      {"\u0308", "aäeëiïoöuüyÿAÄEËIÏOÖUÜYŸ", {{{.25, .6}, {.3, .6}}, {{.7, .6}, {.75, .6}}}},
      {"\u030a",
       "aåuůAÅUŮ",
       {{{.5, 1}, {.7, .6}}, {{.7, .6}, {.5, .2}}, {{.5, .2}, {.3, .6}}, {{.3, .6}, {.5, 1}}}},
      {"\u030b", "oőuűOŐUŰ", {{{.4, 1}, {.2, .3}}, {{.8, 1}, {.6, .3}}}},
      {"\u030c", "cčdďeěnňrřsštťzžCČDĎEĚNŇRŘSŠTŤZŽ", {{{.2, 1}, {.5, .3}}, {{.5, .3}, {.8, 1}}}},
      {"\u0327", "cçsşCÇSŞ", {{{.5, 0}, {.6, -.4}}, {{.6, -.4}, {.4, -.8}}}},
      {"\u0328", "aąeęAĄEĘ", {{{.7, 0}, {.6, -.5}}, {{.6, -.5}, {.8, -.8}}}},
      {"\u0338", "oølłOØLŁ", {{{.1, -.3}, {.9, .3}}}}};
  return kMarks;
}

/// Whole letters, each of one to three bytes.
std::vector<std::string> letters_of(const std::string& text) {
  std::vector<std::string> letters;
  for (const char byte : text) {
    if ((uint8_t(byte) & 0xC0) != 0x80 || letters.empty()) letters.emplace_back();
    letters.back() += byte;
  }
  return letters;
}

/// Letter with a mark -> the plain letter and the mark; a combining mark -> "" and the mark.
const std::map<std::string, std::pair<std::string, const Mark*>>& marked_letters() {
  static const auto kLetters = [] {
    std::map<std::string, std::pair<std::string, const Mark*>> known;
    for (const Mark& mark : marks()) {
      known[mark.combining] = {"", &mark};
      const auto letters = letters_of(mark.letters);
      for (size_t i = 0; i + 1 < letters.size(); i += 2)
        known[letters[i + 1]] = {letters[i], &mark};
    }
    return known;
  }();
  return kLetters;
}

/// A text as the font can write it, and the marks of its letters by their index.
struct Written {
  std::string plain;
  std::vector<std::pair<size_t, const Mark*>> marks;
};

Written written(const std::string& text) {
  static const std::map<std::string, std::string> kPairs = {
      {"ß", "ss"}, {"æ", "ae"}, {"Æ", "AE"}, {"œ", "oe"}, {"Œ", "OE"}};
  Written result;
  for (const std::string& letter : letters_of(valid_utf8(text))) {
    if (const auto found = marked_letters().find(letter); found != marked_letters().end()) {
      result.plain += found->second.first;
      if (!result.plain.empty())
        result.marks.emplace_back(result.plain.size() - 1, found->second.second);
    } else if (const auto pair = kPairs.find(letter); pair != kPairs.end()) {
      result.plain += pair->second;
    } else if (letter.size() == 1) {
      result.plain += shown(letter);
    } else {
      result.plain += escaped_letter(letter);
    }
  }
  return result;
}

int width_of(const std::string& plain, double scale) {
  return cv::getTextSize(plain, cv::FONT_HERSHEY_SIMPLEX, scale, 1, nullptr).width;
}

/// A letter of the font is 21 units high, or 14 when it is small.
double height_of(char letter) {
  return std::isupper(uint8_t(letter)) ||
                 std::string_view("bdfhklt").find(letter) != std::string::npos
             ? 21
             : 14;
}

void write_mark(cv::Mat& canvas, const Written& text, size_t index, const Mark& mark,
                cv::Point place, double scale) {
  const double left = place.x + width_of(text.plain.substr(0, index), scale);
  const double wide = place.x + width_of(text.plain.substr(0, index + 1), scale) - left;
  const double height = height_of(text.plain[index]) * scale, step = 9 * scale;
  const bool through = std::string_view(mark.combining) == "\u0338";
  const auto at = [&](const cv::Point2d& point) {
    const double y = through       ? height * (0.5 + 2 * point.y)
                     : point.y > 0 ? height + step * point.y
                                   : step * point.y;
    return cv::Point(int(std::lround(left + wide * point.x)), int(std::lround(place.y - y)));
  };
  for (const auto& [from, to] : mark.strokes)
    cv::line(canvas, at(from), at(to), kInk, 1, cv::LINE_AA);
}

}  // namespace

int text_width(const std::string& text) {
  return width_of(written(text).plain, kScale);
}

void write_text(cv::Mat& canvas, const std::string& text, int x, int y, int width_px) {
  const cv::Point place(x, y);
  const Written letters = written(text);
  const int usual_px = std::max(1, width_of(letters.plain, kScale));
  const double scale = kScale * std::min(1.0, double(width_px) / usual_px);
  cv::putText(canvas, letters.plain, place, cv::FONT_HERSHEY_SIMPLEX, scale, kInk, 1, cv::LINE_AA);
  for (const auto& [index, mark] : letters.marks)
    write_mark(canvas, letters, index, *mark, place, scale);
}

}  // namespace mra
