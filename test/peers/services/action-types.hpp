// Action types with a behaviour known beforehand: how many steps a goal takes, and what each of them tells.
#pragma once

#include <string>
#include <vector>

#include "../serialised.hpp"

namespace peer {

struct ActionType {
  const char *type;
  // The goal's steps. Throws Malformed.
  int (*steps)(CdrIn &goal);
  // Feedback after so many of them, and the result after so many, which may say why the goal was aborted.
  void (*feedback)(CdrOut &, int done, int steps);
  void (*result)(CdrOut &, int done, bool aborted);
  // A goal from the words of a command.
  void (*goal)(CdrOut &, const std::vector<std::string> &words);
  // As JSON. Throw Malformed.
  std::string (*tellFeedback)(CdrIn &);
  std::string (*tellResult)(CdrIn &);
};

// Throws Refused where there is no such type.
const ActionType &actionType(const std::string &type);

}  // namespace peer
