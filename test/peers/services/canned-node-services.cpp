#include "../dds.hpp"
#include "../events.hpp"
#include "canned.hpp"
#include "parameter.hpp"

namespace peer {

namespace {

using Words = std::vector<std::string>;

template <class T, class Text> std::string listed(const std::vector<T> &values, const Text &text) {
  std::string list;
  for (const T &value : values) list += (list.empty() ? "" : ",") + text(value);
  return "[" + list + "]";
}

std::string truth(bool value) { return value ? "true" : "false"; }

// Scalars only: 64-bit integers as strings, as everywhere.
std::string told(const ParameterValue &value) {
  switch (value.type) {
    case ParameterType::boolean: return truth(value.boolean);
    case ParameterType::integer: return quoted(std::to_string(value.integer));
    case ParameterType::number: return std::to_string(value.number);
    case ParameterType::string: return quoted(value.string);
    default: return "null";
  }
}

std::string toldResult(CdrIn &in) {
  bool successful;
  std::string reason;
  in >> successful >> reason;
  return "{\"successful\":" + truth(successful) + ",\"reason\":" + quoted(reason) + "}";
}

// `NAME TYPE VALUE`
Octets askSet(const Words &words) {
  if (words.size() != 3) throw Refused("a parameter wants its name, type and value");
  const std::string &text = words[2];
  ParameterValue value;
  if (words[1] == "int") value = {.type = ParameterType::integer, .integer = std::stoll(text)};
  else if (words[1] == "double") value = {.type = ParameterType::number, .number = std::stod(text)};
  else if (words[1] == "bool") value = {.type = ParameterType::boolean, .boolean = text == "true"};
  else value = {.type = ParameterType::string, .string = text};
  return CdrOut() << uint32_t{1} << words[0] << value;
}

std::string toldState(CdrIn &in) {
  uint8_t id;
  std::string label;
  in >> id >> label;
  return "{\"id\":" + std::to_string(id) + ",\"label\":" + quoted(label) + "}";
}

}  // namespace

const std::vector<CannedService> nodeServices = {
    // `PREFIX …`
    {"rcl_interfaces/srv/ListParameters", nullptr,
     [](const Words &words) -> Octets { return CdrOut() << words << uint64_t{0}; },
     [](CdrIn &in) {
       std::vector<std::string> names, prefixes;
       in >> names >> prefixes;
       return "{\"names\":" + listed(names, quoted) + ",\"prefixes\":" + listed(prefixes, quoted) + "}";
     }},
    // `NAME …`
    {"rcl_interfaces/srv/GetParameters", nullptr,
     [](const Words &words) -> Octets { return CdrOut() << words; },
     [](CdrIn &in) {
       std::vector<ParameterValue> values;
       in >> values;
       return "{\"values\":" + listed(values, told) + "}";
     }},
    {"rcl_interfaces/srv/SetParameters", nullptr, askSet,
     [](CdrIn &in) {
       uint32_t count;
       in >> count;
       if (count != 1) throw Malformed("one result for one parameter");
       return toldResult(in);
     }},
    {"lifecycle_msgs/srv/GetState", nullptr,
     [](const Words &) -> Octets { return CdrOut() << uint8_t{0}; }, toldState},
    // `LABEL`
    {"lifecycle_msgs/srv/ChangeState", nullptr,
     [](const Words &words) -> Octets { return CdrOut() << uint8_t{0} << (words.empty() ? "" : words[0]); },
     [](CdrIn &in) {
       bool success;
       in >> success;
       return "{\"success\":" + truth(success) + "}";
     }},
};

}  // namespace peer
