#include "baselines/augment/op_levels.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "harness/base/error.h"

namespace mra {

namespace {

bool is_one_of(const std::string& name, std::initializer_list<const char*> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_shear(const std::string& name) {
  return is_one_of(name, {"ShearX", "ShearY"});
}
bool is_translation(const std::string& name) {
  return is_one_of(name, {"TranslateX", "TranslateY"});
}
bool is_enhancement(const std::string& name) {
  return is_one_of(name, {"Color", "Contrast", "Brightness", "Sharpness"});
}
bool has_no_level(const std::string& name) {
  return is_one_of(name, {"AutoContrast", "Equalize", "Invert", "Identity"});
}

[[noreturn]] void fail_unknown(const std::string& name, const char* whose) {
  fail(ErrorKind::kUsage, "policy", fmt::format("{} has no operation '{}'", whose, name),
       "choose another implementation, or another policy");
}

NamedOp named(const std::string& name, double value, const Sampling& sampling) {
  NamedOp op;
  op.name = name;
  op.value = value;
  op.sampling = sampling;
  return op;
}

/// The value, if all implementations derived from Google's agree on it for this operation.
std::optional<double> common_value(const std::string& name, double strength, const OpDraw& draw) {
  if (has_no_level(name)) return 0;
  if (is_shear(name)) return strength * 0.3 * draw.sign;
  if (name == "Rotate") return strength * 30.0 * draw.sign;
  if (is_enhancement(name)) return strength * 1.8 + 0.1;
  return std::nullopt;
}

/// torch.linspace in f32, which computes from both ends towards the middle.
float linspace(float start, float end, int count, int index) {
  const float step = (end - start) / float(count - 1);
  return index < count / 2 ? start + step * float(index) : end - step * float(count - index - 1);
}

}  // namespace

NamedOp paper_op(const std::string& name, double magnitude, const OpDraw& draw,
                 const Sampling& sampling) {
  const double strength = magnitude / 10;
  if (const auto value = common_value(name, strength, draw)) return named(name, *value, sampling);
  if (is_translation(name)) return named(name + "Rel", strength * 0.45 * draw.sign, sampling);
  if (name == "Posterize") return named(name, 4 + int(strength * 4), sampling);
  if (name == "Solarize") return named(name, std::min(256, int(strength * 256)), sampling);
  fail_unknown(name, "AutoAugment");
}

NamedOp tpu_op(const std::string& name, double magnitude, const OpDraw& draw,
               const Sampling& sampling) {
  const double strength = magnitude / 10;
  if (const auto value = common_value(name, strength, draw)) return named(name, *value, sampling);
  if (is_translation(name)) return named(name, strength * 100.0 * draw.sign, sampling);
  if (name == "Posterize") return named(name, int(strength * 4), sampling);
  if (name == "Solarize") return named(name, int(strength * 256), sampling);
  if (name == "SolarizeAdd") return named(name, int(strength * 110), sampling);
  if (name != "Cutout") fail_unknown(name, "this RandAugment");
  NamedOp op = named("CutoutSquare", int(strength * 40), sampling);
  op.at_x = draw.x;
  op.at_y = draw.y;
  return op;
}

NamedOp timm_op(const std::string& name, double magnitude, bool increasing, const OpDraw& draw,
                const Sampling& sampling) {
  const double strength = magnitude / 10;
  const auto grade = [&](int most, int value) { return increasing ? most - value : value; };
  if (is_enhancement(name) && increasing)
    return named(name, std::max(0.1, 1.0 + strength * 0.9 * draw.sign), sampling);
  if (const auto value = common_value(name, strength, draw)) return named(name, *value, sampling);
  if (is_one_of(name, {"TranslateXRel", "TranslateYRel"}))
    return named(name, strength * 0.45 * draw.sign, sampling);
  if (name == "Posterize") return named(name, grade(4, int(strength * 4)), sampling);
  if (name == "Solarize")
    return named(name, grade(256, std::min(256, int(strength * 256))), sampling);
  if (name == "SolarizeAdd") return named(name, std::min(128, int(strength * 110)), sampling);
  fail_unknown(name, "this RandAugment");
}

NamedOp ildoonet_op(const std::string& name, double magnitude, const OpDraw& draw,
                    const Sampling& sampling) {
  const auto between = [&](double low, double high) { return magnitude / 30 * (high - low) + low; };
  if (has_no_level(name)) return named(name, 0, sampling);
  if (is_shear(name)) return named(name, between(0, 0.3) * draw.sign, sampling);
  if (is_translation(name)) return named(name, between(0, 100) * draw.sign, sampling);
  if (name == "Rotate") return named(name, between(0, 30) * draw.sign, sampling);
  if (is_enhancement(name)) return named(name, between(0.1, 1.9), sampling);
  if (name == "Posterize") return named(name, std::max(1, int(between(0, 4))), sampling);
  if (name == "Solarize") return named(name, between(0, 256), sampling);
  if (name != "Cutout") fail_unknown(name, "this RandAugment");
  NamedOp op = named("CutoutAbs", between(0, 40), sampling);
  op.at_x = draw.x;
  op.at_y = draw.y;
  return op;
}

NamedOp torchvision_op(const std::string& name, int bin, int bins, const OpDraw& draw,
                       const Sampling& sampling, const PictureSize& size) {
  const auto level = [&](double start, double end) {
    return double(linspace(float(start), float(end), bins, bin));
  };
  if (has_no_level(name)) return named(name, 0, sampling);
  if (is_shear(name)) return named(name, level(0, 0.3) * draw.sign, sampling);
  if (name == "Rotate") return named(name, level(0, 30) * draw.sign, sampling);
  if (is_translation(name)) {
    const int side_px = name == "TranslateX" ? size.width_px : size.height_px;
    // In torchvision a positive shift moves the content right or down, in Pillow left or up.
    return named(name, -int(level(0, 150.0 / 331.0 * side_px) * draw.sign), sampling);
  }
  if (is_enhancement(name)) return named(name, 1.0 + level(0, 0.9) * draw.sign, sampling);
  if (name == "Solarize") return named(name, level(255, 0), sampling);
  if (name != "Posterize") fail_unknown(name, "torchvision");
  const float bits_less = float(bin) / (float(bins - 1) / 4);
  return named(name, 8 - int(std::nearbyint(bits_less)), sampling);
}

NamedOp fast_aa_op(const std::string& name, double level, const OpDraw& draw) {
  level = std::clamp(level, 0.0, 1.0);
  const auto between = [&](double low, double high) { return level * (high - low) + low; };
  const Sampling nearest;
  if (has_no_level(name)) return named(name, 0, nearest);
  if (is_shear(name)) return named(name, between(-0.3, 0.3) * draw.sign, nearest);
  if (is_translation(name)) return named(name + "Rel", between(-0.45, 0.45) * draw.sign, nearest);
  if (name == "Rotate") return named(name, between(-30, 30) * draw.sign, nearest);
  if (is_enhancement(name)) return named(name, between(0.1, 1.9), nearest);
  if (name == "Posterize") return named(name, int(between(4, 8)), nearest);
  if (name == "Solarize") return named(name, between(0, 256), nearest);
  if (name != "Cutout") fail_unknown(name, "Fast AutoAugment");
  NamedOp op = named(name, between(0, 0.2), nearest);
  op.at_x = draw.x;
  op.at_y = draw.y;
  return op;
}

}  // namespace mra
