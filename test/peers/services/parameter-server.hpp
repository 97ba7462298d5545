// The `parameters` command: parameters of a node, offered like by rclcpp.
#pragma once

#include <vector>

#include "parameter.hpp"
#include "part.hpp"
#include "service-group.hpp"

namespace peer {

class ParameterServer final : public Part {
  const std::string node;
  std::vector<Parameter> parameters = exampleParameters();
  ServiceGroup services;
  std::unique_ptr<Writer> events;

  Parameter *find(const std::string &name);
  // Returns the parameters named in a request; empty if one of them is not declared, like rclcpp.
  std::vector<const Parameter *> asked(CdrIn &);

  Octets get(CdrIn &);
  Octets getTypes(CdrIn &);
  Octets describe(CdrIn &);
  Octets list(CdrIn &);
  Octets set(CdrIn &);
  Octets setAtomically(CdrIn &);

  struct Setting {
    std::string name;
    ParameterValue value;
  };
  friend CdrIn &operator>>(CdrIn &, Setting &);
  friend CdrOut &operator<<(CdrOut &, const Setting &);

  std::string refusal(const Setting &);
  void apply(const Setting &);

public:
  ParameterServer(const Command &, Node &);
  Clock::time_point turn(Clock::time_point now) override { return services.turn(now); }
  // `set NAME VALUE`: the node itself changes a parameter.
  bool carryOut(const Command &) override;
  void tally() const override { services.tally(); }
};

}  // namespace peer
