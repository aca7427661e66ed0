#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>

#include "harness/data/decode_parts.h"

namespace mra {
namespace {

constexpr uint64_t kFileHeader_bytes = 14;
enum Compression : uint64_t { kRaw = 0, kRle8 = 1, kRle4 = 2, kBitFields = 3 };

/// The places of red, green and blue in a pixel of several bytes.
struct Layout {
  uint32_t bits;
  std::array<uint64_t, 4> masks;  ///< red, green, blue, alpha
  std::array<size_t, 3> at;       ///< the byte of each color; for 16 bits: its lowest bit
};

/// The bit fields that Pillow reads.
constexpr Layout kLayouts[] = {
    {32, {0xFF0000, 0xFF00, 0xFF, 0}, {2, 1, 0}},
    {32, {0xFF000000, 0xFF0000, 0xFF00, 0}, {3, 2, 1}},
    {32, {0xFF000000, 0xFF0000, 0xFF00, 0xFF}, {3, 2, 1}},
    {32, {0xFF, 0xFF00, 0xFF0000, 0xFF000000}, {0, 1, 2}},
    {32, {0xFF0000, 0xFF00, 0xFF, 0xFF000000}, {2, 1, 0}},
    {32, {0xFF000000, 0xFF00, 0xFF, 0}, {3, 1, 0}},
    {32, {0xFF000000, 0xFF00, 0xFF, 0xFF0000}, {3, 1, 0}},
    {32, {0, 0, 0, 0}, {2, 1, 0}},
    {24, {0xFF0000, 0xFF00, 0xFF, 0}, {2, 1, 0}},
    {16, {0xF800, 0x7E0, 0x1F, 0}, {11, 5, 0}},
    {16, {0x7C00, 0x3E0, 0x1F, 0}, {10, 5, 0}},
};

/// Decodes one file. Refuses files that Pillow refuses, or reads unlike every other program.
class BmpDecoder {
 public:
  BmpDecoder(std::string_view bytes, const std::string& where, Image& image)
      : bytes_(bytes), where_(where), image_(image) {}

  void run() {
    read_header();
    if (bits_ > 8) return decode_colors(layout());
    read_palette();
    if (compression_ == kRaw) return decode_indices();
    decode_runs();
  }

 private:
  [[noreturn]] void refuse(const std::string& what) const {
    fail_decoding(where_, "a BMP picture " + what);
  }

  uint64_t number(uint64_t at, uint64_t count) const {
    if (at > bytes_.size() || bytes_.size() - at < count) refuse("that is truncated");
    uint64_t value = 0;
    for (uint64_t i = count; i-- > 0;) value = value << 8 | uint8_t(bytes_[at + i]);
    return value;
  }

  void read_header() {
    header_bytes_ = number(14, 4);
    old_ = header_bytes_ == 12;
    constexpr std::array<uint64_t, 7> kHeaders = {12, 40, 52, 56, 64, 108, 124};
    if (std::find(kHeaders.begin(), kHeaders.end(), header_bytes_) == kHeaders.end())
      refuse(fmt::format("with a header of {} bytes", header_bytes_));
    bits_ = number(old_ ? 24 : 28, 2);
    compression_ = old_ ? kRaw : number(30, 4);
    colors_ = old_ ? 0 : number(46, 4);
    upwards_ = old_ || number(25, 1) != 0xFF;
    after_header_ = kFileHeader_bytes + header_bytes_;
    data_at_ = number(10, 4);
    if (compression_ > kBitFields) refuse(fmt::format("of compression {}", compression_));
    const bool indexed = bits_ == 1 || bits_ == 4 || bits_ == 8;
    if (!indexed && bits_ != 16 && bits_ != 24 && bits_ != 32)
      refuse(fmt::format("of {} bits a pixel", bits_));
    if (indexed ? compression_ == kBitFields : compression_ == kRle8 || compression_ == kRle4)
      refuse(fmt::format("of {} bits a pixel and compression {}", bits_, compression_));
  }

