// The `describe` command: a topic of a type without a definition elsewhere, and the service through which its node
// describes it.
#pragma once

#include "part.hpp"
#include "service-group.hpp"

namespace peer {

class TypeDescriber final : public Part {
  ServiceGroup services;
  std::unique_ptr<Writer> topic;

public:
  TypeDescriber(const Command &, Node &);
  Clock::time_point turn(Clock::time_point now) override { return services.turn(now); }
  void tally() const override { services.tally(); }
};

}  // namespace peer
