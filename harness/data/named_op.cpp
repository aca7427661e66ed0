#include "harness/data/named_op.h"

#include <functional>
#include <map>
#include <set>

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/base/suggest.h"

namespace mra {

using Change = std::function<void(const NamedOp&, Image&, Image&)>;

/// An operation given by its matrix.
template <typename MatrixOf>
static Change geometric(MatrixOf matrix_of) {
  return [matrix_of](const NamedOp& op, Image& image, Image& scratch) {
    transform(image, matrix_of(op.value, image), op.sampling, scratch);
  };
}

/// An operation that needs only its value.
template <typename Operation>
static Change simple(Operation operation) {
  return [operation](const NamedOp& op, Image& image, Image&) { operation(image, op.value); };
}

static void cutout_square(const NamedOp& op, Image& image, Image&) {
  const int row = int(op.at_y), column = int(op.at_x), half = int(op.value);
  fill_box(image, row - half, row + half, column - half, column + half, op.sampling.fill);
}

static const std::map<std::string, Change>& changes() {
  static const std::map<std::string, Change> kChanges = {
      {"ShearX", geometric([](double v, const Image&) { return Affine{1, v, 0, 0, 1, 0}; })},
      {"ShearY", geometric([](double v, const Image&) { return Affine{1, 0, 0, v, 1, 0}; })},
      {"TranslateX", geometric([](double v, const Image&) { return Affine{1, 0, v, 0, 1, 0}; })},
      {"TranslateY", geometric([](double v, const Image&) { return Affine{1, 0, 0, 0, 1, v}; })},
      {"TranslateXRel", geometric([](double v, const Image& image) {
         return Affine{1, 0, v * image.width_px, 0, 1, 0};
       })},
      {"TranslateYRel", geometric([](double v, const Image& image) {
         return Affine{1, 0, 0, 0, 1, v * image.height_px};
       })},
      {"Rotate", [](const NamedOp& op, Image& image,
                    Image& scratch) { rotate(image, op.value, op.sampling, scratch); }},
      {"AutoContrast", simple([](Image& image, double) { auto_contrast(image); })},
      {"Equalize", simple([](Image& image, double) { equalize(image); })},
      {"Invert", simple([](Image& image, double) { invert(image); })},
      {"Identity", simple([](Image&, double) {})},
      {"Solarize", simple([](Image& image, double v) { solarize(image, v); })},
      {"SolarizeAdd", simple([](Image& image, double v) { solarize_add(image, int(v)); })},
      {"Posterize", simple([](Image& image, double v) { posterize(image, int(v)); })},
      {"Color", simple([](Image& image, double v) { color(image, v); })},
      {"Contrast", simple([](Image& image, double v) { contrast(image, v); })},
      {"Brightness", simple([](Image& image, double v) { brightness(image, v); })},
      {"Sharpness", [](const NamedOp& op, Image& image,
                       Image& scratch) { sharpness(image, op.value, scratch); }},
      {"Smooth", [](const NamedOp&, Image& image, Image& scratch) { smooth(image, scratch); }},
      {"Cutout",
       [](const NamedOp& op, Image& image, Image&) {
         cutout_rectangle(image, op.value * image.width_px, op.at_x, op.at_y);
       }},
      {"CutoutAbs", [](const NamedOp& op, Image& image,
                       Image&) { cutout_rectangle(image, op.value, op.at_x, op.at_y); }},
      {"CutoutSquare", cutout_square},
  };
  return kChanges;
}

std::vector<std::string> named_ops() {
  std::vector<std::string> names;
  for (const auto& [name, change] : changes()) names.push_back(name);
  return names;
}

static thread_local HeardOps* listener = nullptr;

HeardOps::HeardOps() {
  listener = this;
}

HeardOps::~HeardOps() {
  listener = nullptr;
}

void note_op(const std::string& name, std::optional<double> value) {
  if (listener) listener->heard_.push_back(value ? fmt::format("{} {:.3g}", name, *value) : name);
}

/// Whether the value says something of an operation.
static bool has_value(const std::string& name) {
  static const std::set<std::string> kWithout = {"AutoContrast", "Equalize", "Invert", "Identity",
                                                 "Smooth"};
  return !kWithout.contains(name);
}

void apply(const NamedOp& op, Image& image, Image& scratch) {
  const auto found = changes().find(op.name);
  check(found != changes().end(), ErrorKind::kUsage, "policy",
        fmt::format("unknown operation '{}'", op.name), suggestion(op.name, named_ops()));
  found->second(op, image, scratch);
  if (listener) note_op(op.name, has_value(op.name) ? std::optional(op.value) : std::nullopt);
}

Sampling read_sampling(const Json& options) {
  static const std::map<std::string, Resample> kNames = {{"nearest", Resample::kNearest},
                                                         {"bilinear", Resample::kBilinear},
                                                         {"bicubic", Resample::kBicubic}};
  Sampling sampling;
  if (options.contains("resample")) sampling.resample = kNames.at(options["resample"]);
  if (options.contains("fill") && !options["fill"].is_null()) sampling.fill = options["fill"];
  return sampling;
}

NamedOp read_named_op(const Json& options) {
  NamedOp op;
  op.name = options.at("op");
  if (options.contains("value") && !options["value"].is_null()) op.value = options["value"];
  op.sampling = read_sampling(options);
  op.at_x = options.value("x0", options.value("center_col", 0.0));
  op.at_y = options.value("y0", options.value("center_row", 0.0));
  return op;
}

}  // namespace mra
