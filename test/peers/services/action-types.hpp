// Action types with predefined behaviour: the number of steps of a goal, and the feedback of each.
#pragma once

#include <string>
#include <vector>

#include "../serialised.hpp"

namespace peer {

struct ActionType {
  const char *type;
  // The goal's steps. Throws Malformed.
  int (*steps)(CdrIn &goal);
  // Feedback and result after `done` steps; the result may contain the reason of an abort.
  void (*feedback)(CdrOut &, int done, int steps);
  void (*result)(CdrOut &, int done, bool aborted);
  // Builds a goal from the words of a command.
  void (*goal)(CdrOut &, const std::vector<std::string> &words);
  // Format as JSON. Throw Malformed.
  std::string (*tellFeedback)(CdrIn &);
  std::string (*tellResult)(CdrIn &);
};

// Throws Refused if the type is unknown.
const ActionType &actionType(const std::string &type);

}  // namespace peer
