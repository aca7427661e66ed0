#include "harness/data/shape_outline.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "harness/data/shapes.h"

namespace mra {
namespace {

float length(float u, float v) {
  return std::sqrt(u * u + v * v);
}

/// Distance to a rectangle around (center_u, center_v).
float rectangle(float u, float v, float center_u, float center_v, float half_u, float half_v) {
  const float du = std::abs(u - center_u) - half_u, dv = std::abs(v - center_v) - half_v;
  return length(std::max(du, 0.0f), std::max(dv, 0.0f)) + std::min(std::max(du, dv), 0.0f);
}

float disc(float u, float v) {
  return length(u, v) - 0.85f;
}

float ring(float u, float v) {
  return std::abs(length(u, v) - 0.72f) - 0.2f;
}

float square(float u, float v) {
  return rectangle(u, v, 0, 0, 0.68f, 0.68f);
}

float triangle(float u, float v) {
  constexpr float kInner = 0.48f, kSine = 0.8660254f;
  return std::max({-v - kInner, 0.5f * v + kSine * u - kInner, 0.5f * v - kSine * u - kInner});
}

float plus(float u, float v) {
  return std::min(rectangle(u, v, 0, 0, 0.92f, 0.24f), rectangle(u, v, 0, 0, 0.24f, 0.92f));
}

/// Distance to a star of five points. The plane is folded onto half a point, whose edge is a line.
float star(float u, float v) {
  constexpr float kTip = 1.0f, kNotch = 0.4f;
  constexpr float kSector = 2 * std::numbers::pi_v<float> / 5;
  const float angle = std::atan2(v, u);
  const float folded = std::abs(angle - kSector * std::round(angle / kSector));
  const float r = length(u, v), x = r * std::cos(folded), y = r * std::sin(folded);
  const float notch_x = kNotch * std::cos(kSector / 2), notch_y = kNotch * std::sin(kSector / 2);
  const float edge_x = notch_x - kTip, edge_y = notch_y;
  return (edge_y * (x - kTip) - edge_x * y) / length(edge_x, edge_y);
}

float crescent(float u, float v) {
  return std::max(length(u, v) - 0.95f, 0.78f - length(u - 0.5f, v));
}

float bar(float u, float v) {
  return rectangle(u, v, 0, 0, 0.96f, 0.2f);
}

float corner(float u, float v) {
  return std::min(rectangle(u, v, -0.46f, 0, 0.22f, 0.7f),
                  rectangle(u, v, 0, -0.48f, 0.68f, 0.22f));
}

float hourglass(float u, float v) {
  constexpr float kSlope = 0.85f;
  const float sides = (std::abs(u) - kSlope * std::abs(v) - 0.06f) / std::sqrt(1 + kSlope * kSlope);
  return std::max(sides, std::abs(v) - 0.72f);
}

struct Outline {
  const char* name;
  float (*distance)(float u, float v);
};

constexpr Outline kOutlines[] = {
    {"disc", disc},     {"ring", ring},           {"square", square},     {"triangle", triangle},
    {"plus", plus},     {"star", star},           {"crescent", crescent}, {"bar", bar},
    {"corner", corner}, {"hourglass", hourglass},
};

}  // namespace

float outline_distance(int shape, float u, float v) {
  return kOutlines[shape].distance(u, v);
}

const std::vector<std::string>& shape_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> list;
    for (const Outline& outline : kOutlines) list.emplace_back(outline.name);
    return list;
  }();
  return names;
}

}  // namespace mra
