#pragma once

#include <string>

namespace cv {
class Mat;
}

namespace mra {

/// The width of `text` at its usual size, in pixels. UTF-8: Latin letters with their marks; other
/// letters are shown as \u0416.
int text_width(const std::string& text);

/// Writes it from (x, y), the left end of its baseline: as large as fits `width_px`, at most at its
/// usual size.
void write_text(cv::Mat& canvas, const std::string& text, int x, int y, int width_px);

}  // namespace mra
