// A service client, in the style of the vendor's RMW.
#pragma once

#include <functional>

#include "../node.hpp"
#include "../rmw.hpp"

namespace peer {

class Client {
public:
  Client(Node &, std::string name, const std::string &type);

  const std::string name;

  // Returns whether a server is matched in both directions.
  bool ready() const { return requests->matched > 0 && responses->matched > 0; }
  // Returns the number that identifies the response.
  int64_t send(const Octets &body);
  // Passes on the available responses, except those to other clients' requests.
  void take(const std::function<void(const rmw::Call &)> &each);

private:
  std::unique_ptr<Writer> requests;
  std::unique_ptr<Reader> responses;
  Guid client;
  int64_t sequence = 0;
};

}  // namespace peer
