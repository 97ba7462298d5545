// The `log` command: messages of a node on /rosout.
#pragma once

#include "../node.hpp"
#include "part.hpp"

namespace peer {

class Log final : public Part {
  const std::string node;
  std::unique_ptr<Writer> rosout;

  void write(const Command &);

public:
  Log(const Command &, Node &);
  Clock::time_point turn(Clock::time_point) override { return Clock::time_point::max(); }
  // `log LEVEL TEXT …` of the same node.
  bool carryOut(const Command &) override;
};

}  // namespace peer
