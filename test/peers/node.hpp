// A node of a peer. Opens endpoints by type name, with the user data of an RMW.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "dds.hpp"

namespace peer {

// DDS name of `rcl_interfaces/srv/GetParameters`, without the underscore at its end.
std::string ddsTypeName(const std::string &type);

class Node {
  Participant &participant;
  // False for Humble.
  const bool announcesHashes;

  Qos completed(Qos, const std::string &ddsName) const;

public:
  // Empty if there is none.
  const std::string fqn;
  // Endpoints opened through this node.
  std::vector<Guid> readers;
  std::vector<Guid> writers;

  Node(Participant &owner, bool withHashes, std::string name)
      : participant(owner), announcesHashes(withHashes), fqn(std::move(name)) {}

  Guid participantGuid() const { return participant.guid(); }
  // `/robot/arm` and `get_state`: `/robot/arm/get_state`.
  std::string below(const std::string &name) const { return fqn + "/" + name; }

  // Both handle `Opaque` samples. `topic` as on the wire; `ddsName` is the DDS type name.
  std::unique_ptr<Writer> writer(const std::string &topic, const std::string &ddsName, const Qos &);
  std::unique_ptr<Reader> reader(const std::string &topic, const std::string &ddsName, const Qos &);
};

}  // namespace peer
