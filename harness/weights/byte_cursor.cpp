#include "harness/weights/byte_cursor.h"

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/base/text.h"

namespace mra {

static constexpr const char* kGetAgain =
    "get the file again: it is damaged, or was not written by PyTorch";

std::string brief(std::string_view text) {
  constexpr size_t kMost_bytes = 60;
  return shown(text.substr(0, kMost_bytes));
}

void refuse_weights(const std::string& file, const std::string& what) {
  refuse_weights(file, what, kGetAgain);
}

void refuse_weights(const std::string& file, const std::string& what, const std::string& cure) {
  fail(ErrorKind::kIntegrity, file, what, cure);
}

std::span<const std::byte> ByteCursor::take(uint64_t count) {
  if (count > left()) refuse(fmt::format("needs {} more bytes where {} are left", count, left()));
  const auto taken = bytes_.subspan(at_, count);
  at_ += count;
  return taken;
}

std::string_view ByteCursor::take_text(uint64_t count) {
  const auto taken = take(count);
  return {reinterpret_cast<const char*>(taken.data()), taken.size()};
}

std::string_view ByteCursor::take_line() {
  const std::string_view left_over(reinterpret_cast<const char*>(rest().data()), left());
  const size_t end = left_over.find('\n');
  if (end == std::string_view::npos) refuse("has a line without an end");
  at_ += end + 1;
  return left_over.substr(0, end);
}

void ByteCursor::refuse(const std::string& what) const {
  refuse(what, kGetAgain);
}

void ByteCursor::refuse(const std::string& what, const std::string& cure) const {
  refuse_weights(file_, fmt::format("{}, at byte {}, {}", part_, at_, what), cure);
}

}  // namespace mra
