#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace mra {

/// Files by name, "runs/3f/2a…-s0/record.json": the name and the bytes.
using Files = std::map<std::string, std::string>;

/// Results to hand over: everything that tables and verdicts are made from, and the pages made from
/// it. On the disk it is a tar archive whose manifest.json holds the fields below and the SHA-256
/// of each file. The same content gives the same bytes.
struct Capsule {
  std::string program;                 ///< that made it: "0.1.0, commit 0123456789ab"
  std::string scale;                   ///< of all tables
  std::vector<std::string> tables;     ///< their ids
  std::vector<std::string> overrides;  ///< of --set
  Files files;                         ///< below experiments/, runs/ and reports/
  std::vector<std::string> changed;    ///< names of files that are not as the manifest says
};

std::string to_bytes(const Capsule& capsule);

/// Throws an Error of kind kIntegrity that names `file`, for anything other than what to_bytes()
/// gives; a file with other bytes than the manifest says is only noted in `changed`.
Capsule capsule_from_bytes(std::span<const std::byte> bytes, const std::string& file);

}  // namespace mra
