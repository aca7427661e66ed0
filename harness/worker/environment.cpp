#include "harness/worker/environment.h"

#include <cstdlib>
#include <fstream>
#include <string>

#include <torch/version.h>
#include <unistd.h>

#include "harness/base/build_info.h"
#include "harness/base/file.h"
#include "harness/base/hash.h"
#include "harness/base/system_facts.h"
#include "harness/data/dataset.h"
#include "harness/data/library_versions.h"
#include "harness/data/manifest.h"
#include "harness/train/device.h"

namespace mra {

static std::string hostname() {
  char name[256] = {};
  ::gethostname(name, sizeof name - 1);
  return name;
}

/// Replaces bytes that are not UTF-8, which JSON cannot hold.
static Json clean(const std::string& text) {
  return Json::parse(Json(text).dump(-1, ' ', false, Json::error_handler_t::replace));
}

/// Returns the arguments of this program, its name first.
static Json command_line() {
  std::ifstream file("/proc/self/cmdline", std::ios::binary);
  Json words = Json::array();
  for (std::string word; std::getline(file, word, '\0');) words.push_back(clean(word));
  return words;
}

/// Returns {"command_line", "libraries"} of the `harness` that started this; null if none did.
static Json started_by() {
  const char* told = std::getenv("HARNESS_STARTED_BY");
  const Json json = Json::parse(told ? told : "", nullptr, /*allow_exceptions=*/false);
  return json.is_object() ? json : Json();
}

static Json describe_program() {
  const BuildInfo build = build_info();
  return {{"version", build.version},
          {"commit", build.commit},
          {"dirty", build.dirty},
          {"patch_sha256", build.patch.empty() ? Json() : Json(sha256(build.patch))},
          {"compiler", build.compiler},
          {"flags", build.flags},
          {"build_type", build.build_type}};
}

static Json describe_libraries() {
  Json libraries = data_libraries();
  libraries["libtorch"] = TORCH_VERSION;
  return libraries;
}

/// Describes the device, with the version of the kernel driver if there is one.
static Json device_and_driver(torch::Device device) {
  Json json = describe_device(device);
  std::ifstream file("/sys/module/nvidia/version");
  std::string version;
  if (device.is_cuda() && std::getline(file, version)) json["driver"] = version;
  return json;
}

Json describe_environment(torch::Device device, int loader_threads) {
  const long pages = ::sysconf(_SC_PHYS_PAGES), page_bytes = ::sysconf(_SC_PAGESIZE);
  return {
      {"program", describe_program()},
      {"libraries", describe_libraries()},
      {"machine",
       {{"host", hostname()},
        {"system", system_name()},
        {"cpu", processor_name()},
        {"cores", processor_count()},
        {"memory_bytes", int64_t(pages) * int64_t(page_bytes)}}},
      {"device", device_and_driver(device)},
      {"threads", torch::get_num_threads()},
      {"loader_threads", loader_threads},
      {"command_line", command_line()},
      {"started_by", started_by()},
  };
}

Json describe_dataset(const Json& dataset, const std::vector<std::filesystem::path>& data_dirs,
                      const Json& inputs) {
  std::string manifest_sha256;
  for (const Json& input : inputs)
    if (input.value("dataset", Json()) == dataset) manifest_sha256 = input.value("sha256", "");
  if (manifest_sha256.empty()) manifest_sha256 = data_manifest(dataset, data_dirs).sha256;
  Json described = {{"name", dataset.value("name", "")}, {"manifest_sha256", manifest_sha256}};
  for (const Split split : splits_of(dataset))
    described[std::string(name(split)) + "_pictures"] =
        make_dataset(SpecReader(dataset, "spec.json", "/dataset"), split, data_dirs)->size();
  return described;
}

void write_patch(const RunDirectory& directory) {
  const std::string patch = build_info().patch;
  std::error_code ignored;
  if (patch.empty())
    std::filesystem::remove(directory.patch_file(), ignored);  // of an attempt with another build
  else
    write_file_atomically(directory.patch_file(), patch);
}

}  // namespace mra
