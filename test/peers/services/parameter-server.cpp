#include "parameter-server.hpp"

#include <algorithm>
#include <set>

#include "../events.hpp"
#include "stamp.hpp"

namespace peer {

namespace {

// rmw_qos_profile_parameters, rmw_qos_profile_parameter_events.
constexpr int depth = 1000;

// Separator of namespaces in a name: `camera.exposure.automatic`.
constexpr char separator = '.';

size_t namespacesOf(std::string_view name) { return static_cast<size_t>(std::ranges::count(name, separator)); }

// Depth 0 means any depth.
bool isListed(const std::string &name, const std::vector<std::string> &prefixes, uint64_t depthLimit) {
  const auto shallow = [&](std::string_view rest) { return depthLimit == 0 || namespacesOf(rest) < depthLimit; };
  if (prefixes.empty()) return shallow(name);
  return std::ranges::any_of(prefixes, [&](const std::string &prefix) {
    if (name == prefix) return true;
    return name.starts_with(prefix + separator) && shallow(std::string_view(name).substr(prefix.size() + 1));
  });
}

// rcl_interfaces/msg/SetParametersResult.
void writeResult(CdrOut &out, const std::string &refusal) { out << refusal.empty() << refusal; }

}  // namespace

CdrIn &operator>>(CdrIn &in, ParameterServer::Setting &setting) { return in >> setting.name >> setting.value; }

CdrOut &operator<<(CdrOut &out, const ParameterServer::Setting &setting) {
  return out << setting.name << setting.value;
}

ParameterServer::ParameterServer(const Command &command, Node &owner) : node(owner.fqn) {
  if (command.has("unset"))
    parameters.push_back({.name = "calibration", .value = {.type = ParameterType::number}, .unset = true});
  if (command.has("beacon"))
    for (Parameter &parameter : beaconParameters(command.text("beacon"))) parameters.push_back(std::move(parameter));
  ServiceOptions options(command);
  options.depth = depth;
  const auto offer = [&](const char *name, const char *type, Octets (ParameterServer::*answer)(CdrIn &)) {
    services.add(owner, owner.below(name), std::string("rcl_interfaces/srv/") + type, options,
                 [this, answer](CdrIn &in, const rmw::Call &) -> std::optional<Octets> { return (this->*answer)(in); });
  };
  offer("get_parameters", "GetParameters", &ParameterServer::get);
  offer("get_parameter_types", "GetParameterTypes", &ParameterServer::getTypes);
  offer("describe_parameters", "DescribeParameters", &ParameterServer::describe);
  offer("list_parameters", "ListParameters", &ParameterServer::list);
  offer("set_parameters", "SetParameters", &ParameterServer::set);
  offer("set_parameters_atomically", "SetParametersAtomically", &ParameterServer::setAtomically);
  Qos qos;
  qos.depth = depth;
  events = owner.writer("rt/parameter_events", "rcl_interfaces::msg::dds_::ParameterEvent_", qos);
}

Parameter *ParameterServer::find(const std::string &name) {
  const auto found = std::ranges::find(parameters, name, &Parameter::name);
  return found == parameters.end() ? nullptr : &*found;
}

std::vector<const Parameter *> ParameterServer::asked(CdrIn &in) {
  std::vector<std::string> names;
  in >> names;
  std::vector<const Parameter *> found;
  for (const std::string &name : names) found.push_back(find(name));
  if (std::ranges::find(found, nullptr) != found.end()) found.clear();
  return found;
}

// A parameter without a value is treated like an undeclared one.
Octets ParameterServer::get(CdrIn &in) {
  const std::vector<const Parameter *> found = asked(in);
  std::vector<ParameterValue> values;
  if (std::ranges::none_of(found, [](const Parameter *parameter) { return parameter->unset; }))
    for (const Parameter *parameter : found) values.push_back(parameter->value);
  return CdrOut() << values;
}

Octets ParameterServer::getTypes(CdrIn &in) {
  std::vector<uint8_t> types;
  for (const Parameter *parameter : asked(in))
    types.push_back(static_cast<uint8_t>(parameter->unset ? ParameterType::notSet : parameter->value.type));
  return CdrOut() << types;
}

Octets ParameterServer::describe(CdrIn &in) {
  std::vector<Parameter> descriptors;
  for (const Parameter *parameter : asked(in)) descriptors.push_back(*parameter);
  return CdrOut() << descriptors;
}

Octets ParameterServer::list(CdrIn &in) {
  std::vector<std::string> prefixes;
  uint64_t depthLimit;
  in >> prefixes >> depthLimit;
  std::vector<std::string> names;
  std::set<std::string> found;
  for (const Parameter &parameter : parameters) {
    if (!isListed(parameter.name, prefixes, depthLimit)) continue;
    names.push_back(parameter.name);
    const size_t last = parameter.name.rfind(separator);
    if (last != std::string::npos) found.insert(parameter.name.substr(0, last));
  }
  return CdrOut() << names << std::vector<std::string>(found.begin(), found.end());
}

Octets ParameterServer::set(CdrIn &in) {
  std::vector<Setting> settings;
  in >> settings;
  CdrOut out;
  out << static_cast<uint32_t>(settings.size());
  for (const Setting &setting : settings) {
    const std::string why = refusal(setting);
    if (why.empty()) apply(setting);
    writeResult(out, why);
  }
  return out;
}

Octets ParameterServer::setAtomically(CdrIn &in) {
  std::vector<Setting> settings;
  in >> settings;
  std::string why;
  for (const Setting &setting : settings)
    if (why.empty()) why = refusal(setting);
  if (why.empty()) std::ranges::for_each(settings, [this](const Setting &setting) { apply(setting); });
  CdrOut out;
  writeResult(out, why);
  return out;
}

std::string ParameterServer::refusal(const Setting &setting) {
  const Parameter *parameter = find(setting.name);
  return parameter ? parameter->refusal(setting.value)
                   : "parameter '" + setting.name + "' cannot be set because it was not declared";
}

void ParameterServer::apply(const Setting &setting) {
  Parameter &parameter = *find(setting.name);
  parameter.value = setting.value;
  parameter.unset = false;
  const std::vector<Setting> none;
  const Opaque event{.cdr = CdrOut() << Stamp::now() << node << none << std::vector<Setting>{setting} << none};
  events->write(&event);
  emit("parameter", "\"name\":" + quoted(node) + ",\"parameter\":" + quoted(setting.name));
}

bool ParameterServer::carryOut(const Command &command) {
  Parameter *parameter = command.verb() == "set" ? find(command.word(1)) : nullptr;
  if (!parameter) return false;
  const std::string &text = command.word(2);
  ParameterValue value = parameter->value;
  switch (value.type) {
    case ParameterType::boolean: value.boolean = text == "true"; break;
    case ParameterType::integer: value.integer = std::stoll(text); break;
    case ParameterType::number: value.number = std::stod(text); break;
    case ParameterType::string: value.string = text; break;
    default: throw Refused(parameter->name + " is of no type that can be set so");
  }
  apply({parameter->name, value});
  return true;
}

}  // namespace peer
