// Debian's MQTT broker for tests of those who listen to one: started on a free port, in a folder that goes with it.
#pragma once

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <thread>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace citiverse::testing_fixtures {

class Mosquitto {
 public:
  /// Whether the broker and its client that publishes are on this machine.
  static bool is_installed() {
    return std::system("command -v mosquitto > /dev/null && command -v mosquitto_pub > /dev/null") == 0;
  }

  Mosquitto() : port_(free_port()) {
    std::string name = (std::filesystem::temp_directory_path() / "mosquitto-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
  }
  ~Mosquitto() {
    stop();
    std::filesystem::remove_all(folder_);
  }
  Mosquitto(const Mosquitto&) = delete;
  Mosquitto& operator=(const Mosquitto&) = delete;

  std::uint16_t port() const { return port_; }
  const std::filesystem::path& folder() const { return folder_; }

  /// With these lines of configuration. False when it does not listen within a minute.
  bool start(std::string_view lines = "allow_anonymous true\n") {
    const std::string file = (folder_ / "conf").string();
    std::ofstream(file) << fmt::format("listener {} 127.0.0.1\nuser root\n{}", port_, lines);
    process_ = ::fork();
    if (process_ == 0) {
      ::execlp("mosquitto", "mosquitto", "-c", file.c_str(), nullptr);
      ::_exit(127);
    }
    const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    while (!listens()) {
      if (std::chrono::steady_clock::now() > end) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return true;
  }
  void stop() {
    if (process_ <= 0) return;
    ::kill(process_, SIGTERM);
    ::waitpid(process_, nullptr, 0);
    process_ = 0;
  }
  /// With QoS 1; true when the broker has it.
  bool publish(std::string_view topic, std::string_view text, std::string_view more = "") const {
    const std::string command = fmt::format("mosquitto_pub -p {} -q 1 -t '{}' -m '{}' {}", port_, topic, text, more);
    return std::system(command.c_str()) == 0;
  }

 private:
  static sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
  }
  static std::uint16_t free_port() {
    const int descriptor = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof(address);
    ::bind(descriptor, reinterpret_cast<sockaddr*>(&address), size);
    ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size);
    ::close(descriptor);
    return ntohs(address.sin_port);
  }
  bool listens() const {
    const int descriptor = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address = loopback(port_);
    const bool is_there = ::connect(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0;
    ::close(descriptor);
    return is_there;
  }

  std::filesystem::path folder_;
  std::uint16_t port_;
  pid_t process_ = 0;
};

}  // namespace citiverse::testing_fixtures
