#include "harness/weights/byte_cursor.h"

#include <fmt/format.h>

#include "harness/base/error.h"

namespace mra {

void refuse_weights(const std::string& file, const std::string& what) {
  refuse_weights(file, what, "get the file again: it is damaged, or was not written by PyTorch");
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
  refuse_weights(file_, fmt::format("{}, at byte {}, {}", part_, at_, what));
}

}  // namespace mra
