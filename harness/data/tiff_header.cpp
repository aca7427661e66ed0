#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/data/decode_parts.h"

namespace mra {
namespace {

enum Tag : uint64_t {
  kWidth = 256,
  kHeight = 257,
  kBits = 258,
  kCompression = 259,
  kPhotometric = 262,
  kOrientation = 274,
  kSamples = 277,
  kPlanes = 284,
  kExtraSamples = 338,
  kSampleFormat = 339,
};
enum Photometric : uint64_t { kWhiteIsZero = 0, kBlackIsZero = 1, kRgb = 2, kPalette = 3 };
constexpr uint64_t kUnassociatedAlpha = 2;            // a value of kExtraSamples
constexpr uint64_t kJpeg = 7, kYCbCr = 6;             // a compression and a photometric value
constexpr uint64_t kByte = 1, kShort = 3, kLong = 4;  // types of values

/// Reads the first directory of a classic TIFF file.
class TiffDirectory {
 public:
  explicit TiffDirectory(std::string_view bytes)
      : bytes_(bytes), big_(bytes[0] == 'M'), at_(read(4, 4)), entries_(read(at_, 2)) {}

  /// Returns the positions of the entries with a tag. A damaged file may have several.
  std::vector<uint64_t> find(Tag tag) const {
    std::vector<uint64_t> found;
    for (uint64_t i = 0; i < entries_; ++i)
      if (const uint64_t at = at_ + 2 + 12 * i; read(at, 2) == tag) found.push_back(at);
    return found;
  }

  /// Returns the values of the first entry with a tag; `usual` when there is none.
  std::vector<uint64_t> values(Tag tag, std::vector<uint64_t> usual) const {
    constexpr uint64_t kMost = 16;  // more samples per pixel than any file that is read
    const auto found = find(tag);
    if (found.empty()) return usual;
    const uint64_t type = type_of(found[0]), count = std::min(read(found[0] + 4, 4), kMost);
    const int size = type == kByte ? 1 : type == kShort ? 2 : 4;
    const uint64_t at = count * uint64_t(size) <= 4 ? found[0] + 8 : read(found[0] + 8, 4);
    std::vector<uint64_t> numbers;
    for (uint64_t i = 0; i < count; ++i) numbers.push_back(read(at + i * uint64_t(size), size));
    return numbers;
  }
  uint64_t value(Tag tag, uint64_t usual) const {
    const auto all = values(tag, {usual});
    return all.empty() ? usual : all[0];
  }

  /// Returns 0 when the side is stated several times or as an unusual type, because decoders then
  /// disagree.
  int64_t side_px(Tag tag) const {
    const auto found = find(tag);
    if (found.size() != 1) return 0;
    const uint64_t type = type_of(found[0]);
    const bool plain = (type == kShort || type == kLong) && read(found[0] + 4, 4) == 1;
    return plain ? int64_t(read(found[0] + 8, type == kShort ? 2 : 4)) : 0;
  }

 private:
  uint64_t read(uint64_t at, int count) const { return number(bytes_, at, count, big_); }
  uint64_t type_of(uint64_t entry) const { return read(entry + 2, 2); }

  std::string_view bytes_;
  bool big_;
  uint64_t at_, entries_;
};

/// The layout of the samples of a pixel.
struct Samples {
  uint64_t photometric, planes;
  std::vector<uint64_t> bits, extra;

  bool each_has(uint64_t wanted) const {
    return std::all_of(bits.begin(), bits.end(), [&](uint64_t one) { return one == wanted; });
  }
};

/// Whether OpenCV and Pillow agree: tests/data/pillow_pictures_test.cpp compares every kind.
bool is_read_alike(const Samples& samples) {
  const auto& [photometric, planes, bits, extra] = samples;
  using Numbers = std::vector<uint64_t>;
  const bool together = planes == 1, alpha = extra == Numbers{kUnassociatedAlpha};
  const bool grey = photometric == kWhiteIsZero || photometric == kBlackIsZero;
  if (grey || photometric == kPalette) {
    if (bits == Numbers{8, 8}) return photometric != kWhiteIsZero && together && alpha;
    return extra.empty() &&
           (bits == Numbers{1} || bits == Numbers{8} || (grey && bits == Numbers{16}));
  }
  if (photometric != kRgb) return false;
  if (!samples.each_has(8) && !(samples.each_has(16) && together)) return false;
  if (bits.size() == 3) return extra.empty();
  const bool unused = extra.empty() || extra == Numbers{0};
  return bits.size() == 4 && (unused || (alpha && samples.each_has(16)));
}

const char* name_of(uint64_t photometric) {
  constexpr std::array kNames = {"grey", "grey", "RGB", "palette", "mask", "CMYK", "YCbCr"};
  if (photometric < kNames.size()) return kNames[photometric];
  return photometric == 8 ? "Lab" : "of other colors";
}

}  // namespace

StatedSize tiff_size(std::string_view bytes) {
  const TiffDirectory directory(bytes);
  return {directory.side_px(kWidth), directory.side_px(kHeight)};
}

std::string unread_tiff_kind(std::string_view bytes) {
  const TiffDirectory directory(bytes);
  const uint64_t count = directory.value(kSamples, 1);
  Samples samples{directory.value(kPhotometric, 0), directory.value(kPlanes, 1),
                  directory.values(kBits, {1}), directory.values(kExtraSamples, {})};
  if (samples.bits.size() == 1 && count <= 16) samples.bits.assign(count, samples.bits[0]);
  const auto formats = directory.values(kSampleFormat, {1});
  const bool whole_numbers =
      std::all_of(formats.begin(), formats.end(), [](uint64_t format) { return format == 1; });
  if (directory.value(kOrientation, 1) != 1) return "turned by its orientation";
  const bool jpeg = samples.photometric == kYCbCr && directory.value(kCompression, 1) == kJpeg &&
                    samples.planes == 1 && samples.bits.size() == 3;
  if (whole_numbers && samples.bits.size() == count && (jpeg || is_read_alike(samples))) return "";
  return fmt::format(
      "{}, {} bits a sample{}{}{}", name_of(samples.photometric), fmt::join(samples.bits, " "),
      samples.extra.empty() ? "" : ", with alpha or other extra samples",
      samples.planes == 1 ? "" : ", in planes", whole_numbers ? "" : ", signed or floating");
}

}  // namespace mra
