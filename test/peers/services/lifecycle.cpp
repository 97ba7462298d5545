#include "lifecycle.hpp"

#include <algorithm>

#include "../events.hpp"

namespace peer {

// lifecycle_msgs/msg/State.
struct Lifecycle::State {
  uint8_t id;
  std::string label;
};

// A transition that can be requested: its start state, the state while it runs, and its end states on success and
// failure.
struct Lifecycle::Transition {
  uint8_t id;
  std::string label, from, during, success, failure;
};

const std::vector<Lifecycle::State> Lifecycle::states = {
    {0, "unknown"},        {1, "unconfigured"},    {2, "inactive"},    {3, "active"},
    {4, "finalized"},      {10, "configuring"},    {11, "cleaningup"}, {12, "shuttingdown"},
    {13, "activating"},    {14, "deactivating"},   {15, "errorprocessing"},
};

const std::vector<Lifecycle::Transition> Lifecycle::transitions = {
    {1, "configure", "unconfigured", "configuring", "inactive", "unconfigured"},
    {2, "cleanup", "inactive", "cleaningup", "unconfigured", "inactive"},
    {3, "activate", "inactive", "activating", "active", "inactive"},
    {4, "deactivate", "active", "deactivating", "inactive", "active"},
    {5, "shutdown", "unconfigured", "shuttingdown", "finalized", "finalized"},
    {6, "shutdown", "inactive", "shuttingdown", "finalized", "finalized"},
    {7, "shutdown", "active", "shuttingdown", "finalized", "finalized"},
};

const Lifecycle::State &Lifecycle::stateNamed(const std::string &label) {
  return *std::ranges::find(states, label, &State::label);
}

CdrOut &operator<<(CdrOut &out, const Lifecycle::State &state) { return out << state.id << state.label; }

CdrOut &operator<<(CdrOut &out, const Lifecycle::Transition &transition) {
  return out << transition.id << transition.label << Lifecycle::stateNamed(transition.from)
             << Lifecycle::stateNamed(transition.during);
}

namespace {

constexpr const char *package = "lifecycle_msgs/srv/";

Octets answered(CdrIn &in, const CdrOut &answer) {
  uint8_t octet;  // of an empty request
  in >> octet;
  return answer;
}

}  // namespace

Lifecycle::Lifecycle(const Command &command, Node &node)
    : failing(command.text("fail")), hanging(command.text("hang")), state(&stateNamed("unconfigured")) {
  ServiceOptions options(command);
  options.hang = false;
  const auto offer = [&](const char *name, const char *type, Service::Handler handler) {
    services.add(node, node.below(name), std::string(package) + type, options, std::move(handler));
  };
  offer("change_state", "ChangeState", [this](CdrIn &in, const rmw::Call &) { return change(in); });
  offer("get_state", "GetState", [this](CdrIn &in, const rmw::Call &) { return answered(in, CdrOut() << *state); });
  offer("get_available_states", "GetAvailableStates",
        [](CdrIn &in, const rmw::Call &) { return answered(in, CdrOut() << states); });
  offer("get_available_transitions", "GetAvailableTransitions",
        [this](CdrIn &in, const rmw::Call &) { return answered(in, CdrOut() << possible()); });
  offer("get_transition_graph", "GetAvailableTransitions",
        [](CdrIn &in, const rmw::Call &) { return answered(in, CdrOut() << transitions); });
  events = node.writer("rt" + node.below("transition_event"), "lifecycle_msgs::msg::dds_::TransitionEvent_", Qos());
}

std::vector<Lifecycle::Transition> Lifecycle::possible() const {
  std::vector<Transition> found;
  std::ranges::copy_if(transitions, std::back_inserter(found),
                       [this](const Transition &transition) { return transition.from == state->label; });
  return found;
}

// A label takes precedence over an id.
std::optional<Octets> Lifecycle::change(CdrIn &in) {
  uint8_t id;
  std::string label;
  in >> id >> label;
  for (const Transition &transition : possible()) {
    if (label.empty() ? transition.id != id : transition.label != label) continue;
    if (transition.label != hanging) return CdrOut() << run(transition);
    enter(stateNamed(transition.during));
    return std::nullopt;
  }
  return CdrOut() << false;
}

bool Lifecycle::run(const Transition &transition) {
  const bool succeeds = transition.label != failing;
  enter(stateNamed(transition.during));
  enter(stateNamed(succeeds ? transition.success : transition.failure));
  return succeeds;
}

// Announces it as lifecycle_msgs/msg/TransitionEvent. rcl fills in only the two states: no time, no transition.
void Lifecycle::enter(const State &goal) {
  const Opaque event{.cdr = CdrOut() << uint64_t{0} << uint8_t{0} << "" << *state << goal};
  state = &goal;
  events->write(&event);
}

bool Lifecycle::carryOut(const Command &command) {
  if (command.verb() != "transition") return false;
  for (const Transition &transition : possible()) {
    if (transition.label == command.word(1)) {
      run(transition);
      return true;
    }
  }
  throw Refused("no transition " + command.word(1) + " from " + state->label);
}

}  // namespace peer
