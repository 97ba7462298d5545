#include "session.hpp"

#include "events.hpp"

namespace peer {

bool Session::run(const std::string &line) {
  const Command command(line);
  const std::string &verb = command.verb();
  if (verb == "quit") return false;
  if (verb == "node") openNode(command.word(1));
  else if (verb == "pub") publish(command);
  else if (verb == "sub") subscribe(command);
  else if (verb == "write") write(command);
  else if (verb == "close") close(command.topic());
  else if (verb == "close_node") closeNode(command.word(1));
  else if (verb == "tally") tally();
  else if (!verb.empty() && !parts.run(command, Node(participant, gidOctets == 16, node), graph.get()))
    throw Refused("unknown command " + verb);
  return true;
}

Clock::time_point Session::turn() {
  if (graph) graph->report();
  for (Subscription &subscription : subscriptions) {
    subscription.changed(*subscription.reader);
    subscription.take();
  }
  Clock::time_point next = Clock::time_point::max();
  for (Publication &publication : publications) {
    publication.changed(*publication.writer);
    next = std::min(next, publication.turn(Clock::now()));
  }
  return std::min(next, parts.turn(graph.get()));
}

// Later endpoints belong to this node. An RMW announces its nodes again after every change.
void Session::openNode(const std::string &fqn) {
  if (!fqn.starts_with('/')) throw Refused("node wants a fully qualified name");
  if (!graph) graph = std::make_unique<RosGraph>(participant, gidOctets);
  node = fqn;
  graph->nodes[node];
  graph->announce();
}

Qos Session::qosOf(const Command &command, const Type &type) const {
  Qos qos;
  qos.reliable = !command.has("best_effort");
  qos.transientLocal = command.has("transient_local");
  qos.keepAll = command.has("keep_all");
  qos.depth = static_cast<int>(command.number("depth", qos.depth));
  qos.deadline = command.number("deadline", 0);
  qos.lifespan = command.number("lifespan", 0);
  // Humble, which has the long gids, has no type hashes.
  if (!node.empty() && gidOctets == 16 && !command.has("no_hash")) qos.userData = hashUserData(type);
  return qos;
}

namespace {

const Type &typeNamed(const std::string &name) {
  const Type *type = findType(name);
  if (!type) throw Refused("unknown type " + name);
  return *type;
}

}  // namespace

void Session::publish(const Command &command) {
  const Type &type = typeNamed(command.word(2));
  const Publication &made = publications.emplace_back(command, node, participant, type, qosOf(command, type));
  if (!graph) return;
  graph->nodes[node].writers.push_back(made.writer->guid());
  graph->announce();
}

void Session::subscribe(const Command &command) {
  const Type &type = typeNamed(command.word(2));
  const Subscription &made = subscriptions.emplace_back(command, node, participant, type, qosOf(command, type));
  if (!graph) return;
  graph->nodes[node].readers.push_back(made.reader->guid());
  graph->announce();
}

void Session::write(const Command &command) {
  bool found = false;
  for (Publication &publication : publications) {
    if (publication.topic != command.topic()) continue;
    found = true;
    publication.write(command.word(2).empty() ? 0 : std::stol(command.word(2)));
  }
  if (!found) throw Refused("no publisher of " + command.topic());
}

void Session::close(const std::string &topic) {
  if (graph) {
    for (const Publication &p : publications)
      if (p.topic == topic) std::erase(graph->nodes[p.node].writers, p.writer->guid());
    for (const Subscription &s : subscriptions)
      if (s.topic == topic) std::erase(graph->nodes[s.node].readers, s.reader->guid());
    graph->announce();
  }
  parts.close(topic, graph.get());
  publications.remove_if([&](const Publication &p) { return p.topic == topic; });
  subscriptions.remove_if([&](const Subscription &s) { return s.topic == topic; });
}

void Session::tally() const {
  for (const Subscription &subscription : subscriptions) subscription.tally();
  parts.tally();
}

void Session::closeNode(const std::string &fqn) {
  if (!graph || graph->nodes.erase(fqn) == 0) throw Refused("no node " + fqn);
  graph->announce();
  parts.closeNode(fqn);
  publications.remove_if([&](const Publication &p) { return p.node == fqn; });
  subscriptions.remove_if([&](const Subscription &s) { return s.node == fqn; });
  if (node == fqn) node.clear();
}

}  // namespace peer
