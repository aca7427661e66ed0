#include "harness/data/input.h"

#include <fmt/format.h>

#include "harness/base/error.h"

namespace mra {
namespace {

/// Reads two numbers within `least` … `most`, the first not above the second.
void read_pair(SpecReader& options, const std::string& key, double least, double most, double& low,
               double& high) {
  const auto pair = options.optional<std::vector<double>>(key, {low, high});
  check(pair.size() == 2 && pair[0] >= least && pair[0] <= pair[1] && pair[1] <= most,
        ErrorKind::kUsage, options.where(key),
        fmt::format("expected two numbers, low and high, from {} to {}", least, most),
        fmt::format("write [{:.4g}, {:.4g}]", low, high));
  low = pair[0];
  high = pair[1];
}

std::array<float, 3> read_channels(SpecReader& options, const std::string& key,
                                   std::array<float, 3> fallback, bool positive) {
  const auto values = options.optional<std::vector<double>>(
      key, std::vector<double>(fallback.begin(), fallback.end()));
  bool fits = values.size() == 3;
  for (const double value : values)
    fits = fits && (positive ? value > 0 : value >= 0) && value <= 1;
  check(fits, ErrorKind::kUsage, options.where(key),
        fmt::format("expected three numbers {} 0, at most 1", positive ? "above" : "from"),
        fmt::format("write [{:.3f}, {:.3f}, {:.3f}]", fallback[0], fallback[1], fallback[2]));
  return {float(values[0]), float(values[1]), float(values[2])};
}

}  // namespace

InputOptions read_input(SpecReader options) {
  InputOptions input;
  constexpr int64_t kLargest = 4096;
  input.size_px = int(options.in_range<int64_t>("size_px", 1, kLargest));
  input.crop = options.optional<bool>("crop", input.crop);
  input.pad_px = int(options.in_range<int64_t>("pad_px", 0, 0, input.size_px - 1));
  check(input.pad_px == 0 || !input.crop, ErrorKind::kUsage, options.where("pad_px"),
        "cannot be used together with random resized crops",
        "give \"crop\": false, or leave \"pad_px\" out");
  constexpr double kLeastScale = 1e-4, kMostRatio = 100;
  read_pair(options, "scale", kLeastScale, 1, input.scale_low, input.scale_high);
  read_pair(options, "ratio", 1 / kMostRatio, kMostRatio, input.ratio_low, input.ratio_high);
  input.filter = options.one_of("filter", "bilinear", {"bilinear", "bicubic"}) == "bilinear"
                     ? ResizeFilter::kBilinear
                     : ResizeFilter::kBicubic;
  input.hflip_prob = options.in_range<double>("hflip_prob", input.hflip_prob, 0, 1);
  input.eval_resize_px =
      int(options.in_range<int64_t>("eval_resize_px", input.size_px, input.size_px, 2 * kLargest));
  input.eval_square = options.one_of("eval_resize", "shorter", {"shorter", "square"}) == "square";
  input.color_jitter = options.in_range<double>("color_jitter", 0.0, 0, 1);
  input.lighting_std = options.in_range<double>("lighting_std", 0.0, 0, 10);
  input.mean = read_channels(options, "mean", input.mean, false);
  input.std = read_channels(options, "std", input.std, true);
  options.reject_unread_keys();
  return input;
}

}  // namespace mra
