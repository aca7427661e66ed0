#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/data/data_folder.h"
#include "harness/data/dataset_kind.h"
#include "harness/data/text_list.h"

// CUB-200-2011 as released. Its text lists have lines "<picture id> <value>" and are joined by the
// id. The split val has its test pictures.
namespace mra {
namespace {

namespace fs = std::filesystem;

struct Lists {
  IdTable images, labels, is_training, classes;
};

DataFolder read_options(SpecReader reader) {
  DataFolder data = read_data_folder(reader);
  reader.reject_unread_keys();
  return data;
}

fs::path locate(const DataFolder& data, const Folders& data_dirs) {
  return locate_folder(data, data_dirs,
                       {"images.txt", "image_class_labels.txt", "train_test_split.txt",
                        "classes.txt", "images/<class>/<picture>"});
}

/// Checks that all lists have the same ids.
void check_same_ids(const Lists& lists) {
  for (const IdTable* other : {&lists.labels, &lists.is_training})
    for (const auto& [id, entry] : other->entries)
      lists.images.at(id, other->list, entry.line_number);
}

/// Returns the class of a picture, from 1. The name of its folder must be the name of the class.
int64_t class_of(const Lists& lists, int64_t id, const IdTable::Entry& image) {
  const IdTable::Entry& label = lists.labels.at(id, lists.images.list, image.line_number);
  const TextList& list = lists.labels.list;
  const int64_t number = number_at(list, label.line_number, label.text, 1, 1 << 24);
  const IdTable::Entry& name = lists.classes.at(number, list, label.line_number);
  if (!image.text.starts_with(name.text + "/"))
    list.fail_at(label.line_number,
                 fmt::format("class {} is {}, but {} has the picture {}", number, name.text,
                             lists.images.list.where(image.line_number), image.text),
                 "unpack the data set again: its lists contradict each other");
  return number;
}

ListedSplit pictures_of_split(const Lists& lists, const fs::path& folder, bool training) {
  ListedSplit split;
  split.list = lists.images.list;
  split.pictures.folder = folder / "images";
  split.pictures.classes = int64_t(lists.classes.entries.size());
  for (const auto& [id, image] : lists.images.entries) {
    const IdTable::Entry& side = lists.is_training.at(id, lists.images.list, image.line_number);
    const int64_t label = class_of(lists, id, image) - 1;
    if (label >= split.pictures.classes)
      fail(ErrorKind::kIntegrity, lists.classes.list.path.string(),
           "its classes are not numbered from 1 without gaps", "unpack the data set again");
    if (number_at(lists.is_training.list, side.line_number, side.text, 0, 1) == (training ? 1 : 0))
      split.add(image.line_number, image.text, label);
  }
  return split;
}

std::unique_ptr<Dataset> make(SpecReader reader, Split split, const Folders& data_dirs) {
  const DataFolder data = read_options(std::move(reader));
  const fs::path folder = locate(data, data_dirs);
  const Lists lists = {
      read_id_table(folder / "images.txt"), read_id_table(folder / "image_class_labels.txt"),
      read_id_table(folder / "train_test_split.txt"), read_id_table(folder / "classes.txt")};
  check_same_ids(lists);
  ListedSplit wanted = pictures_of_split(lists, folder, split == Split::kTrain);
  check_paths(wanted);
  check_counts(data, split, wanted.pictures, folder);
  check_files(wanted);
  return pictures_of(std::move(wanted.pictures));
}

}  // namespace

extern const DatasetKind kCub200 = {
    .make = make,
    .locate =
        [](SpecReader options, const Folders& data_dirs) {
          return locate(read_options(std::move(options)), data_dirs);
        },
    .splits = train_and_val,
};

}  // namespace mra
