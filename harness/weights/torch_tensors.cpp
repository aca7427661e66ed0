#include "harness/weights/torch_tensors.h"

#include <fmt/format.h>

#include "harness/weights/byte_cursor.h"
#include "harness/weights/key_name.h"
#include "harness/weights/pickle_globals.h"

namespace mra {

namespace {

using Kind = PickleValue::Kind;

constexpr size_t kMostDepth = 100;
constexpr size_t kMostSteps = 1'000'000;
constexpr size_t kMostNameBytes = 16 << 20;  // of all names together

bool is_container(const PickleValue& value) {
  return value.kind == Kind::kDict || value.kind == Kind::kList || value.kind == Kind::kTuple;
}

bool is_leaf(const PickleValue& value) {
  return value.kind == Kind::kTensor || value.kind == Kind::kParameter ||
         value.kind == Kind::kSkipped || value.kind == Kind::kPersistent;
}

/// Walks a tree without recursion. `frames_` is the path from the top to the current value.
class LeafWalk {
 public:
  LeafWalk(const PickleTree& tree, const std::string& file) : tree_(tree), file_(file) {}

  std::vector<TorchLeaf> run() {
    visit(tree_.root);
    while (!frames_.empty()) {
      Frame& frame = frames_.back();
      const bool dict = tree_.at(frame.container).kind == Kind::kDict;
      const auto& items = tree_.at(frame.container).items;
      const size_t at = dict ? 2 * frame.next + 1 : frame.next;
      if (at >= items.size()) {
        frames_.pop_back();
        continue;
      }
      ++frame.next;
      visit(items[at]);
    }
    return std::move(leaves_);
  }

 private:
  struct Frame {
    PickleId container;
    size_t next;  ///< index of the entry after the current one
  };

  void visit(PickleId id) {
    if (++steps_ > kMostSteps)
      refuse_weights(file_, "holds more than a million objects", kSaveWeightsAlone);
    id = state_of(id);
    const PickleValue& value = tree_.at(id);
    if (is_leaf(value)) {
      leaves_.push_back({path(), id});
    } else if (is_container(value)) {
      if (frames_.size() >= kMostDepth)
        refuse_weights(file_, "nests objects too deeply, or one inside itself", kSaveWeightsAlone);
      frames_.push_back({id, 0});
    }
  }

  /// Returns the state of an inert object, so that the walk continues inside it.
  PickleId state_of(PickleId id) {
    for (size_t depth = 0; tree_.at(id).kind == Kind::kObject; ++depth) {
      if (tree_.at(id).items.empty()) return id;
      if (depth > kMostDepth) refuse_weights(file_, "has an object that is its own state");
      id = tree_.at(id).items[0];
    }
    return id;
  }

  std::vector<std::string> path() {
    std::vector<std::string> path;
    for (const Frame& frame : frames_) {
      const PickleValue& container = tree_.at(frame.container);
      const size_t entry = frame.next - 1;
      path.push_back(container.kind == Kind::kDict
                         ? name_of_key(tree_, tree_.at(container.items[2 * entry]), file_)
                         : fmt::format("{}", entry));
      name_bytes_ += path.back().size();
    }
    if (name_bytes_ > kMostNameBytes)
      refuse_weights(file_, "has more than 16 MiB of names", kSaveWeightsAlone);
    return path;
  }

