// A running peer: executes commands, and the periodic work of its endpoints between them.
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
  // Created with the first node: a peer without nodes is a plain DDS program.
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

  // Returns false for `quit`. Throws Refused for an impossible command.
  bool run(const std::string &line);
  // Reports news and publishes what is due; returns when it must run again at the latest.
  Clock::time_point turn();
};

}  // namespace peer
