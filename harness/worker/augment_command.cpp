#include "harness/worker/augment_command.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "baselines/augment/augmentor_file.h"
#include "baselines/augment/picture_views.h"
#include "baselines/augment/saliencymix.h"
#include "baselines/catalog.h"
#include "harness/base/error.h"
#include "harness/base/suggest.h"
#include "harness/data/named_op.h"
#include "harness/data/picture_grid.h"
#include "harness/train/device.h"
#include "harness/train/loss.h"
#include "harness/train/tensor_batch.h"
#include "harness/worker/given_files.h"

namespace mra {

namespace {

/// File names in it may hold other bytes than UTF-8.
std::string in_utf8(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// Makes the grid for a request: a row per picture, to which columns are added one by one.
class Sheet {
 public:
  explicit Sheet(const AugmentRequest& request)
      : request_(request), spec_(Json::parse(request.options), "--set"), method_(request.method) {
    register_methods(catalog_);
    if (!request.weights.empty() && !spec_.has("weights")) {
      Json options = spec_.json();
      options["weights"] = request.weights.string();
      spec_ = SpecReader(options, "--set");
    }
    read_pictures();
  }

  PictureGrid take() {
    if (is_image_transform())
      add_image_draws();
    else
      add_batch_draws();
    return std::move(grid_);
  }

 private:
  bool is_image_transform() const {
    const auto names = catalog_.image_transforms.names();
    return std::find(names.begin(), names.end(), method_) != names.end();
  }

  void read_pictures() {
    InputOptions& input = context_.input;
    input.size_px = request_.size_px > 0       ? request_.size_px
                    : request_.weights.empty() ? kUsualSize_px
                                               : augmentor_size_px(request_.weights);
    context_.weights_of = [](const std::string& path) { return path; };
    pictures_ = read_squares(request_.images, input.size_px);
    for (size_t i = 0; i < pictures_.size(); ++i)
      grid_.rows.push_back({{pictures_[i], request_.images[i].filename().string()}});
    grid_.titles = {"original"};
    grid_.note = method_;
    if (!spec_.json().empty()) grid_.note += fmt::format(" {}", in_utf8(spec_.json()));
  }

  std::string draw_title(int draw) const { return fmt::format("draw {}", draw + 1); }

  void add_image_draws() {
    const auto transform = catalog_.image_transforms.make(method_, spec_, context_);
    for (int draw = 0; draw < request_.draws; ++draw) {
      grid_.titles.push_back(draw_title(draw));
      for (size_t i = 0; i < pictures_.size(); ++i) {
        Rng rng({.seed = uint64_t(request_.seed),
                 .epoch = uint32_t(draw),
                 .index = i,
                 .purpose = Purpose::kImage});
        Image changed = pictures_[i];
        const HeardOps ops;
        transform(changed, rng);
        grid_.rows[i].push_back({changed, ops.heard().empty()
                                              ? "unchanged"
                                              : fmt::format("{}", fmt::join(ops.heard(), ", "))});
      }
    }
  }

  /// The pictures, normalised, each as a class of its own: mixed targets then show their shares.
  Batch batch() const {
    std::vector<uint8_t> pixels;
    std::vector<int64_t> numbers;
    std::vector<Request> requests;
    for (const Image& picture : pictures_) {
      requests.push_back({int64_t(numbers.size()), 0});
      numbers.push_back(requests.back().index);
      pixels.insert(pixels.end(), picture.rgb.begin(), picture.rgb.end());
    }
    const BatchMaker maker(context_.input, int64_t(pictures_.size()), torch::kCPU);
    return maker.make({.count = int64_t(pictures_.size()),
                       .pixels = pixels.data(),
                       .labels = numbers.data(),
                       .requests = requests.data()});
  }

  void add_batch_draws() {
    context_.input_gradient = [this](const Batch& of) { return saliency_as_gradient(of.images); };
    const auto transform = catalog_.batch_transforms.make(method_, spec_, context_);
    check(!transform.mixes || pictures_.size() > 1, ErrorKind::kUsage, method_,
          "mixes pictures, but only one is given", "give two or more");
    const Batch given = batch();
    if (transform.views)
      for (const MethodView& view : transform.views(given.images))
        add_column(view.title, view.pictures, {});
    for (int draw = 0; draw < request_.draws; ++draw) {
      Rng rng(
          {.seed = uint64_t(request_.seed), .epoch = uint32_t(draw), .purpose = Purpose::kBatch});
      const Batch made = transform(batch(), rng);
      add_column(draw_title(draw), denormalised(made.images, context_.input),
                 transform.mixes ? made.targets : torch::Tensor());
      if (transform.mixes && transform.views)
        add_column(fmt::format("changed in {}", draw + 1), changed(given.images, made.images), {});
    }
  }

  /// Replaces the gradient for methods that need one, because no network is trained here: returns
  /// the fine-grained saliency of each picture, [N,3,H,W] f32.
  torch::Tensor saliency_as_gradient(const torch::Tensor& images) const {
    return saliency_maps(images, context_.input).unsqueeze(1).expand({-1, 3, -1, -1}).contiguous();
  }

  /// Returns the pictures of `after`, darkened where they equal `before`. Both are normalised,
  /// [N,3,H,W].
  torch::Tensor changed(const torch::Tensor& before, const torch::Tensor& after) const {
    const auto differs = (before - after).abs().amax(1, true) > 1e-6;
    const auto pictures = denormalised(after, context_.input);
    return torch::where(differs, pictures, 0.25 * pictures);
  }

  /// `targets` [N,N]: captions show each picture's share of itself; undefined: no captions.
  void add_column(const std::string& title, const torch::Tensor& pictures,
                  const torch::Tensor& targets) {
    grid_.titles.push_back(title);
    const auto bytes =
        (pictures.permute({0, 2, 3, 1}) * 255).round().to(torch::kUInt8).contiguous();
    for (int64_t i = 0; i < bytes.size(0); ++i) {
      GridCell cell;
      cell.picture.resize(int(bytes.size(1)), int(bytes.size(2)));
      const auto one = bytes[i].contiguous();
      std::copy_n(one.data_ptr<uint8_t>(), cell.picture.rgb.size(), cell.picture.rgb.begin());
      if (targets.defined())
        cell.caption = fmt::format("{:.0f} % its own", 100 * targets[i][i].item<double>());
      grid_.rows[size_t(i)].push_back(std::move(cell));
    }
  }

  const AugmentRequest& request_;
  SpecReader spec_;
  const std::string method_;
  Catalog catalog_;
  MethodContext context_;
  std::vector<Image> pictures_;  ///< squares of size_px
  PictureGrid grid_;
};

}  // namespace

/// What stands below the pictures, row by row.
static Json captions_of(const PictureGrid& grid) {
  Json captions = Json::array();
  for (const auto& row : grid.rows) {
    Json& texts = captions.emplace_back(Json::array());
    for (const GridCell& cell : row) texts.push_back(cell.caption);
  }
  return captions;
}

int augment_pictures(const AugmentRequest& request) {
  make_deterministic();
  const PictureGrid grid = Sheet(request).take();
  write_png(request.output, draw_grid(grid));
  const Json told = {{"titles", grid.titles}, {"captions", captions_of(grid)}, {"note", grid.note}};
  fmt::print("{}\n", in_utf8(told));
  return 0;
}

}  // namespace mra
