// The publishers and subscriptions of a peer, and what each has to do on its own.
#pragma once

#include <memory>
#include <string>

#include "command.hpp"
#include "dds.hpp"

namespace peer {

// What a test is told of any endpoint: its GUID when it is made, later its matches and incompatible partners.
class Reported {
  const char *role;
  int matched = 0;
  int incompatible = 0;

public:
  const std::string topic;
  // FQN of the node it belongs to; empty for none.
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
  // Samples a second; 0 as fast as they go.
  const double rate;
  // How many it publishes unasked.
  const long count;
  // It begins with this many matched subscriptions.
  const int waitFor;
  long written = 0;
  bool finished = false;
  Clock::time_point start;
  Clock::time_point end;

  // Waits for acknowledgements between turns, then says how it went.
  Clock::time_point finish(Clock::time_point now);

public:
  std::unique_ptr<Writer> writer;

  Publication(const Command &, std::string node, Participant &, const Type &, const Qos &);
  void write(long index);
  // Publishes what is due. Gives when it wants to be asked again.
  Clock::time_point turn(Clock::time_point now);
};

class Subscription : public Reported {
  const Type &type;
  const bool quiet;
  // Says so after this many samples.
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
