#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "harness/data/image.h"

namespace mra {

/// What the first bytes of a file say it is.
enum class PictureFormat { kUnknown, kJpeg, kPng, kBmp, kWebp, kTiff, kPnm, kGif };

PictureFormat picture_format(std::string_view bytes);

/// Width and height as a header states them; 0 when it does not.
struct StatedSize {
  int64_t width_px = 0;
  int64_t height_px = 0;
};

/// Read from the header of a file of any format but JPEG, whose decoder tells them in time.
StatedSize stated_size(std::string_view bytes, PictureFormat format);

/// The same of a TIFF file: of the first picture in it.
StatedSize tiff_size(std::string_view bytes);

/// The unsigned number of `count` bytes at `at`; 0 past the end of the file.
uint64_t number(std::string_view bytes, uint64_t at, int count, bool big_endian);

// Decoders of formats whose libraries warn give the first warning.

[[noreturn]] void fail_decoding(const std::string& where, const std::string& what);

/// An Error unless it is the size of a picture that may be decoded.
void check_size(const std::string& where, StatedSize size, int64_t most_pixels);

std::string decode_jpeg(std::string_view bytes, const std::string& where, Image& image);

/// PNG of a checked size.
std::string decode_png(std::string_view bytes, const std::string& where, Image& image);

/// BMP and PNM of a checked size.
void decode_bmp(std::string_view bytes, const std::string& where, Image& image);
void decode_pnm(std::string_view bytes, const std::string& where, Image& image);

/// Width and height of a PNM file; 0 when it does not state them.
StatedSize pnm_size(std::string_view bytes);

/// What kind of TIFF file it is, when it is one that OpenCV and Pillow read in different ways;
/// empty for the others.
std::string unread_tiff_kind(std::string_view bytes);

/// WebP and TIFF of a checked size. An Error of kind kEnvironment when
/// harness-pictures.so cannot be opened.
void decode_other(std::string_view bytes, const std::string& where, PictureFormat format,
                  Image& image);

}  // namespace mra
