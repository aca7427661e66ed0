#include "harness/data/text_list.h"

#include <algorithm>
#include <charconv>
#include <unordered_map>

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/inside.h"

namespace mra {

namespace fs = std::filesystem;

constexpr std::string_view kBlanks = " \t";

static std::string_view trimmed(std::string_view text) {
  const size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

std::string TextList::where(int64_t line_number) const {
  return fmt::format("{}:{}", path.string(), line_number);
}

void TextList::fail_at(int64_t line_number, const std::string& what,
                       const std::string& cure) const {
  fail(ErrorKind::kIntegrity, where(line_number), what, cure);
}

TextList read_text_list(const fs::path& path) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  std::error_code ignored;
  check(fs::is_regular_file(path, ignored), ErrorKind::kIntegrity, path.string(),
        "this list is missing", "unpack the data set again");
  const std::string bytes = read_file(path);
  std::string_view rest = bytes;
  if (rest.starts_with(kByteOrderMark)) rest.remove_prefix(kByteOrderMark.size());
  TextList list{path, {}};
  for (int64_t number = 1; !rest.empty(); ++number) {
    const size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    line = trimmed(line);
    if (line.find('\0') != std::string_view::npos)
      list.fail_at(number, "holds a zero byte, so it is not text");
    if (!line.empty()) list.lines.push_back({number, std::string(line)});
  }
  check(!list.lines.empty(), ErrorKind::kIntegrity, path.string(), "this list is empty",
        "unpack the data set again");
  return list;
}

std::pair<std::string, std::string> split_at_first_blank(const std::string& text) {
  const size_t blank = std::min(text.find_first_of(kBlanks), text.size());
  return {text.substr(0, blank), std::string(trimmed(std::string_view(text).substr(blank)))};
}

int64_t number_at(const TextList& list, int64_t line_number, std::string_view text, int64_t low,
                  int64_t high) {
  int64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end || number < low || number > high)
    list.fail_at(line_number,
                 fmt::format("'{}' is not a whole number from {} to {}", text, low, high));
  return number;
}

const IdTable::Entry& IdTable::at(int64_t id, const TextList& from, int64_t from_line) const {
  const auto found = entries.find(id);
  if (found == entries.end())
    from.fail_at(from_line, fmt::format("{} is not in {}", id, list.path.filename().string()),
                 "unpack the data set again: its lists contradict each other");
  return found->second;
}

IdTable read_id_table(const fs::path& path) {
  IdTable table{read_text_list(path), {}};
  for (const auto& [number, text] : table.list.lines) {
    auto [id_text, rest] = split_at_first_blank(text);
    const int64_t id = number_at(table.list, number, id_text, 0, INT64_MAX);
    const auto [entry, is_new] = table.entries.insert({id, {number, std::move(rest)}});
    if (!is_new)
      table.list.fail_at(number,
                         fmt::format("{} is in line {} already", id, entry->second.line_number));
    if (entry->second.text.empty())
      table.list.fail_at(number, "the line has nothing after the number");
  }
  return table;
}

void ListedSplit::add(int64_t line_number, std::string file, int64_t label) {
  line_numbers.push_back(line_number);
  pictures.files.push_back(std::move(file));
  pictures.labels.push_back(int32_t(label));
}

ListedSplit read_labelled_paths(const fs::path& path, const fs::path& folder, int64_t classes) {
  constexpr int64_t kMostClasses = 1 << 24;
  ListedSplit split;
  split.list = read_text_list(path);
  split.pictures.folder = folder;
  split.pictures.classes = classes;
  for (const auto& [number, text] : split.list.lines) {
    const std::string_view line = text;
    const size_t separator = line.find_last_of(" \t,");
    if (separator == std::string_view::npos)
      split.list.fail_at(number, "expected a path and a label, separated by a space or comma");
    const std::string_view file = trimmed(line.substr(0, separator));
    const std::string_view label_text = line.substr(separator + 1);
    const bool names_columns = number == split.list.lines.front().number &&
                               line[separator] == ',' &&
                               label_text.find_first_of("0123456789") == std::string_view::npos;
    if (names_columns) continue;
    const int64_t most = classes > 0 ? classes - 1 : kMostClasses;
    const int64_t label = number_at(split.list, number, label_text, 0, most);
    if (classes == 0) split.pictures.classes = std::max(split.pictures.classes, label + 1);
    split.add(number, std::string(file), label);
  }
  return split;
}

void check_paths(const ListedSplit& split) {
  std::unordered_map<std::string_view, int64_t> lines;
  for (size_t i = 0; i < split.line_numbers.size(); ++i) {
    const std::string& file = split.pictures.files[i];
    const int64_t number = split.line_numbers[i];
    if (!stays_inside(file))
      split.list.fail_at(number, fmt::format("'{}' leads out of the folder", file));
    const auto [first, is_new] = lines.insert({file, number});
    if (!is_new)
      split.list.fail_at(number, fmt::format("{} is in line {} already", file, first->second));
  }
}

void check_files(const ListedSplit& split) {
  std::error_code ignored;
  for (size_t i = 0; i < split.line_numbers.size(); ++i) {
    const fs::path path = split.pictures.folder / split.pictures.files[i];
    if (!fs::is_regular_file(path, ignored))
      split.list.fail_at(split.line_numbers[i], fmt::format("{} does not exist", path.string()),
                         "put the picture there, or unpack the data set again");
  }
}

void check_disjoint(const ListedSplit& split, const ListedSplit& other) {
  std::unordered_map<std::string_view, int64_t> lines;
  for (size_t i = 0; i < other.line_numbers.size(); ++i)
    lines.insert({other.pictures.files[i], other.line_numbers[i]});
  for (size_t i = 0; i < split.line_numbers.size(); ++i) {
    const auto found = lines.find(split.pictures.files[i]);
    if (found != lines.end())
      split.list.fail_at(
          split.line_numbers[i],
          fmt::format("{} is in {}, too", found->first, other.list.where(found->second)),
          "use the lists as published: a picture belongs to one split");
  }
}

}  // namespace mra
