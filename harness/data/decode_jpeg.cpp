#include <algorithm>
#include <csetjmp>
#include <cstdio>
#include <vector>

#include <fmt/format.h>
#include <jpeglib.h>

#include "harness/data/decode.h"
#include "harness/data/decode_parts.h"

namespace mra {
namespace {

/// Each scan costs a pass over the whole picture, but takes only a few bytes in the file. Encoders
/// write about ten, at most some dozens.
constexpr int kMostScans = 500;
constexpr int64_t kMostScannedPixels = 40 * kMostPixels;

/// The callbacks of libjpeg, and the place to which an error jumps out of its C code. Only the
/// first warning is kept, because a damaged file can cause a hundred thousand.
struct Escape {
  jpeg_error_mgr manager;  ///< first member: libjpeg's pointer to it is also a pointer to this
  std::jmp_buf target;
  char message[JMSG_LENGTH_MAX];
  char warning[JMSG_LENGTH_MAX];
};

[[noreturn]] void leave(j_common_ptr info) {
  auto* escape = reinterpret_cast<Escape*>(info->err);
  escape->manager.format_message(info, escape->message);
  std::longjmp(escape->target, 1);
}

[[noreturn]] void leave(j_common_ptr info, const char* message) {
  auto* escape = reinterpret_cast<Escape*>(info->err);
  std::snprintf(escape->message, sizeof escape->message, "%s", message);
  std::longjmp(escape->target, 1);
}

void keep_first(j_common_ptr info, int level) {
  if (level >= 0) return;
  auto* escape = reinterpret_cast<Escape*>(info->err);
  if (info->err->num_warnings++ == 0) escape->manager.format_message(info, escape->warning);
}

void count_scans(j_common_ptr info) {
  if (!info->is_decompressor) return;
  const auto* picture = reinterpret_cast<j_decompress_ptr>(info);
  const int64_t pixels = int64_t(picture->image_width) * picture->image_height;
  const int64_t scans = picture->input_scan_number;
  if (scans > kMostScans || scans * pixels > kMostScannedPixels)
    leave(info, "more scans than any encoder makes");
}

/// libjpeg would invent the rest of a truncated file. Pillow refuses such a file, and so do we.
boolean refuse_end(j_decompress_ptr info) {
  leave(reinterpret_cast<j_common_ptr>(info), "the file is truncated");
}

/// Decodes one file. Each step returns false when libjpeg failed; message() has the reason. The
/// jump skips destructors, so no frame that it leaves may hold an object with one.
class JpegDecoder {
 public:
  explicit JpegDecoder(std::string_view bytes) : bytes_(bytes) {
    info_.err = jpeg_std_error(&escape_.manager);
    escape_.manager.error_exit = [](j_common_ptr info) { leave(info); };
    escape_.manager.emit_message = keep_first;
    progress_.progress_monitor = count_scans;
  }
  ~JpegDecoder() { jpeg_destroy_decompress(&info_); }
  JpegDecoder(const JpegDecoder&) = delete;
  JpegDecoder& operator=(const JpegDecoder&) = delete;

  bool read_header() {
    if (setjmp(escape_.target)) return false;
    jpeg_create_decompress(&info_);
    info_.progress = &progress_;
    jpeg_mem_src(&info_, reinterpret_cast<const uint8_t*>(bytes_.data()), bytes_.size());
    info_.src->fill_input_buffer = refuse_end;
    jpeg_read_header(&info_, TRUE);
    return true;
  }

  StatedSize size() const { return {info_.image_width, info_.image_height}; }
  int components() const { return info_.num_components; }
  const char* message() const { return escape_.message; }
  const char* warning() const { return escape_.warning; }

  /// Whether a part of the picture can be had without decoding it all. In a file of several scans
  /// each adds to every pixel. A file that does not end as it should may be truncated.
  bool has_parts() {
    return components() != 4 && !jpeg_has_multiple_scans(&info_) && bytes_.ends_with("\xFF\xD9");
  }

