// The publishers and subscriptions of a peer, and their periodic work.
#pragma once

#include <memory>
#include <string>

#include "command.hpp"
#include "dds.hpp"

namespace peer {

// Reports an endpoint to the test: its GUID at its creation, later its matches and incompatible partners.
class Reported {
  const char *role;
  int matched = 0;
  int incompatible = 0;

public:
  const std::string topic;
  // FQN of its node; empty if there is none.
  const std::string node;

  Reported(const char *whatItIs, std::string topicName, std::string nodeName)
      : role(whatItIs), topic(std::move(topicName)), node(std::move(nodeName)) {}

  void made(const Endpoint &endpoint) const;
  void changed(const Endpoint &endpoint);
};

class Publication : public Reported {
  const Type &type;
  const size_t size;
  const bool quiet;
  // Samples a second; 0 for the maximum rate.
  const double rate;
  // Number of samples that it publishes without a command.
  const long count;
  // Number of matched subscriptions that it waits for.
  const int waitFor;
  long written = 0;
  bool finished = false;
  Clock::time_point start;
  Clock::time_point end;

  // Waits for acknowledgements between turns, then reports the result.
  Clock::time_point finish(Clock::time_point now);

public:
  std::unique_ptr<Writer> writer;

  Publication(const Command &, std::string node, Participant &, const Type &, const Qos &);
  void write(long index);
  // Publishes what is due. Returns when it wants to run again.
  Clock::time_point turn(Clock::time_point now);
};

class Subscription : public Reported {
  const Type &type;
  const bool quiet;
  // Reports after this many samples.
  const long count;
  long received = 0;
  Clock::time_point first;
  Clock::time_point last;

public:
  std::unique_ptr<Reader> reader;

  Subscription(const Command &, std::string node, Participant &, const Type &, const Qos &);
  void take();
  void tally() const;
};

}  // namespace peer
