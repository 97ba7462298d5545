// The `call` command: a client that asks a number of times, prints what it is answered, and is over.
#pragma once

#include <map>
#include <vector>

#include "../command.hpp"
#include "canned.hpp"
#include "client.hpp"
#include "part.hpp"

namespace peer {

class Caller final : public Part {
  const CannedService &service;
  Client client;
  const Octets request;
  const bool quiet;
  const long count;
  // How many may be under way at once.
  const size_t parallel;
  const Clock::duration timeout;
  std::map<int64_t, Clock::time_point> underWay;
  std::vector<double> milliseconds;
  long asked = 0;
  long lost = 0;
  Clock::time_point start{};
  bool finished = false;

  void answered(const rmw::Call &response);
  void finish();

public:
  Caller(const Command &, Node &);
  Clock::time_point turn(Clock::time_point now) override;
  bool over() const override { return finished; }
};

}  // namespace peer