  const PickleTree& tree_;
  const std::string& file_;
  std::vector<Frame> frames_;
  std::vector<TorchLeaf> leaves_;
  size_t steps_ = 0, name_bytes_ = 0;
};

uint64_t whole_number(const PickleValue& value, const std::string& file) {
  if (value.kind != Kind::kInt || value.number < 0)
    refuse_weights(file, "has a storage whose size or place is not a whole number");
  return uint64_t(value.number);
}

std::vector<int64_t> numbers(const PickleValue& value, const std::string& file,
                             const PickleTree& tree) {
  if (value.kind != Kind::kTuple && value.kind != Kind::kList)
    refuse_weights(file, "has a tensor whose sizes or strides are not a list");
  std::vector<int64_t> found;
  for (const PickleId id : value.items) {
    if (tree.at(id).kind != Kind::kInt)
      refuse_weights(file, "has a tensor with a size or stride that is not a 64-bit number");
    found.push_back(tree.at(id).number);
  }
  return found;
}

}  // namespace

std::vector<TorchLeaf> torch_leaves(const PickleTree& tree, const std::string& file) {
  return LeafWalk(tree, file).run();
}

std::string key_text(const PickleValue& value, const std::string& file) {
  if (value.kind == Kind::kInt) return fmt::format("{}", value.number);
  if (value.kind == Kind::kText) return std::string(value.text);
  refuse_weights(file, "has a storage whose key is neither text nor number");
}

StorageId storage_id(const PickleTree& tree, const PickleValue& value, const std::string& file) {
  // In tar archives the tuple itself stands in place of the persistent id.
  const PickleValue& id = value.kind == Kind::kPersistent ? tree.at(value.items[0]) : value;
  const auto item = [&](size_t i) -> const PickleValue& { return tree.at(id.items[i]); };
  const bool whole = id.kind == Kind::kTuple && (id.items.size() == 5 || id.items.size() == 6) &&
                     item(0).text == "storage" && item(1).kind == Kind::kGlobal;
  if (!whole) refuse_weights(file, "has a tensor without a storage");
  StorageId storage;
  storage.dtype = dtype_of_global(item(1).text);
  if (storage.dtype.empty() || !item(1).text.ends_with("Storage"))
    refuse_weights(file, fmt::format("stores values as {}", brief(item(1).text)));
  storage.key = key_text(item(2), file);
  storage.count = whole_number(item(4), file);
  if (id.items.size() == 6 && item(5).kind != Kind::kNone) {
    if (item(5).kind != Kind::kTuple || item(5).items.size() != 3)
      refuse_weights(file, "has a view of a storage without its place");
    storage.view = {whole_number(tree.at(item(5).items[1]), file),
                    whole_number(tree.at(item(5).items[2]), file)};
  }
  return storage;
}

const PickleValue& unwrap(const PickleTree& tree, PickleId id, const std::string& file) {
  for (size_t depth = 0; tree.at(id).kind == Kind::kParameter; ++depth) {
    if (tree.at(id).items.empty() || depth > kMostDepth)
      refuse_weights(file, "has a parameter without a tensor");
    id = tree.at(id).items[0];
  }
  return tree.at(id);
}

WeightTensor tensor_layout(const PickleTree& tree, const PickleValue& value,
                           const std::string& file) {
  WeightTensor tensor;
  const PickleValue& offset = tree.at(value.items[1]);
  if (offset.kind != Kind::kInt)
    refuse_weights(file, "has a tensor whose place in its storage is not a number");
  tensor.offset = offset.number;
  tensor.shape = numbers(tree.at(value.items[2]), file, tree);
  tensor.strides = numbers(tree.at(value.items[3]), file, tree);
  if (value.items.size() > 4) tensor.dtype = dtype_of_type(tree.at(value.items[4]).text);
  return tensor;
}

void place_in(const FoundStorage& storage, WeightTensor& tensor, const std::string& file) {
  uint64_t first = storage.first, count = storage.count;
  if (tensor.dtype.empty()) {
    tensor.dtype = storage.dtype;
  } else {
    if (storage.dtype != "U8")
      refuse_weights(file, fmt::format("tensor '{}' has two types", brief(tensor.name())));
    const size_t size = bytes_of_dtype(tensor.dtype);
    if (first % size != 0) refuse_weights(file, "has a view between two values of its storage");
    first /= size;
    count /= size;
  }
  tensor.storage = storage.index;
  check_layout(tensor, count, file);
  tensor.offset += int64_t(first);
}

}  // namespace mra
