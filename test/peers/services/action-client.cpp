#include "action-client.hpp"

#include <random>

namespace peer {

namespace {

GoalId randomId() {
  std::random_device device;
  GoalId id;
  for (uint8_t &octet : id) octet = static_cast<uint8_t>(device());
  // RFC 9562, version 4.
  id[6] = (id[6] & 0x0f) | 0x40;
  id[8] = (id[8] & 0x3f) | 0x80;
  return id;
}

Qos latched() {
  Qos qos;
  qos.transientLocal = true;
  qos.depth = 1;
  return qos;
}



}  // namespace

ActionClient::ActionClient(const Command &command, Node &node)
    : type(actionType(command.word(2))), name(command.word(1)), id(randomId()), words(command.rest(3)),
      cancelAfter(command.has("cancel") ? std::optional(command.milliseconds("cancel", 0)) : std::nullopt),
      sender(node, partOfAction(name, "send_goal"), std::string(type.type) + "_SendGoal"),
      canceller(node, partOfAction(name, "cancel_goal"), cancelType),
      results(node, partOfAction(name, "get_result"), std::string(type.type) + "_GetResult"),
      feedback(node.reader("rt" + partOfAction(name, "feedback"),
                           ddsTypeName(type.type) + "_FeedbackMessage_", Qos())),
      status(node.reader("rt" + partOfAction(name, "status"), statusTypeName, latched())) {}

// Same conditions as in rclcpp's action clients.
bool ActionClient::ready() const {
  return sender.ready() && canceller.ready() && results.ready() && feedback->matched > 0 && status->matched > 0;
}

Clock::time_point ActionClient::turn(Clock::time_point now) {
  status->take([this](const void *sample) { tellStatus(*static_cast<const Opaque *>(sample)); });
  feedback->take([this](const void *sample) { tellFeedback(*static_cast<const Opaque *>(sample)); });
  const auto take = [this](Client &client, void (ActionClient::*handle)(CdrIn &)) {
    client.take([&](const rmw::Call &response) { read(response.body, [&](CdrIn &in) { (this->*handle)(in); }); });
  };
  take(sender, &ActionClient::answered);
  take(canceller, &ActionClient::cancelled);
  take(results, &ActionClient::ended);
  if (!sent && ready()) send();
  if (!cancelAt) return Clock::time_point::max();
  if (now < *cancelAt) return *cancelAt;
  cancelAt.reset();
  canceller.send(CdrOut() << GoalInfo{id, {}});
  return Clock::time_point::max();
}

void ActionClient::send() {
  sent = true;
  CdrOut out;
  out << id;
  type.goal(out, words);
  sender.send(out);
}

void ActionClient::answered(CdrIn &in) {
  bool accepted;
  Stamp stamp;
  in >> accepted >> stamp;
  tell("goal", std::string(",\"accepted\":") + (accepted ? "true" : "false"));
  finished = !accepted;
  if (!accepted) return;
  results.send(CdrOut() << id);
  if (cancelAfter) cancelAt = Clock::now() + *cancelAfter;
}

void ActionClient::cancelled(CdrIn &in) {
  int8_t code;
  std::vector<GoalInfo> canceling;
  in >> code >> canceling;
  tell("canceling", ",\"code\":" + std::to_string(code) + ",\"count\":" + std::to_string(canceling.size()));
}

void ActionClient::ended(CdrIn &in) {
  int8_t code;
  in >> code;
  const std::string value = type.tellResult(in);
  tell("result", ",\"status\":" + std::to_string(code) + ",\"value\":" + value);
  finished = true;
}

void ActionClient::tellFeedback(const Opaque &sample) {
  read(sample.cdr, [this](CdrIn &in) {
    GoalId whose;
    in >> whose;
    const std::string value = type.tellFeedback(in);
    if (whose == id) tell("feedback", ",\"value\":" + value);
  });
}

void ActionClient::tellStatus(const Opaque &sample) {
  read(sample.cdr, [this](CdrIn &in) {
    uint32_t count;
    in >> count;
    for (uint32_t i = 0; i < count; i++) {
      GoalInfo info;
      int8_t now;
      in >> info >> now;
      if (info.id == id) tell("goal_status", ",\"status\":" + std::to_string(now));
    }
  });
}

void ActionClient::tell(const char *event, const std::string &members) const {
  emit(event, "\"name\":" + quoted(name) + ",\"goal\":\"" + uuidText(id) + "\"" + members);
}

void ActionClient::read(const Octets &octets, const std::function<void(CdrIn &)> &each) const {
  try {
    CdrIn in(octets);
    each(in);
    in.end();
  } catch (const Malformed &error) {
    emit("malformed", "\"name\":" + quoted(name) + ",\"reason\":" + quoted(error.what()));
  }
}

}  // namespace peer
