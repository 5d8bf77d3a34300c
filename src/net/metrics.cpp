// Written by hand: the format is four lines of rules, and the counters stay plain atomics.
#include "net/metrics.h"

#include <fmt/format.h>

namespace citiverse::net {
namespace {

std::string escaped(std::string_view label) {
  std::string text;
  for (const char c : label) {
    if (c == '\\' || c == '"') text += '\\';
    text += c;
  }
  return text;
}

std::uint64_t read(const std::atomic<std::uint64_t>& value) { return value.load(std::memory_order_relaxed); }

void header(std::string& out, std::string_view name, std::string_view help, std::string_view type) {
  fmt::format_to(std::back_inserter(out), "# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
}

}  // namespace

void Metrics::set_routes(std::vector<std::string> names) {
  names_ = std::move(names);
  names_.emplace_back("none");
  counts_.clear();
  for (std::size_t i = 0; i < names_.size(); ++i) counts_.emplace_back();
}

void Metrics::add_value(std::string name, std::string help, std::string type, std::function<double()> read_value) {
  values_.push_back({std::move(name), std::move(help), std::move(type), std::move(read_value)});
}

void Metrics::count(std::uint32_t route, int status, std::chrono::microseconds latency, std::uint64_t bytes) {
  RouteCounts& counts = counts_[std::min<std::size_t>(route, counts_.size() - 1)];
  std::size_t slot = 0;
  while (slot + 1 < kStatuses.size() && kStatuses[slot] != status) ++slot;
  counts.by_status[slot].fetch_add(1, std::memory_order_relaxed);
  const auto us = static_cast<std::uint64_t>(std::max<std::int64_t>(latency.count(), 0));
  std::size_t bucket = 0;
  while (bucket < kLatencyBoundsUs.size() && us > kLatencyBoundsUs[bucket]) ++bucket;
  counts.by_latency[bucket].fetch_add(1, std::memory_order_relaxed);
  counts.latency_us.fetch_add(us, std::memory_order_relaxed);
  counts.bytes.fetch_add(bytes, std::memory_order_relaxed);
}

void Metrics::write_requests(std::string& out) const {
  header(out, "citiverse_http_requests_total", "Requests by route and status.", "counter");
  for (std::size_t i = 0; i < names_.size(); ++i) {
    for (std::size_t s = 0; s < kStatuses.size(); ++s) {
      const std::uint64_t count = read(counts_[i].by_status[s]);
      if (count == 0) continue;
      fmt::format_to(std::back_inserter(out), "citiverse_http_requests_total{{route=\"{}\",status=\"{}\"}} {}\n",
                     escaped(names_[i]), kStatuses[s], count);
    }
  }
  header(out, "citiverse_http_sent_bytes_total", "Bytes of bodies by route.", "counter");
  for (std::size_t i = 0; i < names_.size(); ++i) {
    fmt::format_to(std::back_inserter(out), "citiverse_http_sent_bytes_total{{route=\"{}\"}} {}\n", escaped(names_[i]),
                   read(counts_[i].bytes));
  }
}

void Metrics::write_latency(std::string& out) const {
  constexpr std::string_view name = "citiverse_http_request_duration_seconds";
  header(out, name, "From the end of a request to the end of its answer.", "histogram");
  for (std::size_t i = 0; i < names_.size(); ++i) {
    const std::string route = escaped(names_[i]);
    std::uint64_t count = 0;
    for (std::size_t b = 0; b < kLatencyBoundsUs.size(); ++b) {
      count += read(counts_[i].by_latency[b]);
      fmt::format_to(std::back_inserter(out), "{}_bucket{{route=\"{}\",le=\"{}\"}} {}\n", name, route,
                     kLatencyBoundsUs[b] / 1e6, count);
    }
    count += read(counts_[i].by_latency[kLatencyBoundsUs.size()]);
    fmt::format_to(std::back_inserter(out),
                   "{0}_bucket{{route=\"{1}\",le=\"+Inf\"}} {2}\n{0}_sum{{route=\"{1}\"}} {3}\n"
                   "{0}_count{{route=\"{1}\"}} {2}\n",
                   name, route, count, static_cast<double>(read(counts_[i].latency_us)) / 1e6);
  }
}

std::string Metrics::text() const {
  std::string out;
  write_requests(out);
  write_latency(out);
  header(out, "citiverse_connections_accepted_total", "Connections accepted.", "counter");
  fmt::format_to(std::back_inserter(out), "citiverse_connections_accepted_total {}\n", read(connections_accepted));
  header(out, "citiverse_connections_refused_total", "Connections refused by a limit.", "counter");
  fmt::format_to(std::back_inserter(out), "citiverse_connections_refused_total {}\n", read(connections_refused));
  header(out, "citiverse_connections_open", "Connections open now.", "gauge");
  fmt::format_to(std::back_inserter(out), "citiverse_connections_open {}\n", read(connections_open));
  for (const Value& value : values_) {
    header(out, value.name, value.help, value.type);
    fmt::format_to(std::back_inserter(out), "{} {}\n", value.name, value.read());
  }
  return out;
}

}  // namespace citiverse::net
