#include "endpoints.hpp"

#include "events.hpp"

namespace peer {

namespace {

// A ROS topic begins with a slash, and with `rt` before it on the wire; any other name is a DDS topic.
std::string ddsTopic(const std::string &topic) { return topic.starts_with('/') ? "rt" + topic : topic; }

double seconds(Clock::duration duration) { return std::chrono::duration<double>(duration).count(); }

// At maximum rate, a publication yields to the other work of the peer after this many samples.
constexpr int samplesPerTurn = 64;

// Fast DDS requests acknowledgements every three seconds unless something else triggers it.
constexpr auto acknowledgementPatience = std::chrono::seconds(10);

}  // namespace

void Reported::made(const Endpoint &endpoint) const {
  emit(role, "\"topic\":" + quoted(topic) + ",\"node\":" + quoted(node) + ",\"gid\":\"" + hex(endpoint.guid()) + "\"");
}

void Reported::changed(const Endpoint &endpoint) {
  const std::string whose = "\"role\":\"" + std::string(role) + "\",\"topic\":" + quoted(topic);
  if (const int now = endpoint.matched; now != matched) {
    matched = now;
    emit("matched", whose + ",\"count\":" + std::to_string(now));
  }
  if (const int now = endpoint.incompatible; now != incompatible) {
    incompatible = now;
    emit("incompatible", whose + ",\"policy\":" + std::to_string(endpoint.policy));
  }
}

Publication::Publication(const Command &command, std::string nodeName, Participant &participant,
                         const Type &messageType, const Qos &qos)
    : Reported("publisher", command.topic(), std::move(nodeName)), type(messageType),
      size(static_cast<size_t>(command.number("size", 0))), quiet(command.has("quiet")),
      rate(command.number("rate", 0)),
      // Only a rate means unlimited samples; neither means only on command.
      count(static_cast<long>(command.number("count", command.has("rate") ? 1e15 : 0))),
      waitFor(static_cast<int>(command.number("wait", 0))), writer(participant.writer(ddsTopic(topic), type, qos)) {
  if (!type.value(0, 0)) throw Refused(std::string(type.name) + " is not published on command");
  made(*writer);
}

void Publication::write(long index) {
  const void *sample = type.value(index, size);
  if (!writer->write(sample)) throw Refused("write timed out on " + topic);
  if (!quiet)
    emit("written",
         "\"topic\":" + quoted(topic) + ",\"index\":" + std::to_string(index) + ",\"value\":" + type.json(sample));
}

Clock::time_point Publication::finish(Clock::time_point now) {
  const bool acknowledged = writer->acknowledged(0);
  if (!acknowledged && now < end + acknowledgementPatience) return now + std::chrono::milliseconds(5);
  finished = true;
  emit("finished", "\"topic\":" + quoted(topic) + ",\"count\":" + std::to_string(written) + ",\"seconds\":" +
                       std::to_string(seconds(end - start)) + ",\"acknowledgedSeconds\":" +
                       (acknowledged ? std::to_string(seconds(now - start)) : "null"));
  return Clock::time_point::max();
}

Clock::time_point Publication::turn(Clock::time_point now) {
  if (finished || count == 0 || writer->matched < waitFor) return Clock::time_point::max();
  if (written == count) return finish(now);
  if (written == 0) start = now;
  const auto due = [this] {
    return rate > 0 ? start + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(written / rate))
                    : Clock::time_point::min();
  };
  for (int i = 0; i < samplesPerTurn && written < count && due() <= now; i++) write(written++);
  if (written < count) return due();
  end = Clock::now();
  return end;
}

Subscription::Subscription(const Command &command, std::string nodeName, Participant &participant,
                           const Type &messageType, const Qos &qos)
    : Reported("subscription", command.topic(), std::move(nodeName)), type(messageType), quiet(command.has("quiet")),
      count(static_cast<long>(command.number("count", 0))), reader(participant.reader(ddsTopic(topic), type, qos)) {
  made(*reader);
}

void Subscription::take() {
  reader->take([this](const void *sample) {
    received += 1;
    last = Clock::now();
    if (received == 1) first = last;
    if (!quiet) emit("sample", "\"topic\":" + quoted(topic) + ",\"value\":" + type.json(sample));
    if (received == count) tally();
  });
}

void Subscription::tally() const {
  emit("tally", "\"topic\":" + quoted(topic) + ",\"count\":" + std::to_string(received) + ",\"seconds\":" +
                    std::to_string(seconds(last - first)));
}

}  // namespace peer
