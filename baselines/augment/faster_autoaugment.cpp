#include "baselines/augment/faster_autoaugment.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <map>

#include <fmt/format.h>

#include "baselines/augment/named_policy.h"
#include "harness/base/error.h"
#include "harness/base/suggest.h"
#include "harness/data/geometry.h"
#include "harness/data/image_ops.h"
#include "harness/data/reflecting_warp.h"

namespace mra {

namespace {

using PictureChange = std::function<void(Image&, double level, Image& scratch)>;

/// Replaces every value of one channel, or of all (−1), by new_value(float), clipped to a byte.
template <typename NewValue>
void look_up(Image& image, int only_channel, NewValue new_value) {
  std::array<uint8_t, 256> table;
  for (size_t i = 0; i < table.size(); ++i)
    table[i] = uint8_t(std::clamp(new_value(float(i)), 0.0f, 255.0f));
  for (size_t i = 0; i < image.rgb.size(); ++i)
    if (only_channel < 0 || int(i % 3) == only_channel) image.rgb[i] = table[image.rgb[i]];
}

PictureChange shift_channel(int channel) {
  return [channel](Image& image, double level, Image&) {
    look_up(image, channel, [&](float value) { return value + float(level); });
  };
}

PictureChange warp(TurnAndShift (*motion_of)(double level)) {
  return [motion_of](Image& image, double level, Image& scratch) {
    warp_reflecting(image, motion_of(level), scratch);
  };
}

/// Reverses the order of the rows (a vertical flip).
void flip_rows(Image& image) {
  for (int y = 0; y < image.height_px / 2; ++y)
    std::swap_ranges(image.row(y), image.row(y) + 3 * image.width_px,
                     image.row(image.height_px - 1 - y));
}

/// All operations except "Holes", which needs more than a level.
const std::map<std::string, PictureChange>& changes() {
  static const std::map<std::string, PictureChange> kChanges = {
      {"ShiftR", shift_channel(0)},
      {"ShiftG", shift_channel(1)},
      {"ShiftB", shift_channel(2)},
      {"Brightness",
       [](Image& image, double level, Image&) {
         look_up(image, -1, [&](float value) { return value + float(level * 255); });
       }},
      {"Contrast",
       [](Image& image, double level, Image&) {
         look_up(image, -1, [&](float value) { return value * float(1 + level); });
       }},
      {"Solarize", [](Image& image, double level, Image&) { solarize(image, level); }},
      {"HFlip", [](Image& image, double,
                   Image&) { flip_columns(image.rgb.data(), image.height_px, image.width_px); }},
      {"VFlip", [](Image& image, double, Image&) { flip_rows(image); }},
      {"Rotate", warp([](double level) { return TurnAndShift{.degrees = level}; })},
      {"ShiftX", warp([](double level) { return TurnAndShift{.shift_x_frac = level}; })},
      {"ShiftY", warp([](double level) { return TurnAndShift{.shift_y_frac = level}; })},
      {"Scale", warp([](double level) { return TurnAndShift{.scale = 1 + level}; })},
      {"NoOp", [](Image&, double, Image&) {}},
  };
  return kChanges;
}

size_t draw_choice(const std::vector<PolicyOp>& stage, Rng& rng) {
  double sum = 0;
  for (const PolicyOp& op : stage) sum += op.prob;
  double left = rng.uniform(0, sum);
  for (size_t i = 0; i < stage.size(); ++i)
    if ((left -= stage[i].prob) < 0) return i;
  return stage.size() - 1;
}

int draw_corner(int side_px, double hole_px, Rng& rng) {
  return int(rng.below(uint64_t(std::max(0, side_px - int(hole_px))) + 1));
}

void check_op(const PolicyOp& op, const std::string& where) {
  std::vector<std::string> known{"Holes"};
  for (const auto& [name, change] : changes()) known.push_back(name);
  const bool is_known = std::find(known.begin(), known.end(), op.name) != known.end();
  check(is_known, ErrorKind::kUsage, where,
        fmt::format("has '{}', which is not an operation of Faster AutoAugment", op.name),
        suggestion(op.name, known));
  check(op.name != "Holes" || (op.count > 0 && op.level >= 1), ErrorKind::kUsage, where,
        "has \"Holes\" without number or size", "write it like [\"Holes\", 0.1, [8, 14]]");
  constexpr double kMost = 1e6;
  check(std::abs(op.level) <= kMost, ErrorKind::kUsage, where,
        fmt::format("has the level {}, which is too large", op.level),
        "give a level from -1000000 to 1000000");
}

}  // namespace

std::vector<StageDraw> draw_stages(const SubPolicy& sub, const PictureSize& size, Rng& rng) {
  std::vector<StageDraw> draws(sub.stages.size());
  for (size_t i = 0; i < draws.size(); ++i) {
    draws[i].choice = draw_choice(sub.stages[i], rng);
    const PolicyOp& op = sub.stages[i][draws[i].choice];
    if (op.name != "Holes") continue;
    draws[i].holes.resize(size_t(op.count));
    for (HoleCorner& corner : draws[i].holes) {
      corner.row = draw_corner(size.height_px, op.level, rng);
      corner.column = draw_corner(size.width_px, op.level, rng);
    }
  }
  return draws;
}

void apply_stages(const SubPolicy& sub, const std::vector<StageDraw>& draws, Image& image) {
  thread_local Image scratch;
  for (size_t i = 0; i < sub.stages.size(); ++i) {
    const PolicyOp& op = sub.stages[i].at(draws[i].choice);
    const int side = int(op.level);
    for (const HoleCorner& corner : draws[i].holes)
      fill_box(image, corner.row, corner.row + side, corner.column, corner.column + side,
               {0, 0, 0});
    if (op.name != "Holes") changes().at(op.name)(image, op.level, scratch);
  }
}

void check_stages(const std::vector<SubPolicy>& policy, const std::string& name) {
  for (size_t i = 0; i < policy.size(); ++i)
    for (size_t k = 0; k < policy[i].stages.size(); ++k) {
      const auto where = fmt::format("{}: /sub_policies/{}/{}", name, i, k);
      double sum = 0;
      for (const PolicyOp& op : policy[i].stages[k]) {
        check_op(op, where);
        sum += op.prob;
      }
      check(sum > 0, ErrorKind::kUsage, where, "has no entry with a weight above 0",
            "give one of them a weight above 0");
    }
}

/// Scales the sizes of holes, which policies give for pictures of 224 px, to another crop size.
static void scale_holes(std::vector<SubPolicy>& policy, double scale) {
  for (SubPolicy& sub : policy)
    for (auto& stage : sub.stages)
      for (PolicyOp& op : stage)
        if (op.name == "Holes") op.level = std::max(1.0, std::floor(op.level * scale));
}

/// Applies a policy found by the method of Faster AutoAugment (Hataya et al. 2020). Its authors
/// published none for ImageNet; the default is AutoAlbument's, which uses the same search.
ImageTransform make_faster_autoaugment(SpecReader spec, const MethodContext& context) {
  const auto name =
      spec.optional<std::string>("policy", "faster_autoaugment_imagenet_autoalbument");
  const bool before_crop = read_before_crop(spec, "after_crop");
  spec.reject_unread_keys();
  auto policy = read_named_policy(name, context);
  check_stages(policy, name);
  if (!before_crop) scale_holes(policy, context.input.size_px / 224.0);
  const auto change = [policy = std::move(policy)](Image& image, Rng& rng) {
    const SubPolicy& sub = policy[rng.below(policy.size())];
    apply_stages(sub, draw_stages(sub, {image.width_px, image.height_px}, rng), image);
  };
  return {change, before_crop};
}

}  // namespace mra