  Layout layout() {
    Layout wanted{uint32_t(bits_), {0xFF0000, 0xFF00, 0xFF, 0}, {}};
    if (bits_ == 16) wanted.masks = {0x7C00, 0x3E0, 0x1F, 0};
    if (compression_ == kBitFields) {
      const bool in_header = header_bytes_ > 40;
      const bool with_alpha = header_bytes_ > 52 && bits_ == 32;
      for (uint64_t i = 0; i < (with_alpha ? 4 : 3); ++i)
        wanted.masks[i] = number(kFileHeader_bytes + 40 + 4 * i, 4);
      if (!in_header) after_header_ += 12;
    }
    for (const Layout& known : kLayouts)
      if (known.bits == wanted.bits && known.masks == wanted.masks) return known;
    refuse(fmt::format("with bit fields {:#x}, {:#x}, {:#x}, {:#x}", wanted.masks[0],
                       wanted.masks[1], wanted.masks[2], wanted.masks[3]));
  }

  uint8_t* row(int y) { return image_.row(upwards_ ? image_.height_px - 1 - y : y); }

  /// Returns the bytes of stored row `y`. Rows are padded to a multiple of four bytes.
  std::string_view stored_row(int y) {
    const uint64_t stride = (uint64_t(image_.width_px) * bits_ + 31) / 32 * 4;
    const uint64_t at = (data_at_ > 0 ? data_at_ : after_header_) + stride * uint64_t(y);
    const uint64_t used = (uint64_t(image_.width_px) * bits_ + 7) / 8;
    if (at > bytes_.size() || bytes_.size() - at < used) refuse("that is truncated");
    return bytes_.substr(at, used);
  }

  void decode_colors(const Layout& layout) {
    for (int y = 0; y < image_.height_px; ++y) {
      const std::string_view stored = stored_row(y);
      uint8_t* out = row(y);
      for (size_t x = 0; x < size_t(image_.width_px); ++x)
        for (size_t c = 0; c < 3; ++c)
          *out++ = bits_ == 16 ? color_of_16(stored, x, layout, c)
                               : uint8_t(stored[x * bits_ / 8 + layout.at[c]]);
    }
  }

  static uint8_t color_of_16(std::string_view stored, size_t x, const Layout& layout, size_t c) {
    const uint64_t pixel = uint8_t(stored[2 * x]) | uint64_t(uint8_t(stored[2 * x + 1])) << 8;
    const uint64_t most = layout.masks[c] >> layout.at[c];
    return uint8_t((pixel >> layout.at[c] & most) * 255 / most);
  }

  /// Colors that the palette of the file lacks are grey, as in Pillow.
  void read_palette() {
    for (size_t i = 0; i < palette_.size(); ++i) palette_[i].fill(uint8_t(i));
    const uint64_t count = colors_ > 0 ? colors_ : uint64_t(1) << bits_;
    if (count > palette_.size()) refuse(fmt::format("of {} colors", count));
    const uint64_t color_bytes = old_ ? 3 : 4;
    bool grey = true;
    for (uint64_t i = 0; i < count; ++i) {
      for (uint64_t c = 0; c < 3; ++c)
        palette_[i][2 - c] = uint8_t(number(after_header_ + i * color_bytes + c, 1));
      const uint8_t level = count == 2 ? uint8_t(255 * i) : uint8_t(i);
      grey = grey && palette_[i] == std::array<uint8_t, 3>{level, level, level};
    }
    // Pillow ignores such a palette and takes the bits of a pixel as 1 or 8.
    if (grey && bits_ != (count == 2 ? 1 : 8))
      refuse(fmt::format("of {} bits a pixel with {} levels of grey", bits_, count));
    if (grey && count == 2 && compression_ != kRaw)
      refuse("of 1 bit a pixel with run-length encoding");
    if (data_at_ == after_header_) data_at_ += 4 * count;
    after_header_ += color_bytes * count;
  }

