// Service types with a behaviour known beforehand: what the peers' servers answer and their clients ask.
#pragma once

#include <string>
#include <vector>

#include "../serialised.hpp"

namespace peer {

struct CannedService {
  const char *type;
  // What a server answers. Throws Malformed. Null for a service that the peers only call.
  Octets (*answer)(CdrIn &request);
  // A request from the words of a command, as README.md has them.
  Octets (*ask)(const std::vector<std::string> &words);
  // A response as JSON. Throws Malformed.
  std::string (*tell)(CdrIn &response);
};

// Throws Refused where there is no such type.
const CannedService &cannedService(const std::string &type);

// Those of parameters and managed nodes, to ask nodes of others.
extern const std::vector<CannedService> nodeServices;

}  // namespace peer
