#include "action-server.hpp"

#include <algorithm>

namespace peer {

namespace {

// Maximum stored results of ended goals; the oldest is dropped first.
constexpr size_t mostGoals = 100;

constexpr double defaultIntervalMs = 100;

}  // namespace

ActionServer::ActionServer(const Command &command, Node &node)
    : type(actionType(command.word(2))), name(command.word(1)),
      interval(command.milliseconds("interval", defaultIntervalMs)), rejects(command.has("reject")),
      refusesCancel(command.has("refuse_cancel")), aborts(command.has("abort")), hangs(command.has("hang")) {
  ServiceOptions options(command);
  // Only the goals hang, not the services.
  options.hang = false;
  const std::string typeName = type.type;
  services.add(node, partOfAction(name, "send_goal"), typeName + "_SendGoal", options,
               [this](CdrIn &in, const rmw::Call &) { return accept(in); });
  services.add(node, partOfAction(name, "cancel_goal"), cancelType, options,
               [this](CdrIn &in, const rmw::Call &) { return cancel(in); });
  results = &services.add(node, partOfAction(name, "get_result"), typeName + "_GetResult", options,
                          [this](CdrIn &in, const rmw::Call &call) { return result(in, call); });
  feedback = node.writer("rt" + partOfAction(name, "feedback"), ddsTypeName(typeName) + "_FeedbackMessage_", Qos());
  // rcl_action_qos_profile_status_default.
  Qos latched;
  latched.transientLocal = true;
  latched.depth = 1;
  status = node.writer("rt" + partOfAction(name, "status"), statusTypeName, latched);
}

Clock::time_point ActionServer::turn(Clock::time_point now) {
  Clock::time_point next = services.turn(now);
  for (Goal &goal : goals)
    if (!goal.ended()) next = std::min(next, advance(goal, now));
  return next;
}

Octets ActionServer::accept(CdrIn &in) {
  GoalInfo info;
  in >> info.id;
  const int steps = type.steps(in);
  const bool accepted = !rejects && !find(info.id);
  info.stamp = Stamp::now();
  emit("goal", "\"name\":" + quoted(name) + ",\"goal\":\"" + uuidText(info.id) +
                   "\",\"accepted\":" + (accepted ? "true" : "false"));
  if (accepted) {
    if (goals.size() == mostGoals) goals.pop_front();
    become(goals.emplace_back(Goal{.info = info, .steps = steps, .nextStep = Clock::now() + interval}),
           GoalStatus::executing);
  }
  return CdrOut() << accepted << info.stamp;
}

// Without an id it cancels every goal; with a stamp every goal accepted until then.
Octets ActionServer::cancel(CdrIn &in) {
  GoalInfo wanted;
  in >> wanted;
  const bool one = wanted.id != GoalId{};
  const auto isEarlier = [&](const Stamp &stamp) {
    return std::pair(stamp.sec, stamp.nanosec) <= std::pair(wanted.stamp.sec, wanted.stamp.nanosec);
  };
  const bool all = !one && wanted.stamp.sec == 0 && wanted.stamp.nanosec == 0;
  const Goal *asked = one ? find(wanted.id) : nullptr;
  CancelCode code = CancelCode::none;
  if (one && !asked) code = CancelCode::unknownGoal;
  else if (one && asked->ended()) code = CancelCode::terminated;
  else if (refusesCancel) code = CancelCode::rejected;
  std::vector<GoalInfo> canceling;
  for (Goal &goal : goals) {
    const bool meant = all || goal.info.id == wanted.id || (!one && isEarlier(goal.info.stamp));
    if (code != CancelCode::none || goal.ended() || !meant) continue;
    canceling.push_back(goal.info);
    become(goal, GoalStatus::canceling);
  }
  return CdrOut() << static_cast<int8_t>(code) << canceling;
}

std::optional<Octets> ActionServer::result(CdrIn &in, const rmw::Call &call) {
  GoalId id;
  in >> id;
  Goal *goal = find(id);
  if (!goal) return resultOf({.info = {}, .steps = 0, .status = GoalStatus::unknown, .nextStep = {}});
  if (goal->ended()) return resultOf(*goal);
  goal->waiting.push_back(call);
  return std::nullopt;
}

Octets ActionServer::resultOf(const Goal &goal) const {
  CdrOut out;
  out << static_cast<int8_t>(goal.status);
  type.result(out, goal.done, goal.status == GoalStatus::aborted);
  return out;
}

ActionServer::Goal *ActionServer::find(const GoalId &id) {
  const auto found = std::ranges::find_if(goals, [&](const Goal &goal) { return goal.info.id == id; });
  return found == goals.end() ? nullptr : &*found;
}

void ActionServer::become(Goal &goal, GoalStatus now) {
  goal.status = now;
  publishStatus();
  if (!goal.ended()) return;
  for (const rmw::Call &call : goal.waiting) results->respond(call, resultOf(goal));
  goal.waiting.clear();
}

Clock::time_point ActionServer::advance(Goal &goal, Clock::time_point now) {
  if (hangs && goal.status == GoalStatus::executing) return Clock::time_point::max();
  if (now < goal.nextStep) return goal.nextStep;
  goal.nextStep += interval;
  if (goal.status == GoalStatus::canceling) {
    become(goal, GoalStatus::canceled);
  } else if (goal.done == goal.steps) {
    become(goal, aborts ? GoalStatus::aborted : GoalStatus::succeeded);
  } else {
    goal.done += 1;
    CdrOut out;
    out << goal.info.id;
    type.feedback(out, goal.done, goal.steps);
    const Opaque sample{.cdr = out};
    feedback->write(&sample);
  }
  return goal.ended() ? Clock::time_point::max() : goal.nextStep;
}

void ActionServer::publishStatus() {
  CdrOut out;
  out << static_cast<uint32_t>(goals.size());
  for (const Goal &goal : goals) out << goal.info << static_cast<int8_t>(goal.status);
  const Opaque sample{.cdr = out};
  status->write(&sample);
}

}  // namespace peer
