#include "parameter.hpp"

#include <algorithm>
#include <cmath>

namespace peer {

template <class T> CdrOut &operator<<(CdrOut &out, const ParameterRange<T> &range) {
  return out << range.from << range.to << range.step;
}

namespace {

const char *nameOf(ParameterType type) {
  static const char *const names[] = {"not set",    "bool",       "integer",       "double",       "string",
                                      "byte_array", "bool_array", "integer_array", "double_array", "string_array"};
  return names[static_cast<size_t>(type)];
}

// Both ends are allowed whatever the step.
bool allows(const ParameterRange<int64_t> &range, int64_t value) {
  if (value == range.from || value == range.to) return true;
  if (value < range.from || value > range.to) return false;
  return range.step == 0 || (value - range.from) % range.step == 0;
}

bool allows(const ParameterRange<double> &range, double value) {
  if (value == range.from || value == range.to) return true;
  // Also false for NaN.
  if (!(value > range.from && value < range.to)) return false;
  const double steps = (value - range.from) / range.step;
  return range.step == 0 || std::abs(steps - std::round(steps)) < 1e-9;
}

ParameterValue of(bool value) { return {.type = ParameterType::boolean, .boolean = value}; }
ParameterValue of(int64_t value) { return {.type = ParameterType::integer, .integer = value}; }
ParameterValue of(double value) { return {.type = ParameterType::number, .number = value}; }
ParameterValue of(const std::string &value) { return {.type = ParameterType::string, .string = value}; }
ParameterValue of(const char *value) { return of(std::string(value)); }
ParameterValue of(const std::vector<std::string> &value) { return {.type = ParameterType::strings, .strings = value}; }

}  // namespace

CdrOut &operator<<(CdrOut &out, const ParameterValue &value) {
  return out << static_cast<uint8_t>(value.type) << value.boolean << value.integer << value.number << value.string
             << value.octets << value.booleans << value.integers << value.numbers << value.strings;
}

CdrIn &operator>>(CdrIn &in, ParameterValue &value) {
  uint8_t type;
  in >> type >> value.boolean >> value.integer >> value.number >> value.string >> value.octets >> value.booleans >>
      value.integers >> value.numbers >> value.strings;
  if (type > static_cast<uint8_t>(ParameterType::strings)) throw Malformed("a parameter of no known type");
  value.type = static_cast<ParameterType>(type);
  return in;
}

CdrOut &operator<<(CdrOut &out, const Parameter &parameter) {
  return out << parameter.name << static_cast<uint8_t>(parameter.value.type) << parameter.description
             << parameter.constraints << parameter.readOnly << parameter.dynamic << parameter.numberRange
             << parameter.integerRange;
}

std::string Parameter::refusal(const ParameterValue &wanted) const {
  if (readOnly) return "parameter '" + name + "' cannot be set because it is read-only";
  if (!dynamic && wanted.type != value.type)
    return "Wrong parameter type, parameter {" + name + "} is of type {" + nameOf(value.type) + "}, setting it to {" +
           nameOf(wanted.type) + "} is not allowed.";
  for (const auto &range : integerRange)
    if (!allows(range, wanted.integer)) return "Parameter {" + name + "} doesn't comply with integer range.";
  for (const auto &range : numberRange)
    if (!allows(range, wanted.number)) return "Parameter {" + name + "} doesn't comply with floating point range.";
  if (!choices.empty() && std::ranges::find(choices, wanted.string) == choices.end())
    return "the robot knows no mode '" + wanted.string + "'";
  return "";
}

std::vector<Parameter> exampleParameters() {
  return {
      {.name = "use_sim_time", .value = of(false)},
      {.name = "flag", .value = of(true), .description = "A switch."},
      {.name = "big_number", .value = of(int64_t{9007199254740993})},
      {.name = "gain", .value = of(0.1)},
      {.name = "frame_id", .value = of("base_link"), .description = "Where measurements are."},
      {.name = "octets", .value = {.type = ParameterType::octets, .octets = {0, 1, 255}}},
      {.name = "flags", .value = {.type = ParameterType::booleans, .booleans = {true, false, true}}},
      {.name = "offsets", .value = {.type = ParameterType::integers, .integers = {INT64_MIN, 0, INT64_MAX}}},
      {.name = "gains", .value = {.type = ParameterType::numbers, .numbers = {0.5, -1.25}}},
      {.name = "joints", .value = {.type = ParameterType::strings, .strings = {"shoulder", "grüße", ""}}},
      {.name = "anything", .description = "It may have any type.", .dynamic = true},
      {.name = "serial_number", .value = of("SN-0042"), .readOnly = true},
      {.name = "retries",
       .value = of(int64_t{10}),
       .description = "How often it tries again.",
       .constraints = "in steps of five",
       .integerRange = {{0, 100, 5}}},
      {.name = "max_speed", .value = of(1.5), .description = "Metres a second.", .numberRange = {{0, 2.5, 0}}},
      {.name = "mode", .value = of("manual"), .constraints = "auto or manual", .choices = {"auto", "manual"}},
      {.name = "camera.rate", .value = of(int64_t{30})},
      {.name = "camera.exposure.automatic", .value = of(true)},
  };
}

std::vector<Parameter> beaconParameters(const std::string &entity) {
  std::vector<Parameter> parameters = {
      {.name = "entity_id", .value = of(entity)},
      {.name = "display_name", .value = of("Arm of the robot")},
      {.name = "stable_id", .value = of(true)},
      {.name = "process_id", .value = of(int64_t{4711})},
      {.name = "depends_on", .value = of(std::vector<std::string>{"base"})},
      {.name = "metadata.firmware", .value = of("2.4.1")},
      {.name = "surprise", .value = of("nobody asks for it")},
  };
  for (Parameter &parameter : parameters) parameter.name = "ros2_medkit.discovery." + parameter.name;
  return parameters;
}

}  // namespace peer
