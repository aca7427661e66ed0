#pragma once

#include <string>
#include <vector>

namespace mra {

/// Where a drawing will stand.
enum class SvgUse {
  kInPage,  ///< in a page whose style gives the classes their colours
  kAlone,   ///< a file of its own: white ground, colours and fonts within
};

/// Shapes as SVG text, all lengths in px. A `style` names what a shape is ("grid", "curve"): a
/// class in a page, attributes in a file of its own, which every viewer understands.
class Svg {
 public:
  enum class Anchor { kStart, kMiddle, kEnd };

  explicit Svg(SvgUse use) : use_(use) {}

  void line(const char* style, double x1, double y1, double x2, double y2);
  /// `d`: path data; `more`: further attributes.
  void path(const char* style, const std::string& d, const std::string& more = "");
  void text(Anchor anchor, double x, double y, const std::string& words,
            const char* style = "label");
  /// Upwards, its middle at (x, y).
  void upright_text(double x, double y, const std::string& words);
  /// A rectangle of one colour, as "#rrggbb".
  void cell(double x, double y, double width, double height, const std::string& colour);
  /// Shapes until end_group() belong to the series whose colour is the `look`-th.
  void begin_group(size_t look);
  void end_group();

  /// The whole element; `name` says in words what is drawn.
  std::string finish(double width, double height, const std::string& name) const;

 private:
  std::string styled(const std::string& style) const;

  SvgUse use_;
  std::string shapes_;
};

/// How many colours begin_group() tells apart: also by their lightness alone.
constexpr size_t kLooks = 6;

/// More than `words` take in any usual font without serifs.
double text_width_px(const std::string& words, double font_px);

/// Lines of at most `width_px`, broken at spaces.
std::vector<std::string> wrapped(const std::string& words, double width_px, double font_px);

}  // namespace mra
