// The `lifecycle` command: a managed node with the state machine of ROS 2.
#pragma once

#include "part.hpp"
#include "service-group.hpp"

namespace peer {

class Lifecycle final : public Part {
  struct State;
  struct Transition;
  static const std::vector<State> states;
  static const std::vector<Transition> transitions;
  static const State &stateNamed(const std::string &label);
  friend CdrOut &operator<<(CdrOut &, const State &);
  // Written as lifecycle_msgs/msg/TransitionDescription.
  friend CdrOut &operator<<(CdrOut &, const Transition &);

  // Labels of transitions that fail; empty if none does.
  const std::string failing;
  const std::string hanging;
  const State *state;
  ServiceGroup services;
  std::unique_ptr<Writer> events;

  std::vector<Transition> possible() const;
  std::optional<Octets> change(CdrIn &);
  void enter(const State &goal);
  // Returns false if it fails.
  bool run(const Transition &);

public:
  Lifecycle(const Command &, Node &);
  Clock::time_point turn(Clock::time_point now) override { return services.turn(now); }
  // `transition LABEL`: the node itself changes its state.
  bool carryOut(const Command &) override;
  void tally() const override { services.tally(); }
};

}  // namespace peer
