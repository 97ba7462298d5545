// Common parts of action messages (action_msgs).
#pragma once

#include <string>

#include "../dds.hpp"
#include "../events.hpp"
#include "stamp.hpp"

namespace peer {

// unique_identifier_msgs/msg/UUID has as many bytes as a GUID.
using GoalId = Guid;

// action_msgs/msg/GoalStatus.
enum class GoalStatus : int8_t { unknown, accepted, executing, canceling, succeeded, canceled, aborted };

// action_msgs/srv/CancelGoal.
enum class CancelCode : int8_t { none, rejected, unknownGoal, terminated };

// action_msgs/msg/GoalInfo.
struct GoalInfo {
  GoalId id{};
  Stamp stamp;
};

inline CdrOut &operator<<(CdrOut &out, const GoalInfo &info) { return out << info.id << info.stamp; }
inline CdrIn &operator>>(CdrIn &in, GoalInfo &info) { return in >> info.id >> info.stamp; }

// RFC 9562: lower case with dashes.
inline std::string uuidText(const GoalId &id) {
  std::string text = hex(id);
  for (const size_t at : {8u, 13u, 18u, 23u}) text.insert(at, "-");
  return text;
}

// Returns the name of an action's service or topic: `/x/_action/send_goal`.
inline std::string partOfAction(const std::string &action, const char *part) { return action + "/_action/" + part; }

constexpr const char *statusTypeName = "action_msgs::msg::dds_::GoalStatusArray_";
constexpr const char *cancelType = "action_msgs/srv/CancelGoal";

}  // namespace peer
