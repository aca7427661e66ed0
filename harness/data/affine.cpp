#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <numbers>
#include <vector>

#include <emmintrin.h>

#include "harness/data/affine_parts.h"
#include "harness/data/avx2.h"

namespace mra {

namespace {

/// The pixels that a filter reads around one place: its top left pixel (not clamped), and the
/// offset of the place from the centre of that pixel, in pixels.
struct Around {
  int left = 0, top = 0;
  double dx = 0, dy = 0;
};

int clamped(int place, int size) {
  return std::clamp(place, 0, size - 1);
}

double linear(double a, double b, double d) {
  return a + (b - a) * d;
}

double cubic(double v1, double v2, double v3, double v4, double d) {
  const double p2 = -v1 + v3, p3 = 2 * (v1 - v2) + v3 - v4, p4 = -v1 + v2 - v3 + v4;
  return v2 + d * (p2 + d * (p3 + d * p4));
}

uint8_t bilinear_at(const Image& from, const Around& at, int channel) {
  const int left = 3 * clamped(at.left, from.width_px) + channel;
  const int right = 3 * clamped(at.left + 1, from.width_px) + channel;
  const auto along = [&](int row) {
    const uint8_t* in = from.row(row);
    return linear(in[left], in[right], at.dx);
  };
  const double upper = along(clamped(at.top, from.height_px));
  const bool has_lower = at.top + 1 >= 0 && at.top + 1 < from.height_px;
  return uint8_t(linear(upper, has_lower ? along(at.top + 1) : upper, at.dy));
}

uint8_t bicubic_at(const Image& from, const Around& at, int channel) {
  int columns[4];
  for (int i = 0; i < 4; ++i) columns[i] = 3 * clamped(at.left - 1 + i, from.width_px) + channel;
  const auto along = [&](int row) {
    const uint8_t* in = from.row(row);
    return cubic(in[columns[0]], in[columns[1]], in[columns[2]], in[columns[3]], at.dx);
  };
  double rows[4];
  rows[0] = along(clamped(at.top - 1, from.height_px));
  for (int i = 1; i < 4; ++i) {
    const int row = at.top - 1 + i;
    rows[i] = row >= 0 && row < from.height_px ? along(row) : rows[i - 1];
  }
  const double value = cubic(rows[0], rows[1], rows[2], rows[3], at.dy);
  return value <= 0 ? 0 : value >= 255 ? 255 : uint8_t(value);
}

/// Four bytes as doubles: the three channels of a pixel and the first of the next one.
struct FourDoubles {
  __m128d low, high;
};

FourDoubles as_doubles(__m128i words) {
  const __m128i whole = _mm_unpacklo_epi16(words, _mm_setzero_si128());
  return {_mm_cvtepi32_pd(whole), _mm_cvtepi32_pd(_mm_unpackhi_epi64(whole, whole))};
}

__m128d linear(__m128d a, __m128d b, __m128d d) {
  return _mm_add_pd(a, _mm_mul_pd(_mm_sub_pd(b, a), d));
}

FourDoubles linear(const FourDoubles& a, const FourDoubles& b, __m128d d) {
  return {linear(a.low, b.low, d), linear(a.high, b.high, d)};
}

/// Interpolates between the pixel at `left` and the next one. Reads eight bytes.
FourDoubles between(const uint8_t* left, __m128d dx) {
  const __m128i bytes = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(left));
  const __m128i words = _mm_unpacklo_epi8(bytes, _mm_setzero_si128());
  return linear(as_doubles(words), as_doubles(_mm_srli_si128(words, 6)), dx);
}

/// bilinear_at() for all three channels, where no clamping is needed.
void bilinear_inside(const uint8_t* upper, const uint8_t* lower, double dx, double dy,
                     uint8_t* out) {
  const __m128d across = _mm_set1_pd(dx), down = _mm_set1_pd(dy);
  const FourDoubles mixed = linear(between(upper, across), between(lower, across), down);
  const __m128i whole =
      _mm_unpacklo_epi64(_mm_cvttpd_epi32(mixed.low), _mm_cvttpd_epi32(mixed.high));
  const __m128i words = _mm_packs_epi32(whole, whole);
  const int bytes = _mm_cvtsi128_si32(_mm_packus_epi16(words, words));
  std::memcpy(out, &bytes, 3);
}

/// Whether every byte that bilinear_inside() reads is inside the picture.
bool lies_inside(const Image& from, const Around& at) {
  // As unsigned numbers, negative places are larger than any size, so one comparison is enough.
  const auto beyond_right = unsigned(std::max(0, from.width_px - 2));
  const auto beyond_bottom = unsigned(std::max(0, from.height_px - 1));
  return unsigned(at.left) < beyond_right && unsigned(at.top) < beyond_bottom;
}

/// Returns floor(place − ½) for a place ≥ 0.
int floor_of_half_less(double place) {
  return place < 0.5 ? -1 : int(place - 0.5);
}

Around around(const RowPlaces& places, int column) {
  const double x = places.x(column), y = places.y(column);
  Around at;
  at.left = floor_of_half_less(x);
  at.top = floor_of_half_less(y);
  at.dx = x - 0.5 - at.left;
  at.dy = y - 0.5 - at.top;
  return at;
}

/// Calls `write` with the places of each output row and the columns whose places are inside the
/// input; fills the others.
template <typename Write>
void for_rows(const Image& from, const Affine& m, Rgb fill, Image& to, Write write) {
  thread_local std::vector<double> of_columns;
  const auto width = size_t(to.width_px);
  of_columns.resize(2 * width);
  for (size_t x = 0; x < width; ++x) {
    of_columns[x] = m[0] * (double(x) + 0.5);
    of_columns[width + x] = m[3] * (double(x) + 0.5);
  }
  RowPlaces places{of_columns.data(), of_columns.data() + width, 0, 0, m[2], m[5]};
  for (int y = 0; y < to.height_px; ++y) {
    places.row_x = m[1] * (y + 0.5), places.row_y = m[4] * (y + 0.5);
    const Span span = span_of(to.width_px, [&](int x) {
      return places.x(x) >= 0 && places.x(x) < from.width_px && places.y(x) >= 0 &&
             places.y(x) < from.height_px;
    });
    fill_around(to, y, span, fill);
    write(places, span, to.row(y));
  }
}

void bilinear_one(const Image& from, const Around& at, uint8_t* out) {
  if (lies_inside(from, at)) [[likely]] {
    const uint8_t* corner = from.row(at.top) + 3 * at.left;
    return bilinear_inside(corner, corner + 3 * from.width_px, at.dx, at.dy, out);
  }
  for (int channel = 0; channel < 3; ++channel) out[channel] = bilinear_at(from, at, channel);
}

void transform_bilinear(const Image& from, const Affine& m, Rgb fill, Image& to) {
  const bool by_four = uses_avx2();
  for_rows(from, m, fill, to, [&](const RowPlaces& places, const Span& span, uint8_t* row) {
    for (Span left = span; left.first < left.end; ++left.first) {
      if (by_four) left.first = bilinear_fours(from, places, left, row);
      if (left.first < left.end)
        bilinear_one(from, around(places, left.first), row + 3 * left.first);
    }
  });
}

void transform_bicubic(const Image& from, const Affine& m, Rgb fill, Image& to) {
  for_rows(from, m, fill, to, [&](const RowPlaces& places, const Span& span, uint8_t* row) {
    for (int x = span.first; x < span.end; ++x)
      for (int channel = 0; channel < 3; ++channel)
        row[3 * x + channel] = bicubic_at(from, around(places, x), channel);
  });
}

/// Equals Python's round(value, 15).
double to_15_decimals(double value) {
  char text[64];
  std::snprintf(text, sizeof text, "%.15f", value);
  return std::strtod(text, nullptr);
}

/// Turns a picture by quarter turns counter-clockwise. Its new size may differ.
void turn_exactly(Image& image, int quarters, Image& scratch) {
  std::swap(image, scratch);
  image.resize(scratch.height_px, scratch.width_px);
  const int last_x = image.width_px - 1, last_y = image.height_px - 1;
  for (int y = 0; y <= last_y; ++y)
    for (int x = 0; x <= last_x; ++x) {
      const int in_x = quarters == 1 ? last_x - y : quarters == 2 ? last_x - x : y;
      const int in_y = quarters == 1 ? x : quarters == 2 ? last_y - y : last_y - x;
      copy_pixel(scratch.row(in_y) + 3 * in_x, image.row(y) + 3 * x);
    }
}

}  // namespace

