// The steps by which bytes reach a disk and stay there.
#pragma once

#include <filesystem>
#include <string_view>

namespace citiverse::twin::history {

/// False with errno set.
bool write_whole(int file, std::string_view bytes);
/// Makes names in a folder durable. False with errno set.
bool sync_folder(const std::filesystem::path& folder);

}  // namespace citiverse::twin::history