  /// Reads `box` and what surrounds it into `image`. Returns where the box lies there.
  bool read_part(Image& image, Box& box) {
    if (setjmp(escape_.target)) return false;
    info_.out_color_space = JCS_RGB;
    jpeg_start_decompress(&info_);
    // The colours of a pixel also come from the neighbours of its block.
    const int block_px = 8 * std::max(info_.max_h_samp_factor, info_.max_v_samp_factor);
    const int top = std::max(0, box.top_px - block_px);
    const int bottom = std::min(int(info_.output_height), box.top_px + box.height_px);
    const int right = std::min(int(info_.output_width), box.left_px + box.width_px + block_px);
    JDIMENSION left = JDIMENSION(std::max(0, box.left_px - block_px));
    JDIMENSION width = JDIMENSION(right) - left;
    if (left > 0 || width < info_.output_width) jpeg_crop_scanline(&info_, &left, &width);
    image.resize(bottom - top, int(info_.output_width));
    jpeg_skip_scanlines(&info_, JDIMENSION(top));
    while (int(info_.output_scanline) < bottom) {
      uint8_t* row = image.row(int(info_.output_scanline) - top);
      jpeg_read_scanlines(&info_, &row, 1);
    }
    box.top_px -= top;
    box.left_px -= int(left);
    return true;
  }

  /// Reads all rows into `image`, which has the right size. `inks`: memory for a row of four inks.
  bool read_rows(Image& image, std::vector<uint8_t>& inks) {
    if (setjmp(escape_.target)) return false;
    info_.out_color_space = components() == 4 ? JCS_CMYK : JCS_RGB;
    jpeg_start_decompress(&info_);
    while (info_.output_scanline < info_.output_height) {
      uint8_t* rgb = image.row(int(info_.output_scanline));
      uint8_t* row = components() == 4 ? inks.data() : rgb;
      jpeg_read_scanlines(&info_, &row, 1);
      if (components() == 4) rgb_of_inks(inks.data(), image.width_px, rgb);
    }
    jpeg_finish_decompress(&info_);
    return true;
  }

 private:
  /// As in Pillow: CMYK inks are stored inverted, as Adobe's programs write them.
  static void rgb_of_inks(const uint8_t* inks, int width_px, uint8_t* rgb) {
    for (int x = 0; x < width_px; ++x, inks += 4, rgb += 3)
      for (int c = 0; c < 3; ++c) {
        const int white = inks[3];
        const int product = (255 - inks[c]) * white + 128;
        rgb[c] = uint8_t(white - ((product + (product >> 8)) >> 8));
      }
  }

  std::string_view bytes_;
  Escape escape_{};
  jpeg_progress_mgr progress_{};
  jpeg_decompress_struct info_{};
};

[[noreturn]] void give_up(const JpegDecoder& decoder, const std::string& where) {
  fail_decoding(where, fmt::format("a damaged JPEG picture: {}", decoder.message()));
}

void read_checked_header(JpegDecoder& decoder, const std::string& where) {
  if (!decoder.read_header()) give_up(decoder, where);
  check_size(where, decoder.size(), kMostPixels);
  const int components = decoder.components();
  if (components != 1 && components != 3 && components != 4)
    fail_decoding(where,
                  fmt::format("a JPEG picture of {} components, expected 1, 3 or 4", components));
}

void read_whole(JpegDecoder& decoder, const std::string& where, Image& image) {
  image.resize(int(decoder.size().height_px), int(decoder.size().width_px));
  std::vector<uint8_t> inks(decoder.components() == 4 ? size_t(image.width_px) * 4 : 0);
  if (!decoder.read_rows(image, inks)) give_up(decoder, where);
}

}  // namespace

std::string decode_jpeg(std::string_view bytes, const std::string& where, Image& image) {
  JpegDecoder decoder(bytes);
  read_checked_header(decoder, where);
  read_whole(decoder, where, image);
  return decoder.warning();
}

std::string decode_jpeg_part(std::string_view bytes, const std::string& where, WantedPart& part,
                             Image& image) {
  JpegDecoder decoder(bytes);
  read_checked_header(decoder, where);
  part.box = part.choose(int(decoder.size().height_px), int(decoder.size().width_px));
  if (!decoder.has_parts())
    read_whole(decoder, where, image);
  else if (!decoder.read_part(image, part.box))
    give_up(decoder, where);
  return decoder.warning();
}

}  // namespace mra
