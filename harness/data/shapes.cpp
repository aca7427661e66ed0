#include "harness/data/shapes.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <fmt/format.h>

#include "harness/data/dataset_kind.h"
#include "harness/data/shape_background.h"
#include "harness/data/shape_outline.h"

namespace mra {
namespace {

/// Position and orientation of the object of a picture, in pixels.
struct Pose {
  float center_x, center_y, radius, cosine, sine;
};

Pose draw_pose(int size_px, Rng& rng) {
  Pose pose;
  pose.radius = float(size_px * rng.uniform(0.28, 0.44));
  const double margin = 0.85 * pose.radius;  // only a corner may leave the picture
  pose.center_x = float(rng.uniform(margin, size_px - margin));
  pose.center_y = float(rng.uniform(margin, size_px - margin));
  const double turn = rng.uniform(-0.5, 0.5);
  pose.cosine = float(std::cos(turn));
  pose.sine = float(std::sin(turn));
  return pose;
}

/// Paints the object, blending its edge over one pixel, and marks where it covers more than half.
void paint_object(int shape, const Pose& pose, const Color& color, const Color& shade,
                  Canvas& canvas, std::vector<uint8_t>* object) {
  const int size = canvas.size_px;
  const int reach = int(std::ceil(pose.radius)) + 1;
  const int x0 = std::max(0, int(pose.center_x) - reach),
            x1 = std::min(size, int(pose.center_x) + reach + 1);
  const int y0 = std::max(0, int(pose.center_y) - reach),
            y1 = std::min(size, int(pose.center_y) + reach + 1);
  for (int y = y0; y < y1; ++y)
    for (int x = x0; x < x1; ++x) {
      const float dx = (float(x) + 0.5f - pose.center_x) / pose.radius;
      const float dy = (float(y) + 0.5f - pose.center_y) / pose.radius;
      if (dx * dx + dy * dy > 1.3f) continue;  // outside every outline
      const float u = pose.cosine * dx + pose.sine * dy, v = pose.cosine * dy - pose.sine * dx;
      const float distance_px = outline_distance(shape, u, v) * pose.radius;
      const float covered = std::clamp(0.5f - distance_px, 0.0f, 1.0f);
      if (covered <= 0) continue;
      canvas.blend(x, y, color, shade, 0.5f + 0.5f * v, covered);
      if (object && covered >= 0.5f) (*object)[size_t(y) * size_t(size) + size_t(x)] = 1;
    }
}

}  // namespace

ShapesDataset::ShapesDataset(const Options& options) : options_(options) {}

int64_t ShapesDataset::classes() const {
  return int64_t(shape_names().size());
}

void ShapesDataset::read(int64_t index, Image& image) const {
  draw(index, image, nullptr);
}

std::vector<uint8_t> ShapesDataset::object_mask(int64_t index) const {
  Image image;
  std::vector<uint8_t> object(size_t(options_.size_px * options_.size_px), 0);
  draw(index, image, &object);
  return object;
}

std::string ShapesDataset::describe(int64_t index) const {
  return fmt::format("shapes {}[{}]", name(options_.split), index);
}

void ShapesDataset::draw(int64_t index, Image& image, std::vector<uint8_t>* object) const {
  // The epoch field of the key separates the splits: 0 train, 1 val, 2 test.
  Rng rng({.seed = options_.seed,
           .epoch = uint32_t(options_.split),
           .index = uint64_t(index),
           .purpose = Purpose::kDrawing});
  const int size = int(options_.size_px);
  Canvas canvas(size);
  const Palette palette = options_.light_on_dark ? draw_light_on_dark(rng) : draw_palette(rng);
  paint_background(palette, canvas, rng);
  paint_clutter(canvas, rng);
  paint_object(int(label(index)), draw_pose(size, rng), palette.object, palette.object_shade,
               canvas, object);
  finish(canvas, rng, image);
}

static ShapesDataset::Options read_shapes(SpecReader reader, Split split) {
  constexpr int64_t kMost = int64_t(1) << 40;
  reader.required<std::string>("kind");
  reader.optional<std::string>("name", "");
  reader.optional<std::string>("note", "");
  ShapesDataset::Options options;
  options.split = split;
  options.size_px = reader.in_range<int64_t>("size_px", 32, 8, 1024);
  const int64_t train = reader.in_range<int64_t>("train_pictures", 2000, 1, kMost);
  const int64_t val = reader.in_range<int64_t>("val_pictures", 1000, 1, kMost);
  const int64_t test = reader.in_range<int64_t>("test_pictures", 0, 1, kMost);
  options.light_on_dark = reader.optional("light_on_dark", false);
  options.pictures = split == Split::kTrain ? train : split == Split::kVal ? val : test;
  options.seed = uint64_t(reader.in_range<int64_t>("seed", 0, 0, INT64_MAX));
  reader.reject_unread_keys();
  return options;
}

extern const DatasetKind kShapes = {
    .make = [](SpecReader options, Split split, const Folders&) -> std::unique_ptr<Dataset> {
      return std::make_unique<ShapesDataset>(read_shapes(std::move(options), split));
    },
    .locate = [](SpecReader options, const Folders&) -> std::filesystem::path {
      read_shapes(std::move(options), Split::kTrain);
      return {};
    },
    .splits = [](const Json& options) -> std::vector<Split> {
      if (options.contains("test_pictures")) return {Split::kTrain, Split::kVal, Split::kTest};
      return {Split::kTrain, Split::kVal};
    },
};

}  // namespace mra
