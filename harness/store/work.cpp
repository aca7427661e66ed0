#include "harness/store/work.h"

#include <cmath>

#include "harness/base/hash.h"
#include "harness/spec/recipe.h"

namespace mra {

static Json part(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found == object.end() ? Json() : *found;
}

static double number(const Json& object, const char* key, double otherwise) {
  const auto found = object.find(key);
  return found != object.end() && found->is_number() ? found->get<double>() : otherwise;
}

std::string work_of(const Json& identity) {
  Json work = Json::object();
  for (const char* key : {"task", "task_options", "model", "input", "image_transforms",
                          "batch_transforms", "dataset"})
    work[key] = part(identity, key);
  if (work["dataset"].is_object())
    for (const char* count :
         {"train_pictures", "val_pictures", "take_every", "seed", "labels", "labels_seed"})
      work["dataset"].erase(count);
  const Json recipe = part(identity, "recipe");
  if (recipe.is_object()) {
    const Recipe usual;
    work["batch_size"] = part(recipe, "batch_size");
    work["micro_batch"] = number(recipe, "micro_batch", double(usual.micro_batch));
    work["precision"] = recipe.value("precision", Json(usual.precision));
    work["optimizer"] = recipe.value("optimizer", Json(usual.optimizer));
    work["threads"] = number(recipe, "threads", double(usual.threads));
    work["averaged"] = number(recipe, "ema_decay", usual.ema_decay) > 0;
  }
  return sha256("mra-harness/rate/v2\n" + work.dump()).substr(0, 16);
}

std::optional<double> pictures_of(const Json& identity) {
  const Json dataset = part(identity, "dataset"), recipe = part(identity, "recipe");
  if (!dataset.is_object() || !recipe.is_object()) return std::nullopt;
  const double listed = number(dataset, "train_pictures", 0);
  const double batch = std::max(1.0, number(recipe, "batch_size", 1));
  const double epochs = number(recipe, "epochs", 0);
  const Json options = part(identity, "task_options");
  if (options.is_object() && options.contains("steps_per_epoch"))  // labelled and unlabelled ones
    return number(options, "steps_per_epoch", 0) * epochs * batch *
           (1 + number(options, "unlabelled_ratio", 1));
  double in_epoch = std::ceil(listed / std::max(1.0, number(dataset, "take_every", 1)));
  if (recipe.value("drop_last", Json(Recipe().drop_last)) != false)
    in_epoch = std::floor(in_epoch / batch) * batch;
  const double pictures = in_epoch * epochs;
  return pictures > 0 ? std::optional(pictures) : std::nullopt;
}

}  // namespace mra