  void put(uint8_t* out, uint8_t index) { std::copy_n(palette_[index].data(), 3, out); }

  void decode_indices() {
    const size_t in_byte = 8 / bits_;
    for (int y = 0; y < image_.height_px; ++y) {
      const std::string_view stored = stored_row(y);
      for (size_t x = 0; x < size_t(image_.width_px); ++x) {
        const size_t shift = 8 - bits_ * (x % in_byte + 1);
        const auto index = uint8_t(uint8_t(stored[x / in_byte]) >> shift & ((1 << bits_) - 1));
        put(row(y) + 3 * x, index);
      }
    }
  }

  /// Decodes the palette indices in file order, row by row, until the picture is full.
  void decode_runs() {
    const size_t width = size_t(image_.width_px), wanted = width * size_t(image_.height_px);
    RunReader reader{bytes_, data_at_ > 0 ? data_at_ : after_header_, width, wanted,
                     compression_ == kRle4};
    const std::vector<uint8_t> indices = reader.read();
    if (reader.has_step)
      refuse("with run-length encoding that skips pixels, which programs read differently");
    if (indices.size() < wanted) refuse("that is truncated");
    for (size_t i = 0; i < wanted; ++i) put(row(int(i / width)) + 3 * (i % width), indices[i]);
  }

  /// Decodes run-length encoding of 4 or 8 bits.
  struct RunReader {
    std::string_view bytes;
    uint64_t at;
    size_t width, wanted;
    bool four_bits;
    std::vector<uint8_t> indices = {};
    size_t x = 0;
    bool has_step = false;

    bool has(uint64_t count) const { return at <= bytes.size() && bytes.size() - at >= count; }
    uint8_t take() { return uint8_t(bytes[at++]); }

    std::vector<uint8_t> read() {
      while (indices.size() < wanted && has(2)) {
        const uint8_t count = take(), value = take();
        if (count > 0)
          repeat(count, value);
        else if (!escape(value))
          break;
      }
      return std::move(indices);
    }

    /// Repeats `value`. A run never continues in the next row.
    void repeat(size_t count, uint8_t value) {
      const size_t fitting = std::min(count, width - std::min(x, width));
      for (size_t i = 0; i < fitting; ++i)
        indices.push_back(four_bits ? uint8_t(i % 2 == 0 ? value >> 4 : value & 15) : value);
      x += fitting;
    }

    /// Ends the row, or reads `value` literal indices. Returns false at the end of the data.
    bool escape(uint8_t value) {
      has_step = value == 2;
      if (value == 1 || has_step) return false;
      if (value > 0) return literal(value);
      while (indices.size() % width != 0) indices.push_back(0);
      x = 0;
      return true;
    }

    bool literal(size_t count) {
      const size_t stored = four_bits ? count / 2 : count;
      if (!has(stored)) return false;
      for (size_t i = 0; i < stored; ++i) {
        const uint8_t value = take();
        if (four_bits) indices.push_back(value >> 4);
        indices.push_back(four_bits ? value & 15 : value);
      }
      x += count;
      at += at % 2;  // the next run begins at an even offset
      return true;
    }
  };

  std::string_view bytes_;
  const std::string& where_;
  Image& image_;
  bool old_ = false, upwards_ = true;
  uint64_t header_bytes_ = 0, bits_ = 0, compression_ = 0, colors_ = 0;
  uint64_t after_header_ = 0, data_at_ = 0;
  std::array<std::array<uint8_t, 3>, 256> palette_;
};

}  // namespace

void decode_bmp(std::string_view bytes, const std::string& where, Image& image) {
  const StatedSize size = stated_size(bytes, PictureFormat::kBmp);
  image.resize(int(size.height_px), int(size.width_px));
  BmpDecoder(bytes, where, image).run();
}

}  // namespace mra
