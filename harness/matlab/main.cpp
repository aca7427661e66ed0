// harness-mat FILE VARIABLE FIELD…: prints the fields of a struct array in a MAT file (version 5)
// as JSON, an array of texts for each element. Exit codes: 0 success; 1 the file cannot be read;
// 2 the variable or a field is missing.
//
// It is a separate program because libmatio may crash on a damaged file and needs many libraries.
// It limits its own resources. harness/data/mat_table.cpp starts it and reads the output.
#include <cstdint>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <sys/resource.h>

#include <fmt/format.h>
#include <matio.h>
#include <zlib.h>
#include <nlohmann/json.hpp>

namespace mra {
namespace {

struct Unreadable : std::runtime_error {
  using std::runtime_error::runtime_error;
};
struct Lacking : std::runtime_error {
  using std::runtime_error::runtime_error;
};

template <typename Resource>
void limit(Resource resource, rlim_t most) {
  const rlimit limits{most, most};
  setrlimit(resource, &limits);
}

void limit_what_is_taken() {
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  limit(RLIMIT_DATA, rlim_t(100) << 20);
#endif
  limit(RLIMIT_CPU, 1);
  limit(RLIMIT_CORE, 0);
}

/// Whether `stream` is a complete zlib stream with the right checksum, of at most 64 MiB inflated.
bool inflates(std::string_view stream) {
  constexpr size_t kMost_bytes = size_t(64) << 20;
  z_stream state{};
  state.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(stream.data()));
  state.avail_in = uInt(stream.size());
  std::vector<Bytef> out(1 << 16);
  int result = inflateInit(&state);
  while (result == Z_OK && state.total_out < kMost_bytes) {
    state.next_out = out.data();
    state.avail_out = uInt(out.size());
    result = inflate(&state, Z_NO_FLUSH);
  }
  inflateEnd(&state);
  return result == Z_STREAM_END;
}

/// Checks the file first, because libmatio invents values when it is cut short or a checksum is
/// wrong. It has a header of 128 bytes, then elements: type, size in bytes, content.
void check_whole(const char* path) {
  constexpr size_t kHeader_bytes = 128, kMost_bytes = size_t(16) << 20;
  constexpr uint32_t kCompressed = 15;
  std::ifstream input(path, std::ios::binary);
  std::string bytes(kMost_bytes + 1, '\0');
  input.read(bytes.data(), std::streamsize(bytes.size()));
  bytes.resize(size_t(input.gcount()));
  if (bytes.size() > kMost_bytes) throw Unreadable("has more than 16 MiB");
  const auto word = [&](size_t at) {
    uint32_t value = 0;
    std::memcpy(&value, bytes.data() + at, sizeof value);
    return bytes[kHeader_bytes - 2] == 'M' ? __builtin_bswap32(value) : value;
  };
  for (size_t at = kHeader_bytes; at < bytes.size();) {
    if (bytes.size() - at < 8) throw Unreadable("is cut short");
    const size_t size = word(at + 4);
    if (size > bytes.size() - at - 8) throw Unreadable("is cut short");
    if (word(at) == kCompressed && !inflates(std::string_view(bytes).substr(at + 8, size)))
      throw Unreadable("holds a damaged part");
    at += 8 + size;
  }
}

size_t elements(const matvar_t& value) {
  constexpr size_t kMost = 1'000'000;
  size_t count = 1;
  for (int i = 0; i < value.rank; ++i)
    if (__builtin_mul_overflow(count, value.dims[i], &count) || count > kMost)
      throw Unreadable("holds a million values or more");
  return count;
}

std::string characters(const matvar_t& value) {
  const size_t count = elements(value);
  const size_t width = count ? value.nbytes / count : 1;
  std::string text;
  for (size_t i = 0; i < count; ++i) {
    uint32_t letter = 0;
    if (width == 1) letter = static_cast<const uint8_t*>(value.data)[i];
    if (width == 2) letter = static_cast<const uint16_t*>(value.data)[i];
    if (letter == 0 || letter > 0x7F) throw Unreadable("holds text that is not ASCII");
    text += char(letter);
  }
  return text;
}

template <typename T>
std::string number(const matvar_t& value) {
  if (value.nbytes < sizeof(T)) throw Unreadable("holds an empty value");
  return fmt::format("{}", *static_cast<const T*>(value.data));
}

std::string text_of(const matvar_t* value, const std::string& field) {
  if (!value) throw Lacking("has no field '" + field + "'");
  if (!value->data || value->isComplex) throw Unreadable("holds an empty value");
  if (value->class_type == MAT_C_CHAR) return characters(*value);
  if (elements(*value) != 1) throw Unreadable("holds a list in place of a single value");
  switch (value->class_type) {
    case MAT_C_DOUBLE:
      return number<double>(*value);
    case MAT_C_SINGLE:
      return number<float>(*value);
    case MAT_C_INT8:
      return fmt::format("{}", int(*static_cast<const int8_t*>(value->data)));
    case MAT_C_UINT8:
      return fmt::format("{}", int(*static_cast<const uint8_t*>(value->data)));
    case MAT_C_INT16:
      return number<int16_t>(*value);
    case MAT_C_UINT16:
      return number<uint16_t>(*value);
    case MAT_C_INT32:
      return number<int32_t>(*value);
    case MAT_C_UINT32:
      return number<uint32_t>(*value);
    case MAT_C_INT64:
      return number<int64_t>(*value);
    case MAT_C_UINT64:
      return number<uint64_t>(*value);
    default:
      throw Unreadable("holds a value that is neither text nor number");
  }
}

nlohmann::json read_structs(const char* path, const std::string& variable,
                            const std::vector<std::string>& fields) {
  check_whole(path);
  mat_t* file = Mat_Open(path, MAT_ACC_RDONLY);
  if (!file || Mat_GetVersion(file) != MAT_FT_MAT5)
    throw Unreadable("is not a MAT file of version 5");
  matvar_t* array = Mat_VarRead(file, variable.c_str());
  if (!array) throw Lacking("has no variable '" + variable + "'");
  if (array->class_type != MAT_C_STRUCT) throw Lacking("'" + variable + "' is not a struct array");
  auto rows = nlohmann::json::array();
  for (size_t i = 0, count = elements(*array); i < count; ++i) {
    std::vector<std::string> row;
    for (const std::string& field : fields)
      row.push_back(text_of(Mat_VarGetStructFieldByName(array, field.c_str(), i), field));
    rows.push_back(std::move(row));
  }
  return rows;  // not freed, because the process ends here
}

}  // namespace
}  // namespace mra

int main(int count, char** words) {
  if (count < 4) return 1;
  mra::limit_what_is_taken();
  try {
    const auto rows = mra::read_structs(words[1], words[2], {words + 3, words + count});
    fmt::print("{}", rows.dump());
    return 0;
  } catch (const mra::Lacking& lack) {
    fmt::print("{}", lack.what());
    return 2;
  } catch (const std::exception& error) {
    fmt::print("{}", error.what());
    return 1;
  }
}
