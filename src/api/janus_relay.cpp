// Requests go out in order from one thread; what Janus says later comes by its long poll on another.
#include "api/janus_relay.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/json_reader.h"
#include "base/json_writer.h"
#include "base/log.h"
#include "net/outgoing_url.h"

namespace citiverse::api {
namespace {

using base::ErrorCode;
using base::fail;
using base::JsonDocument;
using base::JsonValue;
using base::JsonWriter;
using base::Result;
using presence::PersonId;
using presence::RelayWord;

constexpr std::chrono::seconds kAnswerTime{5};
// Janus answers a long poll after 30 s at the latest, with a keep-alive.
constexpr std::chrono::seconds kPollTime{40};

net::OutgoingPolicy policy_for(const std::string& url, std::chrono::milliseconds time_max) {
  net::OutgoingPolicy policy;
  policy.time_max = time_max;
  if (const auto parsed = net::parse_outgoing_url(url)) policy.trusted_hosts.push_back(parsed->authority());
  return policy;
}

// RFC 3986, 2.1: everything but unreserved characters.
std::string percent_encoded(std::string_view text) {
  std::string encoded;
  for (const char c : text) {
    const bool is_plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
    encoded += is_plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return encoded;
}

std::string text_json(std::string_view value) {
  std::string json;
  JsonWriter(json).text(value);
  return json;
}

}  // namespace

JanusRelay::JanusRelay(JanusOptions options, std::function<std::uint64_t()> random)
    : options_(std::move(options)),
      random_(std::move(random)),
      client_(policy_for(options_.url, kAnswerTime)),
      patient_client_(policy_for(options_.url, kPollTime)),
      worker_([this](const std::stop_token& stop) { work(stop); }),
      listener_([this](const std::stop_token& stop) { listen(stop); }) {}

JanusRelay::~JanusRelay() {
  worker_.request_stop();
  listener_.request_stop();
  if (worker_.joinable()) worker_.join();
  if (session_ == 0) return;
  // The event of a handle that goes ends the listener's long poll, which the end of the session alone would not.
  static_cast<void>(post(fmt::format("/{}/{}", session_, control_handle_), request("detach")));
  if (listener_.joinable()) listener_.join();
  static_cast<void>(post(fmt::format("/{}", session_), request("destroy")));
}

Result<void> JanusRelay::signal(presence::RelayRoom room, PersonId from, std::string_view data_json) {
  const std::lock_guard lock(jobs_mutex_);
  if (jobs_.size() >= kJobsMax) return fail(ErrorCode::limit, "signal: the voice gateway is busy; try again in a moment");
  jobs_.push_back({from, room, std::string(data_json)});
  jobs_changed_.notify_one();
  return {};
}

void JanusRelay::leave(PersonId person) {
  // Never refused: whoever leaves must be silent. Each person leaves once for each time they joined, so the queue stays
  // bounded.
  const std::lock_guard lock(jobs_mutex_);
  jobs_.push_back({person, 0, {}});
  jobs_changed_.notify_one();
}

void JanusRelay::drain(const std::function<void(const RelayWord&)>& take) {
  std::vector<RelayWord> words;
  {
    const std::lock_guard lock(words_mutex_);
    words.swap(words_);
  }
  for (const RelayWord& word : words) take(word);
}

void JanusRelay::tell(RelayWord word) {
  const std::lock_guard lock(words_mutex_);
  if (words_.size() < kWordsMax) words_.push_back(std::move(word));
}

std::string JanusRelay::request(std::string_view janus, std::string_view further_members) {
  std::string json = fmt::format(R"({{"janus":{},"transaction":"{:016x}")", text_json(janus), random_());
  if (!options_.api_secret.empty()) json += ",\"apisecret\":" + text_json(options_.api_secret);
  if (!further_members.empty()) json += "," + std::string(further_members);
  return json + "}";
}

std::string JanusRelay::plugin_message(std::string_view body_json, std::string_view jsep_json) {
  std::string members = "\"body\":" + std::string(body_json);
  if (!jsep_json.empty()) members += ",\"jsep\":" + std::string(jsep_json);
  return request("message", members);
}

Result<std::string> JanusRelay::post(std::string path, std::string body) {
  auto answer = client_.send({.method = net::Method::post,
                              .url = options_.url + std::move(path),
                              .content_type = "application/json",
                              .body = std::move(body)});
  if (!answer) return std::unexpected(answer.error());
  if (answer->status != 200) return fail(ErrorCode::unavailable, fmt::format("Janus answered {}", answer->status));
  const auto document = JsonDocument::parse(answer->body);
  if (!document) return std::unexpected(document.error());
  const auto kind = document->root().find("janus").text();
  if (kind == "error" || !kind) {
    const auto reason = document->root().find("error").find("reason").text();
    return fail(ErrorCode::unavailable, fmt::format("Janus: {}", reason.value_or("an answer without a kind")));
  }
  return std::move(answer->body);
}

Result<std::uint64_t> JanusRelay::ask_for_id(std::string path, std::string_view request_json) {
  const auto answer = post(std::move(path), std::string(request_json));
  if (!answer) return std::unexpected(answer.error());
  const auto document = JsonDocument::parse(*answer);
  const auto id = document ? document->root().find("data").find("id").integer() : std::nullopt;
  if (!id || *id <= 0) return fail(ErrorCode::unavailable, "Janus: an answer without an id");
  return static_cast<std::uint64_t>(*id);
}

Result<void> JanusRelay::connect() {
  if (session_ != 0) return {};
  const auto session = ask_for_id("", request("create"));
  if (!session) return std::unexpected(session.error());
  const auto handle = ask_for_id(fmt::format("/{}", *session), request("attach", R"("plugin":"janus.plugin.audiobridge")"));
  if (!handle) return std::unexpected(handle.error());
  {
    const std::lock_guard lock(state_mutex_);
    session_ = *session;
    control_handle_ = *handle;
  }
  is_up_.store(true);
  session_changed_.notify_all();
  base::log(base::LogLevel::info, "voice_gateway_found");
  return {};
}

void JanusRelay::lose() {
  std::map<PersonId, Member> lost;
  {
    const std::lock_guard lock(state_mutex_);
    session_ = 0;
    lost.swap(members_);
    handles_.clear();
    rooms_.clear();
  }
  is_up_.store(false);
  base::log(base::LogLevel::warning, "voice_gateway_lost", {{"fix", "see that Janus runs and answers at --janus"}});
  for (const auto& [person, member] : lost) tell({.to = person, .has_failed = true});
}

void JanusRelay::work(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    if (is_lost_.exchange(false)) lose();
    if (const auto connected = connect(); !connected) is_up_.store(false);
    std::unique_lock lock(jobs_mutex_);
    jobs_changed_.wait_for(lock, stop, kJanusRetryTime, [this] { return !jobs_.empty() || is_lost_; });
    while (!jobs_.empty() && !is_lost_ && !stop.stop_requested()) {
      const Job job = std::move(jobs_.front());
      jobs_.pop_front();
      lock.unlock();
      run(job);
      lock.lock();
    }
  }
}

void JanusRelay::run(const Job& job) {
  if (job.data_json.empty()) return part(job.person);
  if (const auto said = say(job); !said) {
    base::log(base::LogLevel::warning, "voice_gateway_refused", {{"reason", std::string_view(said.error().message)}});
    part(job.person);
    tell({.to = job.person, .has_failed = true});
  }
}

Result<JanusRelay::Room*> JanusRelay::room(presence::RelayRoom wanted) {
  if (const auto known = rooms_.find(wanted); known != rooms_.end()) return &known->second;
  // Janus counts rooms up to 2^53, as JavaScript does.
  Room made{.number = (random_() & ((1ull << 52) - 1)) | 1,
            .secret = fmt::format("{:016x}{:016x}", random_(), random_()),
            .pin = fmt::format("{:016x}{:016x}", random_(), random_())};
  std::string body =
      fmt::format(R"({{"request":"create","room":{},"secret":"{}","pin":"{}","is_private":true,"permanent":false,)"
                  R"("sampling_rate":48000,"record":false,"description":"")",
                  made.number, made.secret, made.pin);
  if (!options_.admin_key.empty()) body += ",\"admin_key\":" + text_json(options_.admin_key);
  const auto answer = post(fmt::format("/{}/{}", session_, control_handle_), plugin_message(body + "}"));
  if (!answer) return std::unexpected(answer.error());
  const auto document = JsonDocument::parse(*answer);
  if (!document || document->root().find("plugindata").find("data").find("audiobridge").text() != "created")
    return fail(ErrorCode::unavailable, "Janus made no room; is its AudioBridge plugin there, and --janus-secret-file right?");
  return &rooms_.emplace(wanted, std::move(made)).first->second;
}

Result<JanusRelay::Member> JanusRelay::member(const Job& job) {
  if (const auto known = members_.find(job.person); known != members_.end()) {
    if (known->second.room == job.room) return known->second;
    part(job.person);
  }
  const auto joined = room(job.room);
  if (!joined) return std::unexpected(joined.error());
  const auto handle = ask_for_id(fmt::format("/{}", session_), request("attach", R"("plugin":"janus.plugin.audiobridge")"));
  if (!handle) return std::unexpected(handle.error());
  const Member made{*handle, job.room};
  {
    const std::lock_guard lock(state_mutex_);
    members_[job.person] = made;
    handles_[*handle] = job.person;
  }
  ++(*joined)->members;
  const std::string body = fmt::format(R"({{"request":"join","room":{},"pin":"{}"}})", (*joined)->number, (*joined)->pin);
  const auto asked = post(fmt::format("/{}/{}", session_, *handle), plugin_message(body));
  if (!asked) return std::unexpected(asked.error());
  return made;
}

Result<void> JanusRelay::say(const Job& job) {
  if (auto connected = connect(); !connected) return connected;
  const auto document = JsonDocument::parse(job.data_json);
  if (!document) return std::unexpected(document.error());
  const auto path = [this](const Member& to) { return fmt::format("/{}/{}", session_, to.handle); };
  if (const auto offer = document->root().find("offer").text()) {
    const auto to = member(job);
    if (!to) return std::unexpected(to.error());
    const std::string jsep = "{\"type\":\"offer\",\"sdp\":" + text_json(*offer) + "}";
    const auto sent = post(path(*to), plugin_message(R"({"request":"configure","muted":false})", jsep));
    if (!sent) return std::unexpected(sent.error());
    return {};
  }
  const JsonValue candidate = document->root().find("candidate");
  const auto known = members_.find(job.person);
  if (candidate.is_absent() || known == members_.end()) return {};  // Late, or of no meaning to a gateway.
  std::string json = R"({"completed":true})";
  if (candidate.is_object()) {
    json.clear();
    JsonWriter writer(json);
    writer.begin_object().member("candidate", candidate.find("candidate").text().value_or(""));
    writer.member("sdpMid", candidate.find("sdpMid").text().value_or("0"));
    writer.key("sdpMLineIndex").integer(candidate.find("sdpMLineIndex").integer().value_or(0)).end_object();
  }
  const auto sent = post(path(known->second), request("trickle", "\"candidate\":" + json));
  if (!sent) return std::unexpected(sent.error());
  return {};
}

void JanusRelay::part(PersonId person) {
  Member gone;
  {
    const std::lock_guard lock(state_mutex_);
    const auto known = members_.find(person);
    if (known == members_.end()) return;
    gone = known->second;
    handles_.erase(gone.handle);
    members_.erase(known);
  }
  // What fails here ended with Janus itself.
  static_cast<void>(post(fmt::format("/{}/{}", session_, gone.handle), request("detach")));
  const auto room = rooms_.find(gone.room);
  if (room == rooms_.end() || --room->second.members > 0) return;
  const std::string body =
      fmt::format(R"({{"request":"destroy","room":{},"secret":"{}"}})", room->second.number, room->second.secret);
  static_cast<void>(post(fmt::format("/{}/{}", session_, control_handle_), plugin_message(body)));
  rooms_.erase(room);
}

void JanusRelay::listen(const std::stop_token& stop) {
  std::uint64_t ended = 0;
  while (!stop.stop_requested()) {
    std::uint64_t session = 0;
    {
      std::unique_lock lock(state_mutex_);
      if (!session_changed_.wait(lock, stop, [&] { return session_ != 0 && session_ != ended; })) return;
      session = session_;
    }
    std::string url = fmt::format("{}/{}?maxev=20", options_.url, session);
    if (!options_.api_secret.empty()) url += "&apisecret=" + percent_encoded(options_.api_secret);
    const auto answer = patient_client_.send({.url = std::move(url)});
    if (stop.stop_requested()) return;
    if (answer && answer->status == 200 && hear(answer->body)) continue;
    ended = session;
    const std::lock_guard lock(jobs_mutex_);
    is_lost_ = true;
    jobs_changed_.notify_one();
  }
}

bool JanusRelay::hear(std::string_view events_json) {
  const auto document = JsonDocument::parse(events_json);
  if (!document) return false;
  bool goes_on = true;
  const auto hear_one = [&](JsonValue event) {
    const auto kind = event.find("janus").text();
    // The session itself has ended.
    if (kind == "error" || (kind == "timeout" && event.find("sender").is_absent())) goes_on = false;
    const auto sender = event.find("sender").integer();
    PersonId person = presence::kNobody;
    if (sender) {
      const std::lock_guard lock(state_mutex_);
      const auto known = handles_.find(static_cast<std::uint64_t>(*sender));
      if (known != handles_.end()) person = known->second;
    }
    if (person == presence::kNobody) return;
    const JsonValue jsep = event.find("jsep");
    if (const auto sdp = jsep.find("sdp").text(); sdp && jsep.find("type").text() == "answer") {
      std::string json;
      JsonWriter(json).begin_object().member("answer", *sdp).end_object();
      tell({.to = person, .data_json = std::move(json)});
    }
    const bool is_refused = !event.find("plugindata").find("data").find("error_code").is_absent();
    if (is_refused || kind == "hangup" || kind == "detached") {
      tell({.to = person, .has_failed = true});
    }
  };
  if (document->root().is_array()) {
    for (std::size_t i = 0; i < document->root().size(); ++i) hear_one(document->root()[i]);
  } else {
    hear_one(document->root());
  }
  return goes_on;
}

}  // namespace citiverse::api
