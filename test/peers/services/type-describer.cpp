#include "type-describer.hpp"

#include "../type-hashes.hpp"

namespace peer {

namespace {

// medkit_strange_msgs/msg/Reading: string label, float64[] values, Inner[2] parts, int64 count;
// Inner: uint8 id, string<=8 note.
constexpr const char *typeName = "medkit_strange_msgs/msg/Reading";
constexpr const char *innerName = "medkit_strange_msgs/msg/Inner";

// type_description_interfaces/msg/Field with the numbers of msg/FieldType.
struct Field {
  std::string name;
  uint8_t type;
  uint64_t capacity = 0;
  uint64_t stringCapacity = 0;
  std::string nested = "";
};

// type_description_interfaces/msg/IndividualTypeDescription.
struct Description {
  std::string name;
  std::vector<Field> fields;
};

CdrOut &operator<<(CdrOut &out, const Description &description) {
  out << description.name << static_cast<uint32_t>(description.fields.size());
  for (const Field &field : description.fields)
    out << field.name << field.type << field.capacity << field.stringCapacity << field.nested << "";
  return out;
}

const Description reading = {typeName, {{"label", 17}, {"values", 155}, {"parts", 49, 2, 0, innerName}, {"count", 8}}};
const Description inner = {innerName, {{"id", 3}, {"note", 21, 0, 8}}};

Octets describe(CdrIn &in) {
  std::string type, hash;
  bool withSources;
  in >> type >> hash >> withSources;
  const bool known = type == typeName && hash == "RIHS01_" + typeHash(ddsTypeName(typeName) + "_");
  CdrOut out;
  out << known << (known ? "" : "this type is not known here");
  if (known) out << reading << uint32_t{1} << inner;
  else out << Description{} << uint32_t{0};
  // Neither sources nor further information.
  return out << uint32_t{0} << uint32_t{0};
}

}  // namespace

TypeDescriber::TypeDescriber(const Command &command, Node &node) {
  services.add(node, node.below("get_type_description"), "type_description_interfaces/srv/GetTypeDescription",
               ServiceOptions(command), [](CdrIn &in, const rmw::Call &) { return describe(in); });
  Qos latched;
  latched.transientLocal = true;
  latched.depth = 1;
  topic = node.writer("rt" + command.topic(), ddsTypeName(typeName) + "_", latched);
  const Opaque sample{.cdr = CdrOut() << "grüße" << std::vector<double>{0.5, -1e300} << uint8_t{1} << "first"
                                      << uint8_t{2} << "12345678" << int64_t{9007199254740993}};
  topic->write(&sample);
}

}  // namespace peer
