// The `action` command: an action server.
#pragma once

#include "action-types.hpp"
#include "goal.hpp"
#include "part.hpp"
#include "service-group.hpp"

namespace peer {

class ActionServer final : public Part {
  struct Goal {
    GoalInfo info;
    int steps;
    GoalStatus status = GoalStatus::accepted;
    int done = 0;
    Clock::time_point nextStep;
    // Calls that wait for the result.
    std::list<rmw::Call> waiting = {};

    bool ended() const { return status >= GoalStatus::succeeded; }
  };

  const ActionType &type;
  const std::string name;
  const Clock::duration interval;
  const bool rejects, refusesCancel, aborts, hangs;
  std::list<Goal> goals;
  ServiceGroup services;
  Service *results = nullptr;
  std::unique_ptr<Writer> feedback;
  std::unique_ptr<Writer> status;

  Octets accept(CdrIn &);
  Octets cancel(CdrIn &);
  std::optional<Octets> result(CdrIn &, const rmw::Call &);
  Octets resultOf(const Goal &) const;
  Goal *find(const GoalId &);
  void become(Goal &, GoalStatus);
  Clock::time_point advance(Goal &, Clock::time_point now);
  void publishStatus();

public:
  ActionServer(const Command &, Node &);
  Clock::time_point turn(Clock::time_point now) override;
  void tally() const override { services.tally(); }
};

}  // namespace peer
