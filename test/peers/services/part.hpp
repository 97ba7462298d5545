// What a node of a peer does besides plain topics: it offers or calls services and actions, has parameters or a lifecycle.
#pragma once

#include "../command.hpp"

namespace peer {

struct Part {
  virtual ~Part() = default;
  // Does what is due. Gives when it wants to be asked again at the latest; it is also asked whenever something arrives.
  virtual Clock::time_point turn(Clock::time_point now) = 0;
  // It has nothing more to do and can be closed.
  virtual bool over() const { return false; }
  // Carries out a later command; false for one that is none for it.
  virtual bool carryOut(const Command &) { return false; }
  // Prints what it counts.
  virtual void tally() const {}
};

}  // namespace peer
