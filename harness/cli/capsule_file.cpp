#include "harness/cli/capsule_file.h"

#include <algorithm>
#include <cstring>
#include <filesystem>

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/base/hash.h"
#include "harness/base/inside.h"
#include "harness/base/text.h"
#include "harness/spec/shallow_json.h"
#include "harness/spec/spec_reader.h"
#include "harness/weights/tar_archive.h"

namespace mra {

namespace fs = std::filesystem;

namespace {

constexpr int64_t kCapsuleFormat = 1;
constexpr char kManifest[] = "manifest.json";
constexpr char kAskAgain[] = "ask for the capsule again: it was cut short or changed on its way";
constexpr char kNotRepacked[] =
    "ask for the file that harness capsule make wrote, and do not pack it anew";

void require(bool holds, const std::string& file, const std::string& what,
             const std::string& cure) {
  check(holds, ErrorKind::kIntegrity, file, what, cure);
}

/// "runs/3f/2a…-s0/record.json": inside one of a capsule's folders, written in one way only.
bool is_member_name(const std::string& name) {
  const fs::path path(name);
  if (!stays_inside(name) || !path.has_filename() || path.lexically_normal().string() != name)
    return false;
  const std::string folder = path.begin()->string();
  return name == kManifest ||
         ((folder == "experiments" || folder == "runs" || folder == "reports") && folder != name);
}

/// A name that stands for a file and for a folder at once; empty: none does.
std::string file_and_folder(const Files& files) {
  for (const auto& [name, bytes] : files)
    for (fs::path folder = fs::path(name).parent_path(); !folder.empty();
         folder = folder.parent_path())
      if (files.contains(folder.string())) return folder.string();
  return "";
}

/// The files of the archive, if it is as write_tar() makes it.
Files members_of(std::span<const std::byte> bytes, const std::string& file) {
  require(is_tar(bytes), file, "is not a capsule", "give the file that harness capsule make wrote");
  Files files;
  try {
    for (const auto& [name, content] : read_tar(bytes, file))
      files[name].assign(reinterpret_cast<const char*>(content.data()), content.size());
  } catch (const Error& error) {
    fail(ErrorKind::kIntegrity, file, error.what_happened, kAskAgain);
  }
  for (const auto& [name, content] : files)
    require(is_member_name(name), file,
            fmt::format("has a member '{}', which is not part of a capsule", shown(name)),
            kNotRepacked);
  const std::string clashing = file_and_folder(files);
  require(clashing.empty(), file,
          fmt::format("has '{}' as a file and as a folder", shown(clashing)), kNotRepacked);
  const std::string own = write_tar(files);
  const std::string_view given(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const auto [at, end] = std::mismatch(own.begin(), own.end(), given.begin(), given.end());
  require(own == given, file,
          fmt::format("has more than plain files (a link, a folder, an owner), or they are out of "
                      "order, at byte {}",
                      at - own.begin()),
          kNotRepacked);
  return files;
}

Json hashes_of(const Files& files) {
  Json hashes = Json::object();
  for (const auto& [name, bytes] : files) hashes[name] = sha256(bytes);
  return hashes;
}

/// Reads the manifest into `capsule`, and compares the files with it.
void read_manifest(Capsule& capsule, SpecReader manifest, const std::string& file) {
  capsule.program = manifest.required<std::string>("program");
  const auto format = manifest.required<int64_t>("format");
  require(
      format == kCapsuleFormat, file,
      fmt::format("has format {}, and this program reads format {}", format, kCapsuleFormat),
      fmt::format("verify it with the program that made it: harness {}", shown(capsule.program)));
  capsule.scale = manifest.required<std::string>("scale");
  capsule.tables = manifest.required<std::vector<std::string>>("tables");
  capsule.overrides = manifest.required<std::vector<std::string>>("overrides");
  const Json expected = manifest.child("files").json();
  manifest.reject_unread_keys();
  const Json found = hashes_of(capsule.files);
  for (const auto& [name, hash] : expected.items())
    require(found.contains(name), file, fmt::format("lacks '{}' of its manifest", shown(name)),
            kAskAgain);
  for (const auto& [name, hash] : found.items()) {
    require(expected.contains(name), file,
            fmt::format("has '{}', which its manifest does not list", name), kAskAgain);
    if (expected[name] != hash) capsule.changed.push_back(name);
  }
}

}  // namespace

std::string to_bytes(const Capsule& capsule) {
  const Json manifest = {{"format", kCapsuleFormat},       {"program", capsule.program},
                         {"scale", capsule.scale},         {"tables", capsule.tables},
                         {"overrides", capsule.overrides}, {"files", hashes_of(capsule.files)}};
  Files files = capsule.files;
  files[kManifest] = manifest.dump(1) + "\n";
  return write_tar(files);
}

Capsule capsule_from_bytes(std::span<const std::byte> bytes, const std::string& file) {
  Capsule capsule;
  capsule.files = members_of(bytes, file);
  const auto manifest = capsule.files.extract(kManifest);
  require(!manifest.empty(), file, fmt::format("has no {}", kManifest),
          "give the file that harness capsule make wrote");
  const std::string where = file + ": " + kManifest;
  const Json json = parse_shallow(manifest.mapped());
  require(json.is_object(), where, "is not a JSON object", kAskAgain);
  try {
    read_manifest(capsule, SpecReader(json, where), file);
  } catch (const Error& error) {
    fail(ErrorKind::kIntegrity, error.where, error.what_happened, error.cure);
  }
  return capsule;
}

}  // namespace mra
