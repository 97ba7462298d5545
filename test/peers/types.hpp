// The message types that a peer can publish and subscribe to.
#pragma once

#include <cstddef>
#include <string>

#include "ros.h"

// name on the command line, C type, DDS type name, RIHS01 hash (REP 2016)
#define PEER_TYPES(X)                                                                                                \
  X("std_msgs/msg/String", std_msgs_msg_dds__String_, "std_msgs::msg::dds_::String_",                                \
    "df668c740482bbd48fb39d76a70dfd4bd59db1288021743503259e948f6b1a18")                                              \
  X("std_msgs/msg/Empty", std_msgs_msg_dds__Empty_, "std_msgs::msg::dds_::Empty_",                                   \
    "20b625256f32d5dbc0d04fee44f43c41e51c70d3502f84b4a08e7a9c26a96312")                                              \
  X("geometry_msgs/msg/Twist", geometry_msgs_msg_dds__Twist_, "geometry_msgs::msg::dds_::Twist_",                    \
    "9c45bf16fe0983d80e3cfe750d6835843d265a9a6c46bd2e609fcddde6fb8d2a")                                              \
  X("sensor_msgs/msg/LaserScan", sensor_msgs_msg_dds__LaserScan_, "sensor_msgs::msg::dds_::LaserScan_",              \
    "64c191398013af96509d518dac71d5164f9382553fce5c1f8cca5be7924bd828")                                              \
  X("sensor_msgs/msg/Image", sensor_msgs_msg_dds__Image_, "sensor_msgs::msg::dds_::Image_",                          \
    "d31d41a9a4c4bc8eae9be757b0beed306564f7526c88ea6a4588fb9582527d47")                                              \
  X("rcl_interfaces/msg/Log", rcl_interfaces_msg_dds__Log_, "rcl_interfaces::msg::dds_::Log_",                       \
    "e28ce254ca8abc06abf92773b74602cdbf116ed34fbaf294fb9f81da9f318eac")                                              \
  X("medkit_test_msgs/msg/AllTypes", medkit_test_msgs_msg_dds__AllTypes_, "medkit_test_msgs::msg::dds_::AllTypes_",  \
    "5958907f396cc7607ee625b6964f775474da643f87529f1c11973175c722b70d")                                              \
  X("rmw_dds_common/msg/ParticipantEntitiesInfo", rmw_dds_common_msg_dds__ParticipantEntitiesInfo_,                  \
    "rmw_dds_common::msg::dds_::ParticipantEntitiesInfo_",                                                           \
    "91a0593bacdcc50ea9bdcf849a938b128412cc1ea821245c663bcd26f83c295e")                                              \
  X("rmw_dds_common_humble/msg/ParticipantEntitiesInfo", rmw_dds_common_humble_msg_dds__ParticipantEntitiesInfo_,    \
    "rmw_dds_common::msg::dds_::ParticipantEntitiesInfo_", "")

namespace peer {

struct Type {
  const char *name;
  const char *ddsName;
  // 64 hex digits; empty if ROS announces none.
  const char *hash;
  // Null for a type without a C structure: its samples are `Opaque`.
  std::string (*json)(const void *sample);
  // Value number `index` of this type; `size` bytes of text or image if applicable (0: a few). Valid until the next
  // call. Null for a type that is not published on command.
  const void *(*value)(long index, size_t size);
};

// Null if the type is unknown.
const Type *findType(const std::string &name);

// User data of an endpoint of this type since Iron; empty if there is no hash.
std::string hashUserData(const Type &type);

}  // namespace peer