void transform(Image& image, const Affine& matrix, const Sampling& sampling, Image& scratch) {
  std::swap(image, scratch);
  image.resize(scratch.height_px, scratch.width_px);
  if (sampling.resample == Resample::kBilinear)
    transform_bilinear(scratch, matrix, sampling.fill, image);
  else if (sampling.resample == Resample::kBicubic)
    transform_bicubic(scratch, matrix, sampling.fill, image);
  else if (matrix[1] == 0 && matrix[3] == 0)
    shift_nearest(scratch, matrix, sampling.fill, image);
  else
    transform_nearest(scratch, matrix, sampling.fill, image);
}

void rotate(Image& image, double degrees, const Sampling& sampling, Image& scratch) {
  degrees = std::fmod(degrees, 360.0);
  if (degrees < 0) degrees += 360.0;
  if (degrees == 0) return;
  if (degrees == 180) return turn_exactly(image, 2, scratch);
  const bool square = image.width_px == image.height_px;
  if (square && (degrees == 90 || degrees == 270))
    return turn_exactly(image, degrees == 90 ? 1 : 3, scratch);
  const double angle = -degrees * (std::numbers::pi / 180.0);
  const double cosine = to_15_decimals(std::cos(angle)), sine = to_15_decimals(std::sin(angle));
  const double x = image.width_px / 2.0, y = image.height_px / 2.0;
  const double minus_sine = to_15_decimals(-std::sin(angle));
  transform(image,
            {cosine, sine, cosine * -x + sine * -y + x, minus_sine, cosine,
             minus_sine * -x + cosine * -y + y},
            sampling, scratch);
}

}  // namespace mra
