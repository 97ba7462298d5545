// Common base of all ROS 2 types for Fast DDS.
#pragma once

#include <fastdds/dds/topic/TopicDataType.hpp>

#include "../types.hpp"

namespace peer {

class RosType : public eprosima::fastdds::dds::TopicDataType {
protected:
  using Payload = eprosima::fastrtps::rtps::SerializedPayload_t;

public:
  explicit RosType(const Type &type) {
    setName(type.ddsName);
    // Initial size: the history's payloads grow as needed.
    m_typeSize = 256;
    m_isGetKeyDefined = false;
    // ROS 2 announces no XTypes information.
    auto_fill_type_object(false);
    auto_fill_type_information(false);
  }

  bool getKey(void *, eprosima::fastrtps::rtps::InstanceHandle_t *, bool) final { return false; }
};

}  // namespace peer
