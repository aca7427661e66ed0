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

/// The lines of a list that comes with a data set, without blank ones, Windows line ends and a
/// byte-order mark.
struct TextList {
  struct Line {
    int64_t number = 0;  ///< in the file, from 1
    std::string text;
  };
  std::filesystem::path path;
  std::vector<Line> lines;

  /// "images.txt:17", for messages.
  std::string where(int64_t line_number) const;
  /// An Error of kind kIntegrity at that line.
  [[noreturn]] void fail_at(int64_t line_number, const std::string& what,
                            const std::string& cure = "unpack the data set again") const;
};

/// A missing or empty file is an Error of kind kIntegrity.
TextList read_text_list(const std::filesystem::path& path);

/// `text` before and behind its first blank; nothing is behind when there is none.
std::pair<std::string, std::string> split_at_first_blank(const std::string& text);

/// The whole of `text` as a number within [low, high]; an Error at that line otherwise.
int64_t number_at(const TextList& list, int64_t line_number, std::string_view text, int64_t low,
                  int64_t high);

/// A list of "<id> <rest>", by id.
struct IdTable {
  struct Entry {
    int64_t line_number = 0;
    std::string text;
  };
  TextList list;
  std::map<int64_t, Entry> entries;

  /// The entry of `id`, which `from` names at `from_line`; an Error there when it is missing here.
  const Entry& at(int64_t id, const TextList& from, int64_t from_line) const;
};

/// An id given twice is an Error.
IdTable read_id_table(const std::filesystem::path& path);

/// A picture list and where each of its entries stands.
struct ListedSplit {
  TextList list;
  PictureList pictures;
  std::vector<int64_t> line_numbers;  ///< one for each picture

  void add(int64_t line_number, std::string file, int64_t label);
};

/// Reads "<path> <label>" or "path,label" of each line; a path may hold blanks, and a first line of
/// names of columns is left out. Labels are 0 … classes-1, or, when `classes` is 0, from 0 to the
/// highest in the list. `folder` is where the paths start.
ListedSplit read_labelled_paths(const std::filesystem::path& path,
                                const std::filesystem::path& folder, int64_t classes);

/// An Error that names the line when a picture stands twice in the split or leads out of its
/// folder.
void check_paths(const ListedSplit& split);
/// The same for a picture whose file is not there.
void check_files(const ListedSplit& split);
/// The same for a picture of `split` that stands in `other` as well.
void check_disjoint(const ListedSplit& split, const ListedSplit& other);

}  // namespace mra
