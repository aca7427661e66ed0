#include <algorithm>
#include <cmath>

#include "harness/data/image_ops.h"

namespace mra {

namespace {

struct Hsv {
  uint8_t hue = 0, saturation = 0, value = 0;
};

uint8_t cut_to_byte(int value) {
  return uint8_t(std::clamp(value, 0, 255));
}

/// Pillow's convert("HSV") for one pixel.
Hsv hsv_of(const uint8_t* rgb) {
  const uint8_t high = std::max({rgb[0], rgb[1], rgb[2]}), low = std::min({rgb[0], rgb[1], rgb[2]});
  if (high == low) return {0, 0, high};
  const auto range = float(high - low);
  const float red = float(high - rgb[0]) / range, green = float(high - rgb[1]) / range,
              blue = float(high - rgb[2]) / range;
  float sextant = 0;
  if (rgb[0] == high)
    sextant = blue - green;
  else if (rgb[1] == high)
    sextant = float(2.0 + red - blue);
  else
    sextant = float(4.0 + green - red);
  const auto turn = float(std::fmod(sextant / 6.0 + 1.0, 1.0));
  const float saturation = range / float(high);
  return {cut_to_byte(int(turn * 255.0)), cut_to_byte(int(saturation * 255.0)), high};
}

/// Pillow's conversion back to RGB.
void put_rgb(const Hsv& hsv, uint8_t* rgb) {
  const double place = double(hsv.hue) * 6.0 / 255.0;
  const int sextant = int(place);
  const auto beyond = float(place - sextant), saturation = float(hsv.saturation / 255.0);
  const auto scaled = [&](double factor) {
    return cut_to_byte(int(std::round(double(hsv.value) * factor)));
  };
  const uint8_t v = hsv.value, p = scaled(1.0 - saturation),
                q = scaled(1.0 - double(saturation * beyond)),
                t = scaled(1.0 - saturation * (1.0 - beyond));
  const Rgb ways[6] = {{v, t, p}, {q, v, p}, {p, v, t}, {p, q, v}, {t, p, v}, {v, p, q}};
  const Rgb way = hsv.saturation == 0 ? Rgb{v, v, v} : ways[sextant % 6];
  std::copy(way.begin(), way.end(), rgb);
}

}  // namespace

void hue(Image& image, double turns) {
  const auto shift = uint8_t(int(turns * 255));  // wraps around, like the circle
  for (size_t i = 0; i < image.rgb.size(); i += 3) {
    Hsv hsv = hsv_of(&image.rgb[i]);
    hsv.hue = uint8_t(hsv.hue + shift);
    put_rgb(hsv, &image.rgb[i]);
  }
}

}  // namespace mra
