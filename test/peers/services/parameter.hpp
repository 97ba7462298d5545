// One parameter of a node: its value as rcl_interfaces/msg/ParameterValue, and its constraints.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "../serialised.hpp"

namespace peer {

// rcl_interfaces/msg/ParameterType.
enum class ParameterType : uint8_t {
  notSet,
  boolean,
  integer,
  number,
  string,
  octets,
  booleans,
  integers,
  numbers,
  strings,
};

struct ParameterValue {
  ParameterType type = ParameterType::notSet;
  bool boolean = false;
  int64_t integer = 0;
  double number = 0;
  std::string string;
  Octets octets;
  std::vector<bool> booleans;
  std::vector<int64_t> integers;
  std::vector<double> numbers;
  std::vector<std::string> strings;
};

CdrOut &operator<<(CdrOut &, const ParameterValue &);
CdrIn &operator>>(CdrIn &, ParameterValue &);

template <class T> struct ParameterRange {
  T from{};
  T to{};
  T step{};
};

struct Parameter {
  std::string name;
  ParameterValue value;
  std::string description;
  std::string constraints;
  bool readOnly = false;
  bool dynamic = false;
  // Declared with a type and without a value.
  bool unset = false;
  // At most one each, as in rcl_interfaces/msg/ParameterDescriptor.
  std::vector<ParameterRange<double>> numberRange;
  std::vector<ParameterRange<int64_t>> integerRange;
  // Values that the node accepts; empty for any.
  std::vector<std::string> choices;

  // Returns why it cannot be set to this value, with rclcpp's text; empty if it can.
  std::string refusal(const ParameterValue &) const;
};

// Written as rcl_interfaces/msg/ParameterDescriptor, which `ros2 param describe` prints.
CdrOut &operator<<(CdrOut &, const Parameter &);

// One of each type, one that is read-only, one with dynamic typing, two with ranges, one with restricted values, and
// some in namespaces: seventeen.
std::vector<Parameter> exampleParameters();

// The parameters of this entity that medkit's parameter beacon reads; one of them has a wrong type.
std::vector<Parameter> beaconParameters(const std::string &entity);

}  // namespace peer
