#include "harness/worker/check_options.h"

#include "harness/base/error.h"
#include "harness/data/given_weights.h"
#include "harness/model/classifier.h"
#include "harness/model/mae.h"
#include "harness/spec/layered_spec.h"
#include "harness/spec/weights_source.h"
#include "harness/worker/run_request.h"

namespace mra {

namespace {

/// Returns the path of published weights that are present. Weights of a run may not exist yet.
std::filesystem::path given_weights(const std::string& value,
                                    const std::vector<std::filesystem::path>& data_dirs) {
  const auto source = weights_source(value);
  if (!source) return value;
  if (source->kind == WeightsSource::Kind::kRun || absence_of_files({*source}, "", data_dirs))
    throw OptionsRead();
  return find_given_weights(source->name, "", data_dirs);
}

void read_model(SpecReader options) {
  if (options.json().value("name", "") == "mae")
    read_mae_options(std::move(options));
  else
    make_classifier(std::move(options), /*classes=*/1);
}

/// Tries all options of one spec and collects the errors.
class Trial {
 public:
  Trial(const ExperimentSpec& spec, int64_t number,
        const std::vector<std::filesystem::path>& data_dirs)
      : spec_(spec),
        number_(number),
        context_{.spec = spec,
                 .catalog = full_catalog(),
                 .data_dirs = {},
                 .method = {},
                 .only_read = true} {
    context_.method.precision = spec.recipe.precision;
    context_.method.weights_of = [data_dirs](const std::string& value) {
      return given_weights(value, data_dirs);
    };
  }

  Json errors() {
    const Catalog& catalog = full_catalog();
    const MethodContext& method = context_.method;
    try_out({"model", spec_.model, "/model"}, [](SpecReader options) { read_model(options); });
    for (const NamedOptions& entry : spec_.image_transforms)
      try_out(entry, [&](SpecReader options) {
        catalog.image_transforms.make(entry.name, options, method);
      });
    for (const NamedOptions& entry : spec_.batch_transforms)
      try_out(entry, [&](SpecReader options) {
        catalog.batch_transforms.make(entry.name, options, method);
      });
    for (const NamedOptions& entry : judges_of(spec_))
      try_out(entry, [&](SpecReader options) {
        catalog.judges.make(entry.name, options, {.run = context_, .weights = {}});
      });
    // Not read_only(): what a task checks after reading its options counts as well.
    try_out({"task", Json::object(), ""}, [&](SpecReader) { make_task(context_); });
    return std::move(errors_);
  }

 private:
  template <typename Factory>
  void try_out(const NamedOptions& entry, Factory factory) {
    try {
      read_only(SpecReader(entry.options, spec_.file, entry.pointer), factory);
    } catch (const Error& error) {
      errors_.push_back({{"spec", number_},
                         {"kind", name(error.kind)},
                         {"where", error.where},
                         {"what", error.what_happened},
                         {"fix", error.cure}});
    }
  }

  const ExperimentSpec& spec_;
  int64_t number_;
  TaskContext context_;
  Json errors_ = Json::array();
};

template <typename Product, typename Context>
Json schemas(const Registry<Product(SpecReader, const Context&)>& things, const Context& context) {
  Json all;
  for (const std::string& name : things.names())
    all[name] =
        schema_of([&](SpecReader options) { things.make(name, std::move(options), context); });
  return all;
}

}  // namespace

Json wrong_options(const Json& specs, const std::vector<std::filesystem::path>& data_dirs) {
  Json errors = Json::array();
  int64_t number = 0;
  for (const Json& entry : specs) {
    const ExperimentSpec spec =
        read_experiment(entry.at("spec"), entry.at("name"), LayeredSpec::kMerged);
    for (Json& error : Trial(spec, number++, data_dirs).errors())
      errors.push_back(std::move(error));
  }
  return errors;
}

Json option_schemas() {
  const Catalog& catalog = full_catalog();
  ExperimentSpec spec;
  spec.input = {{"size_px", 224}};
  spec.dataset = spec.model = Json::object();
  spec.recipe.batch_size = 1;
  const TaskContext run{.spec = spec, .catalog = catalog, .data_dirs = {}, .method = {}};
  Json models = {{"mae", schema_of(read_mae_options)}};
  for (const std::string& name : classifiers().names())
    models[name] = schema_of([&](SpecReader options) {
      options.one_of("name", {name});
      classifiers().make(name, std::move(options), /*classes=*/1);
    });
  return {{"model", models},
          {"image_transforms", schemas(catalog.image_transforms, run.method)},
          {"batch_transforms", schemas(catalog.batch_transforms, run.method)},
          {"semi_supervised_methods", schemas(catalog.semi_supervised_methods, run.method)},
          {"few_shot_methods",
           schemas(catalog.few_shot_methods, FewShotContext{SpecReader(Json::object(), "model")})},
          {"task_options", schemas(catalog.tasks, run)},
          {"evaluate", schemas(catalog.judges, JudgeContext{.run = run, .weights = {}})}};
}

}  // namespace mra
