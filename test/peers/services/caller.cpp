#include "caller.hpp"

#include <algorithm>

#include "../events.hpp"

namespace peer {

namespace {

// ROS may lose a response; the caller reports this before the test's own timeout.
constexpr double defaultTimeoutMs = 5000;

double inMilliseconds(Clock::duration duration) { return std::chrono::duration<double, std::milli>(duration).count(); }

Clock::duration pauseOf(double rate) {
  return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(rate > 0 ? 1 / rate : 0));
}

std::string filledIn(std::string word, const std::string &blank, int64_t value) {
  const size_t place = word.find(blank);
  return place == std::string::npos ? word : word.replace(place, blank.size(), std::to_string(value));
}

}  // namespace

Caller::Caller(const Command &command, Node &node)
    : service(cannedService(command.word(2))), client(node, command.word(1), command.word(2)), words(command.rest(3)),
      quiet(command.has("quiet")), count(static_cast<long>(command.number("count", 1))),
      pause(pauseOf(command.number("rate", 0))),
      parallel(static_cast<size_t>(command.number("parallel", 1))),
      timeout(command.milliseconds("timeout", defaultTimeoutMs)), nap(command.milliseconds("nap", 0)) {
  // Rejects arguments that cannot be encoded immediately.
  nextRequest();
}

Clock::time_point Caller::turn(Clock::time_point now) {
  if (now < awake) return awake;
  client.take([this](const rmw::Call &response) { answered(response); });
  lost += static_cast<long>(std::erase_if(underWay, [&](const auto &each) { return each.second + timeout <= now; }));
  // Waits for a server first, like clients of ROS.
  if (asked == 0) {
    if (start == Clock::time_point{}) start = now;
    if (!client.ready() && now < start + timeout) return start + timeout;
    if (client.ready()) start = now;
    else lost = asked = count;
  }
  // In a burst before both ends are matched, the history of the writer would drop the excess.
  const size_t atOnce = nap > Clock::duration::zero() && milliseconds.empty() ? 1 : parallel;
  while (asked < count && underWay.size() < atOnce && start + asked * pause <= Clock::now()) {
    const Clock::time_point sent = Clock::now();
    underWay[client.send(nextRequest())] = sent;
    asked += 1;
    // Simulates a busy executor: responses meanwhile wait in the history of its reader.
    if (nap > Clock::duration::zero() && underWay.size() == parallel) return awake = Clock::now() + nap;
  }
  if (underWay.empty() && asked >= count && !finished) finish();
  const bool waits = asked < count && underWay.size() < atOnce;
  Clock::time_point next = waits ? start + asked * pause : Clock::time_point::max();
  for (const auto &[sequence, sent] : underWay) next = std::min(next, sent + timeout);
  return next;
}

Octets Caller::nextRequest() const {
  std::vector<std::string> filled;
  const int64_t now = Clock::now().time_since_epoch() / std::chrono::nanoseconds(1);
  for (const std::string &word : words) filled.push_back(filledIn(filledIn(word, "{n}", asked + 1), "{now}", now));
  return service.ask(filled);
}

void Caller::answered(const rmw::Call &response) {
  const auto question = underWay.find(response.sequence);
  if (question == underWay.end()) return;
  milliseconds.push_back(inMilliseconds(Clock::now() - question->second));
  underWay.erase(question);
  try {
    CdrIn in(response.body);
    const std::string value = service.tell(in);
    in.end();
    if (!quiet) emit("answer", "\"name\":" + quoted(client.name) + ",\"value\":" + value);
  } catch (const Malformed &error) {
    emit("malformed", "\"name\":" + quoted(client.name) + ",\"reason\":" + quoted(error.what()));
  }
}

void Caller::finish() {
  finished = true;
  std::ranges::sort(milliseconds);
  const auto quantile = [this](double share) {
    if (milliseconds.empty()) return std::string("null");
    return std::to_string(milliseconds[static_cast<size_t>(share * static_cast<double>(milliseconds.size() - 1))]);
  };
  emit("called", "\"name\":" + quoted(client.name) + ",\"answered\":" + std::to_string(milliseconds.size()) +
                     ",\"lost\":" + std::to_string(lost) +
                     ",\"seconds\":" + std::to_string(inMilliseconds(Clock::now() - start) / 1000) +
                     ",\"p50Ms\":" + quantile(0.5) + ",\"p99Ms\":" + quantile(0.99));
}

}  // namespace peer
