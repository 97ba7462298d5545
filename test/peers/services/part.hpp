// A part of a peer's node besides plain topics: it offers or calls services and actions, has parameters or a lifecycle.
#pragma once

#include "../command.hpp"

namespace peer {

struct Part {
  virtual ~Part() = default;
  // Does what is due. Returns when it must run again at the latest; it also runs whenever data arrives.
  virtual Clock::time_point turn(Clock::time_point now) = 0;
  // Returns whether it is finished and can be closed.
  virtual bool over() const { return false; }
  // Executes a later command; returns false if the command is not for it.
  virtual bool carryOut(const Command &) { return false; }
  // Prints its counters.
  virtual void tally() const {}
};

}  // namespace peer
