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

  // A server is matched both ways.
  bool ready() const { return requests->matched > 0 && responses->matched > 0; }
  // Gives the number by which the response is known.
  int64_t send(const Octets &body);
  // Hands on the responses that are there, those to requests of others left out.
  void take(const std::function<void(const rmw::Call &)> &each);

private:
  std::unique_ptr<Writer> requests;
  std::unique_ptr<Reader> responses;
  Guid client;
  int64_t sequence = 0;
};

}  // namespace peer
