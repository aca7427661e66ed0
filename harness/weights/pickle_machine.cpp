#include "harness/weights/pickle_machine.h"

#include <charconv>

#include <fmt/format.h>

#include "harness/base/text.h"
#include "harness/weights/pickle_reader.h"

namespace mra {

namespace {

// Limits of memory: about 60 MB at worst. A network of 10,000 tensors with its optimizer needs a
// tenth of it.
constexpr size_t kMostValues = 500'000;
constexpr size_t kMostReferences = 2'000'000;

constexpr int kNewestProtocol = 3;

constexpr PickleId kNoValue = ~PickleId(0);

}  // namespace

PickleTree PickleMachine::run() {
  while (true) {
    const uint8_t opcode = bytes_.take_number<uint8_t>();
    if (opcode == '.') break;
    const bool known = constant(opcode) || text(opcode) || container(opcode) || memo(opcode) ||
                       reference(opcode) || stack_change(opcode);
    if (!known)
      bytes_.refuse(fmt::format("has opcode {:#04x}, which torch.save does not write", opcode));
  }
  tree_.root = pop();
  return std::move(tree_);
}

PickleId PickleMachine::add(PickleValue value) {
  if (tree_.values.size() >= kMostValues)
    bytes_.refuse("describes more than half a million values", kSaveWeightsAlone);
  tree_.values.push_back(std::move(value));
  return PickleId(tree_.values.size() - 1);
}

bool PickleMachine::push(PickleId id) {
  if (stack_.size() >= kMostReferences) bytes_.refuse("stacks too many values");
  stack_.push_back(id);
  return true;
}

PickleId PickleMachine::pop() {
  if (stack_.size() <= floor()) bytes_.refuse("takes from an empty stack");
  const PickleId id = stack_.back();
  stack_.pop_back();
  return id;
}

PickleMachine::Ids PickleMachine::pop(size_t count) {
  if (stack_.size() < floor() + count) bytes_.refuse("takes from an empty stack");
  Ids ids(stack_.end() - long(count), stack_.end());
  stack_.resize(stack_.size() - count);
  return ids;
}

PickleMachine::Ids PickleMachine::pop_to_mark() {
  if (marks_.empty()) bytes_.refuse("goes back to a mark that was never set");
  Ids ids = pop(stack_.size() - marks_.back());
  marks_.pop_back();
  return ids;
}

PickleId PickleMachine::top() {
  const PickleId id = pop();
  stack_.push_back(id);
  return id;
}

void PickleMachine::store(Ids& items, const Ids& more) {
  references_ += more.size();
  if (references_ > kMostReferences)
    bytes_.refuse("holds more than two million values", kSaveWeightsAlone);
  items.insert(items.end(), more.begin(), more.end());
}

bool PickleMachine::push_container(Kind kind, const Ids& items) {
  PickleValue made{kind};
  store(made.items, items);
  return push(std::move(made));
}

bool PickleMachine::constant(uint8_t opcode) {
  switch (opcode) {
    case 0x80:
      return protocol();
    case 'N':
      return push({Kind::kNone});
    case 0x88:
      return push({Kind::kBool, 1});
    case 0x89:
      return push({Kind::kBool, 0});
    case 'J':
      return push_int(bytes_.take_number<int32_t>());
    case 'K':
      return push_int(bytes_.take_number<uint8_t>());
    case 'M':
      return push_int(bytes_.take_number<uint16_t>());
    case 'I':
    case 'L':
      return number_line();
    case 0x8a:
      return long_number(bytes_.take_number<uint8_t>());
    case 0x8b:
      return long_number(bytes_.take_number<int32_t>());
    case 'G':
      return push({Kind::kFloat, int64_t(__builtin_bswap64(bytes_.take_number<uint64_t>()))});
    default:
      return false;
  }
}

bool PickleMachine::protocol() {
  const int version = bytes_.take_number<uint8_t>();
  if (version > kNewestProtocol) refuse_protocol(version, bytes_.file());
  return true;
}

void refuse_protocol(int protocol, const std::string& file) {
  refuse_weights(
      file,
      fmt::format("is a pickle of protocol {}; those up to {} are read", protocol, kNewestProtocol),
      "save it by torch.save without pickle_protocol=, or as safetensors");
}

/// Reads a little-endian two's complement number of `size` bytes.
bool PickleMachine::long_number(int64_t size) {
  if (size < 0) bytes_.refuse("has a number of negative length");
  const auto digits = bytes_.take(uint64_t(size));
  if (size > 8) return push({Kind::kOther});
  const bool negative = size > 0 && (uint8_t(digits.back()) & 0x80) != 0;
  uint64_t number = negative ? ~uint64_t(0) : 0;
  std::memcpy(&number, digits.data(), digits.size());
  return push_int(int64_t(number));
}

/// Reads decimal digits. "00" and "01" mean false and true; Python 2 appends L to long numbers.
bool PickleMachine::number_line() {
  std::string_view line = bytes_.take_line();
  if (line == "00" || line == "01") return push({Kind::kBool, line == "01"});
  if (line.ends_with('L')) line.remove_suffix(1);
  int64_t number = 0;
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), number);
  if (error == std::errc::result_out_of_range) return push({Kind::kOther});
  if (error != std::errc() || end != line.data() + line.size() || line.empty())
    bytes_.refuse("has a line that is not a number");
  return push_int(number);
}

