// The system's resolver blocks, so its time is spent on threads that do nothing else.
#include "net/name_lookups.h"

#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>

namespace citiverse::net {

using boost::asio::ip::tcp;

NameLookups::NameLookups() {
  for (std::size_t i = 0; i < kThreads; ++i) threads_.emplace_back([this](const std::stop_token& stop) { work(stop); });
}

NameLookups::~NameLookups() {
  for (std::jthread& each : threads_) each.request_stop();
  threads_.clear();
}

void NameLookups::find(const std::string& host, std::uint16_t port, std::function<void(Endpoints)> done) {
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address(host, error);
  if (!error) return done({tcp::endpoint(address, port)});
  {
    const std::lock_guard lock(mutex_);
    if (jobs_.size() < kWaitingMax) {
      jobs_.push_back({host, port, std::exchange(done, nullptr)});
      changed_.notify_one();
    }
  }
  if (done) done({});
}

void NameLookups::work(const std::stop_token& stop) {
  boost::asio::io_context io(1);
  tcp::resolver resolver(io);
  while (true) {
    Job job;
    {
      std::unique_lock lock(mutex_);
      if (!changed_.wait(lock, stop, [&] { return !jobs_.empty(); })) return;
      job = std::move(jobs_.front());
      jobs_.pop_front();
    }
    boost::system::error_code error;
    Endpoints found;
    for (const auto& each : resolver.resolve(job.host, std::to_string(job.port), error)) found.push_back(each.endpoint());
    job.done(error ? Endpoints() : std::move(found));
  }
}

}  // namespace citiverse::net
