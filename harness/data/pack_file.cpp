#include "harness/data/pack_file.h"

#include <bit>
#include <cstring>

#include <fmt/format.h>
#include <libdeflate.h>

#include "harness/base/error.h"
#include "harness/spec/shallow_json.h"

namespace mra {

namespace {

constexpr std::string_view kFormat = "MRAPACK1";

/// An entry of the index.
struct Entry {
  uint64_t offset = 0;
  uint32_t bytes = 0;
  uint32_t crc32 = 0;
  int64_t label = 0;
};

struct Tail {
  uint64_t index_bytes = 0;
  uint32_t json_bytes = 0;
  uint32_t crc32 = 0;  ///< of the index and the JSON
  char format[8] = {};
};

static_assert(sizeof(Entry) == 24 && sizeof(Tail) == 24);
static_assert(std::endian::native == std::endian::little);

template <typename Fields>
std::string_view bytes_of(const Fields& fields) {
  return {reinterpret_cast<const char*>(&fields), sizeof fields};
}

template <typename Fields>
Fields fields_at(std::string_view bytes, size_t at) {
  Fields fields;
  std::memcpy(&fields, bytes.substr(at, sizeof fields).data(), sizeof fields);
  return fields;
}

}  // namespace

uint32_t crc32_of(std::string_view bytes) {
  return libdeflate_crc32(0, bytes.data(), bytes.size());
}

void PackWriter::add(std::string_view picture, int64_t label) {
  const Entry entry{written_bytes_, uint32_t(picture.size()), crc32_of(picture), label};
  index_ += bytes_of(entry);
  file_.write(picture.data(), picture.size());
  written_bytes_ += picture.size();
  ++splits_.back().second;
}

void PackWriter::finish(int64_t classes, const Json& made_of) {
  Json splits = Json::array();
  for (const auto& [split, pictures] : splits_) splits.push_back({name(split), pictures});
  const std::string json =
      Json{{"classes", classes}, {"splits", splits}, {"made_of", made_of}}.dump();
  const std::string end = index_ + json;
  Tail tail{index_.size(), uint32_t(json.size()), crc32_of(end), {}};
  std::memcpy(tail.format, kFormat.data(), kFormat.size());
  file_.write(end.data(), end.size());
  file_.write(&tail, sizeof tail);
  file_.close();
}

PackFile::PackFile(const std::filesystem::path& path) : path_(path), file_(path) {
  const auto mapped = file_.bytes();
  const std::string_view all(reinterpret_cast<const char*>(mapped.data()), mapped.size());
  if (all.size() < sizeof(Tail) || !all.ends_with(kFormat))
    fail_damaged("does not end as a pack of pictures: it is truncated, or no pack");
  const Tail tail = fields_at<Tail>(all, all.size() - sizeof(Tail));
  const size_t before_tail = all.size() - sizeof(Tail);
  if (tail.index_bytes > before_tail || tail.json_bytes > before_tail - tail.index_bytes ||
      tail.index_bytes % sizeof(Entry) != 0)
    fail_damaged("has an index that does not fit into it");
  const size_t index_at = before_tail - tail.json_bytes - tail.index_bytes;
  if (crc32_of(all.substr(index_at, before_tail - index_at)) != tail.crc32)
    fail_damaged("has an index with another checksum than written");
  bytes_ = all.substr(0, index_at);
  index_ = all.substr(index_at, tail.index_bytes);
  read_description(all.substr(before_tail - tail.json_bytes, tail.json_bytes));
}

void PackFile::fail_damaged(const std::string& what) const {
  fail(ErrorKind::kIntegrity, path_.string(), what,
       "remove it and make it again with harness data pack");
}

void PackFile::read_description(std::string_view json) {
  const Json description = parse_shallow(json);
  try {
    classes_ = description.at("classes").get<int64_t>();
    for (const Json& split : description.at("splits"))
      splits_.emplace_back(split.at(0).get<std::string>(), split.at(1).get<int64_t>());
  } catch (const Json::exception&) {
    fail_damaged("does not say which splits it has");
  }
  int64_t pictures = 0;
  for (const auto& [split, count] : splits_) {
    if (count < 0 || count > int64_t(index_.size()))
      fail_damaged("has a split whose size cannot be right");
    pictures += count;
  }
  if (pictures != int64_t(index_.size() / sizeof(Entry)))
    fail_damaged(fmt::format("has an index of {} pictures, but splits of {} in all",
                             index_.size() / sizeof(Entry), pictures));
}

std::pair<int64_t, int64_t> PackFile::range(Split split) const {
  int64_t first = 0;
  for (const auto& [name, count] : splits_) {
    if (name == mra::name(split)) return {first, count};
    first += count;
  }
  fail_damaged(fmt::format("has no split '{}'", name(split)));
}

PackFile::Picture PackFile::picture(int64_t number) const {
  const Entry entry = fields_at<Entry>(index_, size_t(number) * sizeof(Entry));
  if (entry.offset > bytes_.size() || entry.bytes > bytes_.size() - entry.offset ||
      entry.label < kNoLabel || entry.label >= classes_)
    fail_damaged(fmt::format("has a wrong entry for picture {}", number));
  return {bytes_.substr(entry.offset, entry.bytes), entry.crc32, entry.label};
}

}  // namespace mra
