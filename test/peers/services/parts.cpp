#include "parts.hpp"

#include <map>

#include "action-client.hpp"
#include "action-server.hpp"
#include "caller.hpp"
#include "canned.hpp"
#include "lifecycle.hpp"
#include "log.hpp"
#include "parameter-server.hpp"
#include "service.hpp"
#include "type-describer.hpp"

namespace peer {

namespace {

using Make = std::unique_ptr<Part> (*)(const Command &, Node &);

template <class P> std::unique_ptr<Part> make(const Command &command, Node &node) {
  return std::make_unique<P>(command, node);
}

std::unique_ptr<Part> makeService(const Command &command, Node &node) {
  const CannedService &service = cannedService(command.word(2));
  if (!service.answer) throw Refused(std::string(service.type) + " is only called");
  const auto answer = [&service](CdrIn &in, const rmw::Call &) -> std::optional<Octets> { return service.answer(in); };
  return std::make_unique<Service>(node, command.word(1), service.type, ServiceOptions(command), answer);
}

const std::map<std::string, Make> verbs = {
    {"service", makeService},
    {"call", make<Caller>},
    {"action", make<ActionServer>},
    {"goal", make<ActionClient>},
    {"parameters", make<ParameterServer>},
    {"lifecycle", make<Lifecycle>},
    {"log", make<Log>},
    {"describe", make<TypeDescriber>},
};

}  // namespace

bool Parts::run(const Command &command, Node node, RosGraph *graph) {
  for (const Opened &opened : parts)
    if (opened.node.fqn == node.fqn && opened.part->carryOut(command)) return true;
  const auto verb = verbs.find(command.verb());
  if (verb == verbs.end()) return false;
  // Parts of the node as a whole are named by their verb.
  const std::string name = command.word(1).starts_with('/') ? command.word(1) : command.verb();
  Opened &opened = parts.emplace_back(name, std::move(node), nullptr);
  try {
    opened.part = verb->second(command, opened.node);
  } catch (...) {
    parts.pop_back();
    throw;
  }
  if (graph && !opened.node.fqn.empty()) {
    graph->add(opened.node.fqn, opened.node.readers, opened.node.writers);
    graph->announce();
  }
  return true;
}

void Parts::closeWhere(RosGraph *graph, const std::function<bool(const Opened &)> &wanted) {
  bool changed = false;
  for (const Opened &opened : parts) {
    if (!graph || !wanted(opened)) continue;
    graph->remove(opened.node.fqn, opened.node.readers, opened.node.writers);
    changed = true;
  }
  if (changed) graph->announce();
  parts.remove_if(wanted);
}

void Parts::close(const std::string &name, RosGraph *graph) {
  closeWhere(graph, [&](const Opened &opened) { return opened.name == name; });
}

void Parts::closeNode(const std::string &fqn) {
  parts.remove_if([&](const Opened &opened) { return opened.node.fqn == fqn; });
}

void Parts::tally() const {
  for (const Opened &opened : parts) opened.part->tally();
}

Clock::time_point Parts::turn(RosGraph *graph) {
  Clock::time_point next = Clock::time_point::max();
  for (const Opened &opened : parts) next = std::min(next, opened.part->turn(Clock::now()));
  closeWhere(graph, [](const Opened &opened) { return opened.part->over(); });
  return next;
}

}  // namespace peer
