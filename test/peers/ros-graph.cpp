#include "ros-graph.hpp"

#include <cstring>

#include "events.hpp"

namespace peer {

namespace {

const char topicName[] = "ros_discovery_info";

const Type &typeFor(int gidOctets) {
  return *findType(gidOctets == 24 ? "rmw_dds_common_humble/msg/ParticipantEntitiesInfo"
                                   : "rmw_dds_common/msg/ParticipantEntitiesInfo");
}

// A Humble gid is the GUID followed by eight zeros.
template <class Gid> Gid gidOf(const Guid &guid) {
  Gid gid{};
  memcpy(gid.data, guid.data(), guid.size());
  return gid;
}

template <class S, class T> void point(S &sequence, std::vector<T> &elements) {
  sequence._buffer = elements.data();
  sequence._length = sequence._maximum = static_cast<uint32_t>(elements.size());
}

template <class Gid> std::vector<Gid> gidsOf(const std::vector<Guid> &guids) {
  std::vector<Gid> gids;
  for (const Guid &guid : guids) gids.push_back(gidOf<Gid>(guid));
  return gids;
}

// Info, Entities and Gid are the structures of one of the two layouts.
template <class Info, class Entities, class Gid>
void write(Writer &writer, const Guid &participant, const std::map<std::string, RosGraph::Node> &nodes) {
  struct Row {
    std::string space, name;
    std::vector<Gid> readers, writers;
  };
  std::vector<Row> rows;
  for (const auto &[fqn, node] : nodes) {
    const size_t slash = fqn.rfind('/');
    rows.push_back({slash == 0 ? "/" : fqn.substr(0, slash), fqn.substr(slash + 1), gidsOf<Gid>(node.readers),
                    gidsOf<Gid>(node.writers)});
  }
  std::vector<Entities> entities;
  for (Row &row : rows) {
    Entities entry{};
    entry.node_namespace = row.space.data();
    entry.node_name = row.name.data();
    point(entry.reader_gid_seq, row.readers);
    point(entry.writer_gid_seq, row.writers);
    entities.push_back(entry);
  }
  Info info{};
  info.gid = gidOf<Gid>(participant);
  point(info.node_entities_info_seq, entities);
  writer.write(&info);
}

}  // namespace

RosGraph::RosGraph(Participant &owner, int octets)
    : participant(owner.guid()), gidOctets(octets), type(typeFor(octets)) {
  Qos qos;
  qos.transientLocal = true;
  qos.userData = hashUserData(type);
  qos.keepAll = true;
  reader = owner.reader(topicName, type, qos);
  qos.keepAll = false;
  qos.depth = 1;
  writer = owner.writer(topicName, type, qos);
}

void RosGraph::announce() {
  if (gidOctets == 24) {
    write<rmw_dds_common_humble_msg_dds__ParticipantEntitiesInfo_, rmw_dds_common_humble_msg_dds__NodeEntitiesInfo_,
          rmw_dds_common_humble_msg_dds__Gid_>(*writer, participant, nodes);
  } else {
    write<rmw_dds_common_msg_dds__ParticipantEntitiesInfo_, rmw_dds_common_msg_dds__NodeEntitiesInfo_,
          rmw_dds_common_msg_dds__Gid_>(*writer, participant, nodes);
  }
}

void RosGraph::add(const std::string &fqn, const std::vector<Guid> &readers, const std::vector<Guid> &writers) {
  Node &node = nodes[fqn];
  node.readers.insert(node.readers.end(), readers.begin(), readers.end());
  node.writers.insert(node.writers.end(), writers.begin(), writers.end());
}

void RosGraph::remove(const std::string &fqn, const std::vector<Guid> &readers, const std::vector<Guid> &writers) {
  const auto node = nodes.find(fqn);
  if (node == nodes.end()) return;
  for (const Guid &guid : readers) std::erase(node->second.readers, guid);
  for (const Guid &guid : writers) std::erase(node->second.writers, guid);
}

void RosGraph::report() {
  reader->take([this](const void *sample) { emit("graph", "\"value\":" + type.json(sample)); });
}

}  // namespace peer
