#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "harness/data/geometry.h"
#include "harness/data/named_op.h"
#include "harness/data/pixels.h"
#include "tests/golden_data/checkpoint_kinds.h"
#include "tests/golden_data/sampler_kinds.h"
#include "tests/support/golden.h"

namespace mra {
namespace {

using Json = nlohmann::json;

Image image_of(const GoldenCase& golden) {
  const TensorView view = golden.tensor("image");
  Image image;
  image.resize(int(view.shape.at(0)), int(view.shape.at(1)));
  if (view.dtype != "U8" || view.bytes.size() != image.rgb.size()) not_built("such a picture");
  std::transform(view.bytes.begin(), view.bytes.end(), image.rgb.begin(),
                 [](std::byte byte) { return uint8_t(byte); });
  return image;
}

std::vector<float> floats_of(const GoldenCase& golden) {
  const GoldenTensor tensor = golden_tensor(golden.tensor("image"));
  return {tensor.values.begin(), tensor.values.end()};
}

template <typename T>
GoldenTensors output(std::vector<int64_t> shape, const std::vector<T>& values) {
  return {{"output", {std::move(shape), {values.begin(), values.end()}}}};
}

GoldenTensors picture(int height, int width, const std::vector<uint8_t>& rgb) {
  return output({height, width, 3}, rgb);
}

std::vector<uint8_t> room(int height, int width) {
  return std::vector<uint8_t>(size_t(height) * size_t(width) * 3);
}

ResizeFilter filter_of(const Json& options) {
  const std::string filter = options.at("filter");
  if (filter != "bilinear" && filter != "bicubic") not_built("filter " + filter);
  return filter == "bilinear" ? ResizeFilter::kBilinear : ResizeFilter::kBicubic;
}

GoldenTensors resize(const GoldenCase& golden) {
  const Image image = image_of(golden);
  const int height = golden.options.at("height"), width = golden.options.at("width");
  std::vector<uint8_t> out = room(height, width);
  Resizer().resize(image, {0, 0, image.height_px, image.width_px}, height, width,
                   filter_of(golden.options), out.data());
  return picture(height, width, out);
}

GoldenTensors resized_crop(const GoldenCase& golden) {
  const Json& options = golden.options;
  InputOptions input;
  input.size_px = options.at("size");
  input.filter = filter_of(options);
  const Box box{options.at("top"), options.at("left"), options.at("height"), options.at("width")};
  std::vector<uint8_t> out = room(input.size_px, input.size_px);
  Resizer resizer;
  apply_crop(image_of(golden), {box, false}, input, resizer, out.data());
  return picture(input.size_px, input.size_px, out);
}

GoldenTensors eval_geometry_case(const GoldenCase& golden) {
  const GoldenTensor sizes = golden_tensor(golden.tensor("image_width_height"));
  const Json& resize = golden.options.at("resize");
  const bool square = resize.is_array();
  if (square && resize.at(0) != resize.at(1)) not_built("a size that is no square");
  const int resize_px = square ? resize.at(0) : resize, crop_px = golden.options.at("crop");
  std::vector<double> values;
  for (size_t i = 0; i + 1 < sizes.values.size(); i += 2) {
    const EvalGeometry geometry = eval_geometry(
        int64_t(sizes.values[i + 1]), int64_t(sizes.values[i]), resize_px, crop_px, square);
    for (const int value :
         {geometry.width_px, geometry.height_px, geometry.window.left_px, geometry.window.top_px})
      values.push_back(value);
  }
  return {{"resized_width_height_left_top", {{int64_t(values.size() / 4), 4}, values}}};
}

GoldenTensors eval_transform(const GoldenCase& golden) {
  const int size = golden.options.at("crop"), shorter = golden.options.at("resize");
  if (size > shorter) not_built("a crop beyond the picture");
  std::vector<uint8_t> out = room(size, size);
  Resizer resizer;
  center_crop(image_of(golden), shorter, size, filter_of(golden.options), resizer, out.data());
  return picture(size, size, out);
}

GoldenTensors hflip(const GoldenCase& golden) {
  Image image = image_of(golden);
  flip_columns(image.rgb.data(), image.height_px, image.width_px);
  return picture(image.height_px, image.width_px, image.rgb);
}

GoldenTensors normalize(const GoldenCase& golden) {
  const Image image = image_of(golden);
  InputOptions input;
  input.mean = golden.options.at("mean");
  input.std = golden.options.at("std");
  std::vector<float> out(image.rgb.size());
  look_up(image.rgb.data(), normalized_table(input),
          FloatPixels::planar(out.data(), int64_t(out.size() / 3)));
  return output({3, image.height_px, image.width_px}, out);
}

/// `change` made to the case's float picture [3,H,W].
template <typename Change>
GoldenTensors changed(const GoldenCase& golden, Change change) {
  std::vector<float> values = floats_of(golden);
  change(FloatPixels::planar(values.data(), int64_t(values.size() / 3)));
  return output(golden.tensor("image").shape, values);
}

GoldenTensors float_jitter(const GoldenCase& golden) {
  static const std::map<std::string, FloatJitter::Step> kSteps = {
      {"brightness", FloatJitter::kBrightness},
      {"contrast", FloatJitter::kContrast},
      {"saturation", FloatJitter::kSaturation}};
  const std::vector<std::string> order = golden.options.at("order");
  const std::vector<double> alpha = golden.options.at("alpha");
  if (order.size() != 3 || alpha.size() != 3) not_built("a jitter of other than three steps");
  FloatJitter jitter;
  for (size_t i = 0; i < 3; ++i) {
    if (!kSteps.contains(order[i])) not_built("step " + order[i]);
    jitter.order[i] = kSteps.at(order[i]);
    jitter.alpha[i] = float(alpha[i]);
  }
  return changed(golden, [&](const FloatPixels& pixels) { apply_float_jitter(jitter, pixels); });
}

GoldenTensors lighting(const GoldenCase& golden) {
  static const Json kValues = {0.2175, 0.0188, 0.0045};
  static const Json kVectors = {
      {-0.5675, 0.7192, 0.4009}, {-0.5808, -0.0045, -0.814}, {-0.5836, -0.6948, 0.4203}};
  if (golden.options.at("eigval") != kValues || golden.options.at("eigvec") != kVectors)
    not_built("lighting of other pictures than ImageNet's");
  const Lighting alpha = golden.options.at("alpha");
  return changed(golden, [&](const FloatPixels& pixels) { apply_lighting(alpha, pixels); });
}

NamedOp op_of(const Json& options) {
  const auto known = named_ops();
  if (std::find(known.begin(), known.end(), options.at("op")) == known.end())
    not_built("operation " + options.at("op").get<std::string>());
  return read_named_op(options);
}

GoldenTensors pil_op(const GoldenCase& golden) {
  Image image = image_of(golden), scratch;
  apply(op_of(golden.options), image, scratch);
  return picture(image.height_px, image.width_px, image.rgb);
}

GoldenTensors color_jitter(const GoldenCase& golden) {
  Image image = image_of(golden);
  for (const Json& step : golden.options.at("steps")) {
    const std::string name = step.at(0);
    const double factor = step.at(1);
    if (name == "brightness")
      brightness(image, factor);
    else if (name == "contrast")
      contrast(image, factor);
    else if (name == "saturation")
      color(image, factor);
    else if (name == "hue")
      hue(image, factor);
    else
      not_built("step " + name);
  }
  return picture(image.height_px, image.width_px, image.rgb);
}

GoldenTensors grey(const GoldenCase& golden) {
  if (golden.options.at("channels") != 3) not_built("grey of other than three channels");
  Image image = image_of(golden);
  grayscale(image);
  return picture(image.height_px, image.width_px, image.rgb);
}

}  // namespace
}  // namespace mra

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  mra::register_golden_tests({{"resize", mra::resize},
                              {"resized_crop", mra::resized_crop},
                              {"eval_transform", mra::eval_transform},
                              {"eval_geometry", mra::eval_geometry_case},
                              {"hflip", mra::hflip},
                              {"pil_op", mra::pil_op},
                              {"color_jitter", mra::color_jitter},
                              {"grayscale", mra::grey},
                              {"normalize", mra::normalize},
                              {"float_jitter", mra::float_jitter},
                              {"lighting", mra::lighting},
                              {"class_balanced_sampling", mra::class_balanced_sampling},
                              {"class_aware_sequence", mra::class_aware_sequence}},
                             /*report_uncovered=*/false);
  mra::register_golden_checks({{"checkpoint", mra::check_checkpoint},
                               {"hostile_checkpoint", mra::check_hostile_checkpoint}});
  return RUN_ALL_TESTS();
}
