#include "service.hpp"

#include <unistd.h>

#include "../events.hpp"

namespace peer {

namespace {

// Both RMWs wait this long for the response reader of a client that they have not discovered yet.
constexpr auto matchPatience = std::chrono::milliseconds(100);
constexpr auto matchPoll = std::chrono::milliseconds(5);

// The exit code of a server that dies on a request.
constexpr int deathByRequest = 9;

}  // namespace

ServiceOptions::ServiceOptions(const Command &command)
    : depth(static_cast<int>(command.number("depth", ServiceOptions().depth))), keepAll(command.has("keep_all")),
      quiet(command.has("quiet")), hang(command.has("hang")), garbage(command.has("garbage")), die(command.has("die")),
      late(command.milliseconds("late", 0)), delay(command.milliseconds("delay", 0)) {}

Service::Service(Node &node, std::string fullName, const std::string &type, const ServiceOptions &manners,
                 Handler itsHandler)
    : name(std::move(fullName)), options(manners), handler(std::move(itsHandler)) {
  Qos qos;
  qos.depth = options.depth;
  qos.keepAll = options.keepAll;
  qos.userData = rmw::userData(true, node.participantGuid());
  requests = node.reader("rq" + name + "Request", ddsTypeName(type) + "_Request_", qos);
  responses = node.writer("rr" + name + "Reply", ddsTypeName(type) + "_Response_", qos);
}

Clock::time_point Service::turn(Clock::time_point now) {
  requests->take([this](const void *sample) { take(*static_cast<const Opaque *>(sample)); });
  Clock::time_point next = Clock::time_point::max();
  for (auto each = due.begin(); each != due.end();) {
    if (each->when <= now && sent(*each, now)) {
      each = due.erase(each);
      continue;
    }
    next = std::min(next, std::max(each->when, now + matchPoll));
    ++each;
  }
  return next;
}

void Service::take(const Opaque &sample) {
  if (options.die) _exit(deathByRequest);
  received += 1;
  const std::string whose = "\"name\":" + quoted(name);
  try {
    const rmw::Call request = rmw::readRequest(sample);
    CdrIn in(request.body);
    const std::optional<Octets> body = handler(in, request);
    in.end();
    if (!options.quiet) emit("request", whose + ",\"sequence\":" + std::to_string(request.sequence));
    if (body) respond(request, *body);
  } catch (const Malformed &error) {
    malformed += 1;
    emit("malformed", whose + ",\"octets\":" + std::to_string(sample.cdr.size()) +
                          ",\"reason\":" + quoted(error.what()));
  }
}

void Service::respond(const rmw::Call &request, const Octets &body) {
  if (options.hang) return;
  const Clock::time_point now = Clock::now();
  busyUntil = std::max(busyUntil, now) + options.delay;
  const Clock::time_point when = busyUntil + options.late;
  // Too short for any type except the empty one, and full of ones.
  static const Octets nonsense{0, 1, 0, 0, 0xff, 0xff, 0xff, 0xff};
  Due answer{request, options.garbage ? nonsense : body, when, when + matchPatience};
  if (when > now || !sent(answer, now)) due.push_back(std::move(answer));
}

// Also returns true for an answer that is given up.
bool Service::sent(const Due &answer, Clock::time_point now) {
  if (!answer.request.asker.empty() && !responses->reaches(answer.request.asker)) {
    if (now < answer.deadline) return false;
    emit("unreachable", "\"name\":" + quoted(name) + ",\"sequence\":" + std::to_string(answer.request.sequence));
    return true;
  }
  const Opaque sample = rmw::response(answer.request, answer.body);
  if (responses->write(&sample)) answered += 1;
  return true;
}

void Service::tally() const {
  emit("served", "\"name\":" + quoted(name) + ",\"requests\":" + std::to_string(received) +
                     ",\"malformed\":" + std::to_string(malformed) + ",\"answered\":" + std::to_string(answered));
}

}  // namespace peer
