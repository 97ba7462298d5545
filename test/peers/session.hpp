// A peer at work: carries out commands and everything its endpoints do between them.
#pragma once

#include <list>
#include <memory>
#include <string>

#include "endpoints.hpp"
#include "ros-graph.hpp"
#include "services/parts.hpp"

namespace peer {

class Session {
  Participant &participant;
  const int gidOctets;
  // Made with the first node: a peer without nodes is a plain DDS program.
  std::unique_ptr<RosGraph> graph;
  std::string node;
  std::list<Publication> publications;
  std::list<Subscription> subscriptions;
  Parts parts;

  Qos qosOf(const Command &, const Type &) const;
  void openNode(const std::string &fqn);
  void publish(const Command &);
  void subscribe(const Command &);
  void write(const Command &);
  void close(const std::string &topic);
  void closeNode(const std::string &fqn);
  void tally() const;

public:
  Session(Participant &owner, int gidOctetCount) : participant(owner), gidOctets(gidOctetCount) {}

  // False for `quit`. Throws Refused for what cannot be done.
  bool run(const std::string &line);
  // Reports what is new, publishes what is due; gives when it wants to be called at the latest.
  Clock::time_point turn();
};

}  // namespace peer
