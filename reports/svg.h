#pragma once

#include <string>
#include <vector>

namespace mra {

/// Where a drawing will be used.
enum class SvgUse {
  kInPage,  ///< in a page whose style sheet colours the classes
  kAlone,   ///< a file of its own with white background, colours and fonts
};

/// Shapes as SVG text, all lengths in px. A `style` says what a shape is ("grid", "curve"). In a
/// page it becomes a class; in a file of its own, attributes that every viewer understands.
class Svg {
 public:
  enum class Anchor { kStart, kMiddle, kEnd };

  explicit Svg(SvgUse use) : use_(use) {}

  void line(const char* style, double x1, double y1, double x2, double y2);
  /// `d`: path data; `more`: further attributes.
  void path(const char* style, const std::string& d, const std::string& more = "");
  void text(Anchor anchor, double x, double y, const std::string& words,
            const char* style = "label");
  /// Text that reads upwards, centred at (x, y).
  void upright_text(double x, double y, const std::string& words);
  /// A filled rectangle; `colour`: "#rrggbb".
  void cell(double x, double y, double width, double height, const std::string& colour);
  /// Shapes until end_group() have the colour with the number `look`.
  void begin_group(size_t look);
  void end_group();

  /// The whole <svg> element; `name` describes the drawing for screen readers.
  std::string finish(double width, double height, const std::string& name) const;

 private:
  std::string styled(const std::string& style) const;

  SvgUse use_;
  std::string shapes_;
};

/// The number of different colours of begin_group(), which also differ in lightness.
constexpr size_t kLooks = 6;

/// An upper bound of the width of `words` in usual sans-serif fonts.
double text_width_px(const std::string& words, double font_px);

/// Breaks `words` at spaces into lines of at most `width_px`.
std::vector<std::string> wrapped(const std::string& words, double width_px, double font_px);

}  // namespace mra
