#include "harness/data/image_ops.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace mra {

namespace {

using Table = std::array<uint8_t, 256>;  // new value of every old one

template <typename Change>
Table table_of(Change change) {
  Table table;
  for (int value = 0; value < 256; ++value) table[size_t(value)] = uint8_t(change(value));
  return table;
}

void look_up(Image& image, const Table& table) {
  for (uint8_t& value : image.rgb) value = table[value];
}

void look_up(Image& image, const std::array<Table, 3>& tables) {
  for (size_t i = 0; i < image.rgb.size(); i += 3)
    for (size_t c = 0; c < 3; ++c) image.rgb[i + c] = tables[c][image.rgb[i + c]];
}

using Histogram = std::array<int64_t, 256>;

std::array<Histogram, 3> histograms(const Image& image) {
  std::array<Histogram, 3> counts{};
  for (size_t i = 0; i < image.rgb.size(); i += 3)
    for (size_t c = 0; c < 3; ++c) ++counts[c][image.rgb[i + c]];
  return counts;
}

/// Pillow's convert("L").
uint8_t grey_of(const uint8_t* rgb) {
  return uint8_t((19595u * rgb[0] + 38470u * rgb[1] + 7471u * rgb[2] + 32768u) >> 16);
}

/// Pillow's blend of a degenerate value with the picture's, cut and not rounded.
uint8_t blend(uint8_t degenerate, uint8_t value, float factor) {
  const float mixed = float(degenerate) + factor * (float(value) - float(degenerate));
  if (factor >= 0 && factor <= 1) return uint8_t(mixed);
  return mixed <= 0 ? 0 : mixed >= 255 ? 255 : uint8_t(mixed);
}

/// Blends towards one value everywhere.
void blend_with(Image& image, uint8_t degenerate, double factor) {
  if (float(factor) == 1) return;
  look_up(image,
          table_of([&](int value) { return blend(degenerate, uint8_t(value), float(factor)); }));
}

Table identity() {
  return table_of([](int value) { return value; });
}

Table stretched(const Histogram& counts) {
  const auto is_there = [](int64_t count) { return count > 0; };
  const auto first = std::find_if(counts.begin(), counts.end(), is_there);
  const auto last = std::find_if(counts.rbegin(), counts.rend(), is_there);
  if (first == counts.end()) return identity();
  const int low = int(first - counts.begin()), high = 255 - int(last - counts.rbegin());
  if (high <= low) return identity();
  const double scale = 255.0 / (high - low), offset = -low * scale;
  return table_of([&](int value) { return std::clamp(int(value * scale + offset), 0, 255); });
}

Table levelled(const Histogram& counts) {
  int64_t pixels = 0, last = 0, bins = 0;
  for (const int64_t count : counts) {
    pixels += count;
    if (count == 0) continue;
    last = count;
    ++bins;
  }
  const int64_t step = (pixels - last) / 255;
  if (bins <= 1 || step == 0) return identity();
  int64_t sum = step / 2;
  Table table;
  for (size_t value = 0; value < 256; ++value) {
    table[value] = uint8_t(std::min<int64_t>(255, sum / step));
    sum += counts[value];
  }
  return table;
}

template <typename MakeTable>
void change_channels(Image& image, MakeTable make) {
  const auto counts = histograms(image);
  look_up(image, {make(counts[0]), make(counts[1]), make(counts[2])});
}

}  // namespace

void invert(Image& image) {
  for (uint8_t& value : image.rgb) value = uint8_t(255 - value);
}

void solarize(Image& image, double threshold) {
  look_up(image, table_of([&](int value) { return value < threshold ? value : 255 - value; }));
}

void solarize_add(Image& image, int amount) {
  look_up(image, table_of([&](int value) {
            return value < 128 ? std::clamp(value + amount, 0, 255) : value;
          }));
}

void posterize(Image& image, int bits) {
  const int mask = ~((1 << (8 - bits)) - 1);
  look_up(image, table_of([&](int value) { return value & mask; }));
}

void auto_contrast(Image& image) {
  change_channels(image, stretched);
}

void equalize(Image& image) {
  change_channels(image, levelled);
}

void grayscale(Image& image) {
  for (size_t i = 0; i < image.rgb.size(); i += 3)
    std::memset(&image.rgb[i], grey_of(&image.rgb[i]), 3);
}

void color(Image& image, double factor) {
  if (float(factor) == 1) return;
  for (size_t i = 0; i < image.rgb.size(); i += 3) {
    const uint8_t grey = grey_of(&image.rgb[i]);
    for (size_t c = 0; c < 3; ++c) image.rgb[i + c] = blend(grey, image.rgb[i + c], float(factor));
  }
}

void contrast(Image& image, double factor) {
  int64_t sum = 0;
  for (size_t i = 0; i < image.rgb.size(); i += 3) sum += grey_of(&image.rgb[i]);
  const auto pixels = double(std::max<size_t>(1, image.rgb.size() / 3));
  blend_with(image, uint8_t(double(sum) / pixels + 0.5), factor);
}

void brightness(Image& image, double factor) {
  blend_with(image, 0, factor);
}

/// The 3×3 kernel 1 1 1, 1 5 1, 1 1 1 over 13; the outermost pixels stay as they are.
void smooth(Image& image, Image& scratch) {
  scratch.resize(image.height_px, image.width_px);
  scratch.rgb = image.rgb;
  for (int y = 1; y + 1 < image.height_px; ++y) {
    const uint8_t* rows[3] = {scratch.row(y - 1), scratch.row(y), scratch.row(y + 1)};
    uint8_t* out = image.row(y);
    for (int i = 3; i < 3 * (image.width_px - 1); ++i) {
      int sum = 4 * rows[1][i];
      for (const uint8_t* row : rows) sum += row[i - 3] + row[i] + row[i + 3];
      out[i] = uint8_t((2 * sum + 13) / 26);
    }
  }
}

void sharpness(Image& image, double factor, Image& scratch) {
  if (float(factor) == 1) return;
  smooth(image, scratch);  // leaves the picture itself in `scratch`
  for (size_t i = 0; i < image.rgb.size(); ++i)
    image.rgb[i] = blend(image.rgb[i], scratch.rgb[i], float(factor));
}

void fill_box(Image& image, int top, int bottom, int left, int right, Rgb fill) {
  left = std::max(left, 0);
  right = std::min(right, image.width_px);
  for (int y = std::max(top, 0); y < std::min(bottom, image.height_px); ++y)
    for (int x = left; x < right; ++x) std::copy(fill.begin(), fill.end(), image.row(y) + 3 * x);
}

void cutout_rectangle(Image& image, double side_px, double center_x, double center_y) {
  if (side_px <= 0) return;
  constexpr Rgb kGrey{125, 123, 114};
  const int left = int(std::max(0.0, center_x - side_px / 2));
  const int top = int(std::max(0.0, center_y - side_px / 2));
  // Both corners belong to the rectangle, the far one cut to a whole pixel.
  const int right = int(std::min(double(image.width_px), left + side_px));
  const int bottom = int(std::min(double(image.height_px), top + side_px));
  fill_box(image, top, bottom + 1, left, right + 1, kGrey);
}

}  // namespace mra
