#include <algorithm>
#include <csetjmp>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <fmt/format.h>
#include <png.h>

#include "harness/data/decode.h"
#include "harness/data/decode_parts.h"

namespace mra {
namespace {

/// The largest block that libpng may allocate, for a row or a profile. Text chunks are not kept.
constexpr png_alloc_size_t kMostMemory_bytes = 8'000'000;
constexpr png_uint_32 kKeptChunks = 1;  // libpng counts down to 1; 0 would be no limit

/// Decodes one file. Each step returns false when libpng failed; message() has the reason. The jump
/// skips destructors, so no frame that it leaves may hold an object with one.
class PngDecoder {
 public:
  explicit PngDecoder(std::string_view bytes) : rest_(bytes) {
    png_ = png_create_read_struct_2(PNG_LIBPNG_VER_STRING, this, leave, keep_first, nullptr,
                                    allocate, nullptr);
    info_ = png_create_info_struct(png_);
  }
  ~PngDecoder() { png_destroy_read_struct(&png_, &info_, nullptr); }
  PngDecoder(const PngDecoder&) = delete;
  PngDecoder& operator=(const PngDecoder&) = delete;

  bool read_header() {
    if (!info_) return false;
    if (setjmp(png_jmpbuf(png_))) return false;
    png_set_user_limits(png_, kLongestSide_px, kLongestSide_px);
    png_set_chunk_malloc_max(png_, kMostMemory_bytes);
    png_set_chunk_cache_max(png_, kKeptChunks);
    png_set_read_fn(png_, this, read_bytes);
    png_read_info(png_, info_);
    return true;
  }

  StatedSize size() const {
    return {png_get_image_width(png_, info_), png_get_image_height(png_, info_)};
  }
  const char* message() const { return message_; }
  const char* warning() const { return warning_; }

  /// Reads all rows into `image`, which has the right size.
  bool read_rows(Image& image) {
    if (setjmp(png_jmpbuf(png_))) return false;
    const bool deep_grey = is_deep_grey();
    if (!deep_grey) ask_for_rgb();
    const int passes = png_set_interlace_handling(png_);
    png_read_update_info(png_, info_);
    if (png_get_rowbytes(png_, info_) > size_t(image.width_px) * 3)
      png_error(png_, "more than three bytes for a pixel");
    for (int pass = 0; pass < passes; ++pass)
      for (int y = 0; y < image.height_px; ++y) png_read_row(png_, image.row(y), nullptr);
    png_read_end(png_, nullptr);
    if (deep_grey)
      for (int y = 0; y < image.height_px; ++y) spread_deep_grey(image.row(y), image.width_px);
    return true;
  }

 private:
  static PngDecoder* decoder_of(png_voidp pointer) { return static_cast<PngDecoder*>(pointer); }

  [[noreturn]] static void leave(png_structp png, png_const_charp message) {
    PngDecoder* decoder = decoder_of(png_get_error_ptr(png));
    std::snprintf(decoder->message_, sizeof decoder->message_, "%s", message);
    png_longjmp(png, 1);
  }

  static void keep_first(png_structp png, png_const_charp warning) {
    PngDecoder* decoder = decoder_of(png_get_error_ptr(png));
    if (decoder->warning_[0] == '\0')
      std::snprintf(decoder->warning_, sizeof decoder->warning_, "%s", warning);
  }

  /// Limits allocations, because libpng trusts the stated size of some chunks.
  static png_voidp allocate(png_structp, png_alloc_size_t size) {
    return size <= kMostMemory_bytes ? std::malloc(size) : nullptr;
  }

  static void read_bytes(png_structp png, png_bytep out, size_t size) {
    std::string_view& rest = decoder_of(png_get_io_ptr(png))->rest_;
    if (size > rest.size()) png_error(png, "the file is truncated");
    std::memcpy(out, rest.data(), size);
    rest.remove_prefix(size);
  }

  bool is_deep_grey() const {
    return png_get_bit_depth(png_, info_) == 16 &&
           png_get_color_type(png_, info_) == PNG_COLOR_TYPE_GRAY;
  }

  /// Keeps the upper 8 of 16 bits of color, as Pillow does.
  void ask_for_rgb() {
    const int color = png_get_color_type(png_, info_);
    png_set_strip_16(png_);
    png_set_strip_alpha(png_);
    if (color == PNG_COLOR_TYPE_PALETTE) png_set_palette_to_rgb(png_);
    if (color & PNG_COLOR_MASK_COLOR) return;
    png_set_expand_gray_1_2_4_to_8(png_);
    png_set_gray_to_rgb(png_);
  }

  /// Pillow treats 16-bit grey as integers and limits them to 255. Works in place from the right,
  /// so that the three bytes of a pixel never overwrite one that is still needed.
  static void spread_deep_grey(uint8_t* row, int width_px) {
    for (int x = width_px - 1; x >= 0; --x) {
      const uint8_t value = row[2 * x] ? 255 : row[2 * x + 1];
      std::fill_n(row + 3 * x, 3, value);
    }
  }

  std::string_view rest_;  ///< the bytes that libpng has not read yet
  char message_[200] = "there is too little memory";
  char warning_[200] = "";
  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
};

}  // namespace

std::string decode_png(std::string_view bytes, const std::string& where, Image& image) {
  PngDecoder decoder(bytes);
  const auto give_up = [&] {
    fail_decoding(where,
                  fmt::format("a damaged PNG picture, or of a rare kind: {}", decoder.message()));
  };
  if (!decoder.read_header()) give_up();
  // The size checked was that of the first chunk. libpng skips an unknown first chunk.
  const StatedSize stated = stated_size(bytes, PictureFormat::kPng), found = decoder.size();
  if (found.width_px != stated.width_px || found.height_px != stated.height_px)
    fail_decoding(where, fmt::format("states {}x{} pixels and has {}x{}", stated.width_px,
                                     stated.height_px, found.width_px, found.height_px));
  image.resize(int(found.height_px), int(found.width_px));
  if (!decoder.read_rows(image)) give_up();
  return decoder.warning();
}

}  // namespace mra
