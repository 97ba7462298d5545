#include "node.hpp"

#include "type-hashes.hpp"

namespace peer {

std::string ddsTypeName(const std::string &type) {
  const size_t first = type.find('/');
  const size_t second = type.find('/', first + 1);
  if (first == std::string::npos || second == std::string::npos) throw Refused("no name of a type: " + type);
  return type.substr(0, first) + "::" + type.substr(first + 1, second - first - 1) + "::dds_::" +
         type.substr(second + 1);
}

Qos Node::completed(Qos qos, const std::string &ddsName) const {
  const std::string hash = announcesHashes ? typeHash(ddsName) : "";
  if (!hash.empty()) qos.userData += "typehash=RIHS01_" + hash + ";";
  return qos;
}

std::unique_ptr<Writer> Node::writer(const std::string &topic, const std::string &ddsName, const Qos &qos) {
  auto made = participant.writer(topic, Type{.ddsName = ddsName.c_str()}, completed(qos, ddsName));
  writers.push_back(made->guid());
  return made;
}

std::unique_ptr<Reader> Node::reader(const std::string &topic, const std::string &ddsName, const Qos &qos) {
  auto made = participant.reader(topic, Type{.ddsName = ddsName.c_str()}, completed(qos, ddsName));
  readers.push_back(made->guid());
  return made;
}

}  // namespace peer
