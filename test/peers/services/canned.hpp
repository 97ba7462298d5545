// Service types with predefined behaviour: the responses of the peers' servers and the requests of their clients.
#pragma once

#include <string>
#include <vector>

#include "../serialised.hpp"

namespace peer {

struct CannedService {
  const char *type;
  // Builds the response. Throws Malformed. Null for a service that the peers only call.
  Octets (*answer)(CdrIn &request);
  // Builds a request from the words of a command, see README.md.
  Octets (*ask)(const std::vector<std::string> &words);
  // Formats a response as JSON. Throws Malformed.
  std::string (*tell)(CdrIn &response);
};

// Throws Refused if the type is unknown.
const CannedService &cannedService(const std::string &type);

// Services of parameters and managed nodes, to call other nodes.
extern const std::vector<CannedService> nodeServices;

}  // namespace peer
