// Blocks, then the directory sorted by series, then a footer that says where the directory is and that it is whole.
#include "twin/history/segment.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>

#include <fmt/format.h>

#include "twin/byte_stream.h"
#include "twin/history/checked_bytes.h"
#include "twin/history/file_sync.h"

namespace citiverse::twin::history {
namespace {

constexpr std::string_view kMagic = "CVHIST01";
constexpr std::size_t kBufferBytes = 1 << 20;

struct Footer {
  std::uint64_t directory_offset = 0;
  std::uint64_t entries = 0;
  std::uint32_t check = 0;
  std::array<char, 12> magic{};
};
static_assert(sizeof(Footer) == 32);

std::tuple<SeriesId, Resolution, TimeUs> order_of(const BlockEntry& entry) {
  return {entry.series, entry.resolution, entry.first_us};
}

}  // namespace

TimeUs step_of(Resolution resolution) {
  switch (resolution) {
    case Resolution::minute: return 60'000'000;
    case Resolution::hour: return 3'600'000'000;
    case Resolution::day: return 86'400'000'000;
    case Resolution::raw: break;
  }
  return 0;
}

std::string SegmentName::file() const { return fmt::format("{}-{}-{}.segment", first, last, rewritten); }

bool SegmentName::parse(std::string_view file, SegmentName& name) {
  if (!file.ends_with(".segment")) return false;
  const char* at = file.data();
  const char* const end = file.data() + file.size();
  for (std::uint64_t* number : {&name.first, &name.last, &name.rewritten}) {
    const auto read = std::from_chars(at, end, *number);
    if (read.ec != std::errc() || read.ptr == end) return false;
    at = read.ptr + 1;
  }
  return name.file() == file;
}

SegmentWriter::SegmentWriter(std::filesystem::path path) : path_(std::move(path)), aside_(path_.string() + ".aside") {
  file_ = ::open(aside_.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0640);
  failed_ = file_ < 0;
  buffer_.append(kMagic);
  offset_ = kMagic.size();
}

SegmentWriter::~SegmentWriter() {
  if (file_ >= 0) ::close(file_);
  if (!finished_) ::unlink(aside_.c_str());
}

void SegmentWriter::flush() {
  failed_ = failed_ || !write_whole(file_, buffer_);
  buffer_.clear();
}

void SegmentWriter::add(BlockEntry entry, std::string_view bytes) {
  entry.offset = offset_;
  entry.size = static_cast<std::uint32_t>(bytes.size());
  entries_.push_back(entry);
  buffer_.append(bytes);
  offset_ += bytes.size();
  if (buffer_.size() >= kBufferBytes) flush();
}

base::Result<void> SegmentWriter::finish() {
  const std::size_t padding = (8 - offset_ % 8) % 8;
  buffer_.append(padding, '\0');
  Footer footer{.directory_offset = offset_ + padding, .entries = entries_.size()};
  std::ranges::copy(kMagic, footer.magic.begin());
  for (const BlockEntry& entry : entries_) {
    const std::string_view bytes(reinterpret_cast<const char*>(&entry), sizeof(BlockEntry));
    footer.check = check_of(bytes, footer.check);
    buffer_.append(bytes);
    if (buffer_.size() >= kBufferBytes) flush();
  }
  ByteWriter(buffer_).plain(footer);
  flush();
  errno = failed_ && errno == 0 ? EIO : errno;
  if (failed_ || ::fsync(file_) != 0 || ::rename(aside_.c_str(), path_.c_str()) != 0 || !sync_folder(path_.parent_path()))
    return base::fail(base::ErrorCode::unavailable, fmt::format("{}: cannot write: {}", path_.string(), std::strerror(errno)));
  finished_ = true;
  return {};
}

base::Result<SegmentPtr> Segment::open(const std::filesystem::path& folder, const SegmentName& name) {
  const auto path = folder / name.file();
  auto file = base::MappedFile::open(path);
  if (!file) return std::unexpected(file.error());
  auto segment = std::make_shared<Segment>();
  segment->name_ = name;
  segment->file_ = std::move(*file);
  const auto mapped = segment->file_.bytes();
  const std::string_view bytes(reinterpret_cast<const char*>(mapped.data()), mapped.size());
  segment->bytes_ = bytes;
  const auto damaged = [&] {
    return base::fail(base::ErrorCode::corrupt, fmt::format("{}: damaged; restore it from a backup", path.string()));
  };
  if (bytes.size() < kMagic.size() + sizeof(Footer) || !bytes.starts_with(kMagic)) return damaged();
  Footer footer;
  std::memcpy(&footer, bytes.data() + bytes.size() - sizeof(Footer), sizeof(Footer));
  const std::uint64_t room = bytes.size() - sizeof(Footer);
  if (footer.directory_offset > room || footer.directory_offset % 8 != 0 ||
      footer.entries != (room - footer.directory_offset) / sizeof(BlockEntry))
    return damaged();
  const std::string_view directory = bytes.substr(footer.directory_offset, footer.entries * sizeof(BlockEntry));
  if (check_of(directory) != footer.check) return damaged();
  segment->entries_ = {reinterpret_cast<const BlockEntry*>(directory.data()), footer.entries};
  for (const BlockEntry& entry : segment->entries_)
    if (entry.offset > footer.directory_offset || entry.size > footer.directory_offset - entry.offset) return damaged();
  if (!std::ranges::is_sorted(segment->entries_, {}, order_of)) return damaged();
  for (const BlockEntry& entry : segment->entries_)
    (entry.resolution == Resolution::raw ? segment->points_ : segment->buckets_) += entry.count;
  // What was read to be checked counts no longer as this process's memory: it is read again when it is wanted.
  ::madvise(const_cast<std::byte*>(mapped.data()), mapped.size(), MADV_DONTNEED);
  return segment;
}

std::span<const BlockEntry> Segment::of(SeriesId series) const {
  const auto found = std::ranges::equal_range(entries_, series, {}, &BlockEntry::series);
  return {found.begin(), found.end()};
}

}  // namespace citiverse::twin::history
