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
  // The arguments, in which `{n}` and `{now}` are filled in anew for each request.
  const std::vector<std::string> words;
  const bool quiet;
  const long count;
  // Between two requests; none where they go out as fast as they are answered.
  const Clock::duration pause;
  // How many may be under way at once.
  const size_t parallel;
  const Clock::duration timeout;
  // How long it does nothing whenever all that may be under way are.
  const Clock::duration nap;
  Clock::time_point awake{};
  std::map<int64_t, Clock::time_point> underWay;
  std::vector<double> milliseconds;
  long asked = 0;
  long lost = 0;
  Clock::time_point start{};
  bool finished = false;

  Octets nextRequest() const;
  void answered(const rmw::Call &response);
  void finish();

public:
  Caller(const Command &, Node &);
  Clock::time_point turn(Clock::time_point now) override;
  bool over() const override { return finished; }
};

}  // namespace peer
