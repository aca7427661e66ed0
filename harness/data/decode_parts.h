#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "harness/data/image.h"

namespace mra {

/// The format of a picture file, by its first bytes.
enum class PictureFormat { kUnknown, kJpeg, kPng, kBmp, kWebp, kTiff, kPnm, kGif };

PictureFormat picture_format(std::string_view bytes);

/// Width and height from the header of a file; 0 when the header does not contain them.
struct StatedSize {
  int64_t width_px = 0;
  int64_t height_px = 0;
};

/// Reads the size from a header. Not for JPEG, whose decoder reports the size early enough.
StatedSize stated_size(std::string_view bytes, PictureFormat format);

/// The same for a TIFF file, from the first picture in it.
StatedSize tiff_size(std::string_view bytes);

/// Reads an unsigned number of `count` bytes at offset `at`; 0 past the end of the file.
uint64_t number(std::string_view bytes, uint64_t at, int count, bool big_endian);

// A decoder returns the first warning of its library, or an empty text.

[[noreturn]] void fail_decoding(const std::string& where, const std::string& what);

/// Throws an Error unless a picture of this size may be decoded.
void check_size(const std::string& where, StatedSize size, int64_t most_pixels);

std::string decode_jpeg(std::string_view bytes, const std::string& where, Image& image);
std::string decode_jpeg_part(std::string_view bytes, const std::string& where, WantedPart& part,
                             Image& image);

/// Decodes a PNG file whose size was checked.
std::string decode_png(std::string_view bytes, const std::string& where, Image& image);

/// Decode BMP and PNM files whose size was checked.
void decode_bmp(std::string_view bytes, const std::string& where, Image& image);
void decode_pnm(std::string_view bytes, const std::string& where, Image& image);

/// Returns width and height of a PNM file; 0 when the header does not contain them.
StatedSize pnm_size(std::string_view bytes);

/// Returns the kind of a TIFF file that OpenCV and Pillow decode differently; empty for all other
/// files.
std::string unread_tiff_kind(std::string_view bytes);

/// Decodes a WebP or TIFF file whose size was checked. Throws an Error of kind kEnvironment when
/// harness-pictures.so cannot be opened.
void decode_other(std::string_view bytes, const std::string& where, PictureFormat format,
                  Image& image);

}  // namespace mra
