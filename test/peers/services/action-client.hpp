// The `goal` command: an action client that sends one goal, follows it to its end, and is then closed.
#pragma once

#include <optional>

#include "action-types.hpp"
#include "client.hpp"
#include "goal.hpp"
#include "part.hpp"

namespace peer {

class ActionClient final : public Part {
  const ActionType &type;
  const std::string name;
  const GoalId id;
  const std::vector<std::string> words;
  // Delay after the acceptance at which it cancels the goal.
  const std::optional<Clock::duration> cancelAfter;
  Client sender, canceller, results;
  std::unique_ptr<Reader> feedback;
  std::unique_ptr<Reader> status;
  std::optional<Clock::time_point> cancelAt;
  bool sent = false;
  bool finished = false;

  bool ready() const;
  void send();
  void answered(CdrIn &);
  void cancelled(CdrIn &);
  void ended(CdrIn &);
  void tellFeedback(const Opaque &);
  void tellStatus(const Opaque &);
  void tell(const char *event, const std::string &members) const;
  // Reports data of another type instead of throwing.
  void read(const Octets &, const std::function<void(CdrIn &)> &) const;

public:
  ActionClient(const Command &, Node &);
  Clock::time_point turn(Clock::time_point now) override;
  bool over() const override { return finished; }
};

}  // namespace peer
