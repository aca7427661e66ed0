#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "harness/data/image.h"

namespace mra {

/// Larger pictures are refused before memory is allocated.
constexpr int64_t kMostPixels = 64'000'000;
/// The largest height or width, which is also that of JPEG.
constexpr int64_t kLongestSide_px = 65'535;

/// Decodes a picture file to RGB like Pillow's convert("RGB"): no alpha, grey in three channels,
/// EXIF orientation ignored. The content decides the format, not the name. Throws an Error of kind
/// kIntegrity at `where` for a damaged picture, and of kind kEnvironment without
/// harness-pictures.so. Returns the decoder's first warning, or an empty text.
std::string decode(std::string_view bytes, const std::string& where, Image& image);

/// The same for the part of a picture that `part` chooses, whose pixels are the same as in the
/// whole. Damage that lies beyond this part may go unnoticed; a truncated file does not.
std::string decode_part(std::string_view bytes, const std::string& where, WantedPart& part,
                        Image& image);

/// Decodes a file, or the wanted part of it.
std::string decode_file(const std::filesystem::path& path, Image& image);
std::string decode_file_part(const std::filesystem::path& path, WantedPart& part, Image& image);

}  // namespace mra
