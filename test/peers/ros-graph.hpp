// The ROS 2 graph as an RMW publishes it on `ros_discovery_info`: the nodes of a participant and their endpoints.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "dds.hpp"

namespace peer {

class RosGraph {
public:
  struct Node {
    std::vector<Guid> readers;
    std::vector<Guid> writers;
  };

  // `gidOctets`: 16 as since Iron, or 24 as in Humble.
  RosGraph(Participant &participant, int gidOctets);

  // By fully qualified name. Call announce() after a change.
  std::map<std::string, Node> nodes;
  void announce();
  void add(const std::string &fqn, const std::vector<Guid> &readers, const std::vector<Guid> &writers);
  void remove(const std::string &fqn, const std::vector<Guid> &readers, const std::vector<Guid> &writers);

  // Prints what other participants announce.
  void report();

private:
  const Guid participant;
  const int gidOctets;
  const Type &type;
  std::unique_ptr<Reader> reader;
  std::unique_ptr<Writer> writer;
};

}  // namespace peer
