#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "harness/data/image.h"

namespace mra {

/// Pictures with more are refused before memory is asked for.
constexpr int64_t kMostPixels = 64'000'000;
/// Nor is a side longer than JPEG's longest.
constexpr int64_t kLongestSide_px = 65'535;

/// Turns the bytes of a picture file into RGB as Pillow's convert("RGB"): no alpha, grey in three
/// channels, no EXIF turn. The content decides, never the name. What cannot be decoded is an Error
/// of kind kIntegrity with `where` as its place, a lack of harness-pictures.so one of kEnvironment.
/// Gives the first warning of the format's library, empty when it has none.
std::string decode(std::string_view bytes, const std::string& where, Image& image);

/// The same for a file.
std::string decode_file(const std::filesystem::path& path, Image& image);

}  // namespace mra
