// A message type for Fast DDS without fastddsgen, like the type supports of rmw_fastrtps.
#pragma once

#include <fastcdr/exceptions/Exception.h>

#include <cstring>

#include "../serialised.hpp"
#include "cdr.hpp"
#include "ros-type.hpp"

namespace peer {

template <class M> class TopicType final : public RosType {
  using Cdr = eprosima::fastcdr::Cdr;
  Cdr::Endianness endianness;

public:
  TopicType(const Type &type, bool bigEndian)
      : RosType(type), endianness(bigEndian ? Cdr::BIG_ENDIANNESS : Cdr::LITTLE_ENDIANNESS) {}

  bool serialize(void *data, Payload *payload) override {
    try {
      eprosima::fastcdr::FastBuffer buffer(reinterpret_cast<char *>(payload->data), payload->max_size);
      Cdr cdr(buffer, endianness, Cdr::DDS_CDR);
      payload->encapsulation = endianness == Cdr::BIG_ENDIANNESS ? CDR_BE : CDR_LE;
      cdr.serialize_encapsulation();
      fields(*static_cast<M *>(data), CdrWriter(cdr));
      payload->length = static_cast<uint32_t>(cdr.getSerializedDataLength());
      return true;
    } catch (const eprosima::fastcdr::exception::Exception &) {
      return false;
    }
  }

  bool deserialize(Payload *payload, void *data) override {
    M &m = *static_cast<M *>(data);
    fields(m, CdrRelease());
    memset(data, 0, sizeof(M));
    try {
      eprosima::fastcdr::FastBuffer buffer(reinterpret_cast<char *>(payload->data), payload->length);
      Cdr cdr(buffer, Cdr::DEFAULT_ENDIAN, Cdr::DDS_CDR);
      cdr.read_encapsulation();
      payload->encapsulation = cdr.endianness() == Cdr::BIG_ENDIANNESS ? CDR_BE : CDR_LE;
      fields(m, CdrReader(cdr));
      return true;
    } catch (const eprosima::fastcdr::exception::Exception &) {
      return false;
    }
  }

  std::function<uint32_t()> getSerializedSizeProvider(void *data) override {
    return [data] {
      CdrBound bound;
      fields(*static_cast<M *>(data), bound);
      return static_cast<uint32_t>(bound.octets + encapsulationOctets);
    };
  }

  void *createData() override { return calloc(1, sizeof(M)); }

  void deleteData(void *data) override {
    fields(*static_cast<M *>(data), CdrRelease());
    free(data);
  }
};

}  // namespace peer