bool PickleMachine::text(uint8_t opcode) {
  switch (opcode) {
    case 'X':
      return push_text(bytes_.take_text(bytes_.take_number<uint32_t>()), false);
    case 'U':
      return push_text(bytes_.take_text(bytes_.take_number<uint8_t>()), true);
    case 'T':
      return push_text(bytes_.take_text(bytes_.take_number<uint32_t>()), true);
    case 'S':
      return quoted_line();
    case 'B':
      return push({Kind::kBytes, 0, bytes_.take_text(bytes_.take_number<uint32_t>())});
    case 'C':
      return push({Kind::kBytes, 0, bytes_.take_text(bytes_.take_number<uint8_t>())});
    default:
      return false;
  }
}

/// Python stores a file name byte that is not UTF-8 as half of a surrogate pair, and writes that
/// half as three bytes. Such text is accepted here.
static bool is_utf8_with_surrogates(std::string_view text) {
  std::string without(text);
  for (size_t i = 0; i + 2 < without.size(); ++i)
    if (without[i] == '\xED' && uint8_t(without[i + 1]) > 0x9F) without[i + 1] = '\x80';
  return is_utf8(without);
}

bool PickleMachine::push_text(std::string_view text, bool python2) {
  if (is_utf8(text)) return push({Kind::kText, 0, text});
  if (!python2 && !is_utf8_with_surrogates(text)) bytes_.refuse("has a text that is not UTF-8");
  return push({Kind::kBytes, 0, text});
}

bool PickleMachine::quoted_line() {
  const std::string_view line = bytes_.take_line();
  const bool quoted = line.size() >= 2 && (line.front() == '\'' || line.front() == '"') &&
                      line.back() == line.front();
  if (!quoted) bytes_.refuse("has a text without its quotes");
  const std::string_view inner = line.substr(1, line.size() - 2);
  if (inner.find('\\') != std::string_view::npos) return push({Kind::kBytes, 0, inner});
  return push_text(inner, true);
}

bool PickleMachine::memo(uint8_t opcode) {
  switch (opcode) {
    case 'q':
      return put(bytes_.take_number<uint8_t>());
    case 'r':
      return put(bytes_.take_number<uint32_t>());
    case 'p':
      return put(index_line());
    case 'h':
      return get(bytes_.take_number<uint8_t>());
    case 'j':
      return get(bytes_.take_number<uint32_t>());
    case 'g':
      return get(index_line());
    default:
      return false;
  }
}

bool PickleMachine::put(uint64_t index) {
  if (index > 2 * kMostValues)
    bytes_.refuse(
        fmt::format("stores a value as number {} of its memo, more than weights need", index));
  if (index >= memo_.size()) memo_.resize(index + 1, kNoValue);
  memo_[index] = top();
  return true;
}

bool PickleMachine::get(uint64_t index) {
  if (index >= memo_.size() || memo_[index] == kNoValue)
    bytes_.refuse(fmt::format("uses value {} of its memo, which it never stored", index));
  return push(memo_[index]);
}

uint64_t PickleMachine::index_line() {
  number_line();
  return uint64_t(value(pop()).number);
}

bool PickleMachine::stack_change(uint8_t opcode) {
  switch (opcode) {
    case '(':
      if (marks_.size() >= kMostReferences) bytes_.refuse("sets too many marks");
      marks_.push_back(stack_.size());
      return true;
    case '0':
      if (!marks_.empty() && stack_.size() == marks_.back())
        marks_.pop_back();
      else
        pop();
      return true;
    case '1':
      pop_to_mark();
      return true;
    default:
      return false;
  }
}

PickleTree read_pickle(ByteCursor& bytes) {
  return PickleMachine(bytes).run();
}

}  // namespace mra
