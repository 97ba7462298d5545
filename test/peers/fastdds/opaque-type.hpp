// A type whose samples Fast DDS passes on undecoded.
#pragma once

#include <cstring>

#include "../opaque.hpp"
#include "ros-type.hpp"

namespace peer {

class OpaqueType final : public RosType {
  static Octets &octetsOf(void *data) { return static_cast<Opaque *>(data)->cdr; }

public:
  using RosType::RosType;

  bool serialize(void *data, Payload *payload) override {
    const Octets &cdr = octetsOf(data);
    if (cdr.size() > payload->max_size) return false;
    memcpy(payload->data, cdr.data(), cdr.size());
    payload->length = static_cast<uint32_t>(cdr.size());
    payload->encapsulation = CDR_LE;
    return true;
  }

  bool deserialize(Payload *payload, void *data) override {
    octetsOf(data).assign(payload->data, payload->data + payload->length);
    return true;
  }

  std::function<uint32_t()> getSerializedSizeProvider(void *data) override {
    return [data] { return static_cast<uint32_t>(octetsOf(data).size()); };
  }

  void *createData() override { return new Opaque; }
  void deleteData(void *data) override { delete static_cast<Opaque *>(data); }
};

}  // namespace peer
