// Events of a peer for the test: one JSON object per line on standard output.
#pragma once

#include <string>

#include "dds.hpp"

namespace peer {

std::string quoted(const std::string &text);
std::string hex(const Guid &guid);

// Prints {"event":"<name>",<members>}; `members` is JSON without the braces.
void emit(const char *name, const std::string &members);

}  // namespace peer
