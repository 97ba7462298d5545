// The `call` command: a client that sends a number of requests, prints the responses, and is then closed.
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
  // The arguments; `{n}` and `{now}` are replaced for each request.
  const std::vector<std::string> words;
  const bool quiet;
  const long count;
  // Pause between two requests; zero for the maximum rate.
  const Clock::duration pause;
  // Maximum concurrent requests.
  const size_t parallel;
  const Clock::duration timeout;
  // Pause whenever the maximum of concurrent requests is reached.
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
