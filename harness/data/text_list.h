#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/data/picture_list.h"

namespace mra {

/// The lines of a list that comes with a data set. Blank lines, Windows line ends and a byte order
/// mark are removed.
struct TextList {
  struct Line {
    int64_t number = 0;  ///< line number in the file, from 1
    std::string text;
  };
  std::filesystem::path path;
  std::vector<Line> lines;

  /// Returns "images.txt:17", for messages.
  std::string where(int64_t line_number) const;
  /// Throws an Error of kind kIntegrity at that line.
  [[noreturn]] void fail_at(int64_t line_number, const std::string& what,
                            const std::string& cure = "unpack the data set again") const;
};

/// Reads a list. Throws an Error of kind kIntegrity when the file is missing or empty.
TextList read_text_list(const std::filesystem::path& path);

/// Splits `text` at its first blank; the second part is empty when there is none.
std::pair<std::string, std::string> split_at_first_blank(const std::string& text);

/// Reads `text` as a number within [low, high]. Throws an Error at that line for other text.
int64_t number_at(const TextList& list, int64_t line_number, std::string_view text, int64_t low,
                  int64_t high);

/// A list of lines "<id> <rest>", by id.
struct IdTable {
  struct Entry {
    int64_t line_number = 0;
    std::string text;
  };
  TextList list;
  std::map<int64_t, Entry> entries;

  /// Returns the entry of `id`. If it is missing, throws an Error at `from_line` of `from`.
  const Entry& at(int64_t id, const TextList& from, int64_t from_line) const;
};

/// Reads such a list. Throws an Error when an id occurs twice.
IdTable read_id_table(const std::filesystem::path& path);

/// A picture list, with the line number of each of its entries.
struct ListedSplit {
  TextList list;
  PictureList pictures;
  std::vector<int64_t> line_numbers;  ///< one per picture

  void add(int64_t line_number, std::string file, int64_t label);
};

/// Reads lines "<path> <label>" or "path,label"; a path may contain blanks. A first line with
/// column names is skipped. Labels are 0 … classes-1; with `classes` 0, up to the highest in the
/// list. `folder` is where the paths start.
ListedSplit read_labelled_paths(const std::filesystem::path& path,
                                const std::filesystem::path& folder, int64_t classes);

/// Throws an Error that names the line when a picture is listed twice or leads out of the
/// folder.
void check_paths(const ListedSplit& split);
/// Throws an Error that names the line when the file of a picture is missing.
void check_files(const ListedSplit& split);
/// Throws an Error that names the line when a picture of `split` is also in `other`.
void check_disjoint(const ListedSplit& split, const ListedSplit& other);

}  // namespace mra
