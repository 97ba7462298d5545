// The parts of a peer's nodes, opened and closed by command.
#pragma once

#include <functional>
#include <list>
#include <memory>
#include <string>

#include "../node.hpp"
#include "../ros-graph.hpp"
#include "part.hpp"

namespace peer {

class Parts {
  struct Opened {
    // Name for `close`.
    std::string name;
    Node node;
    std::unique_ptr<Part> part;
  };
  std::list<Opened> parts;

  void closeWhere(RosGraph *, const std::function<bool(const Opened &)> &wanted);

public:
  // Opens what the command requests, or lets a part of the node execute it. Returns false if the verb is unknown.
  // `graph` may be null, here and below.
  bool run(const Command &, Node, RosGraph *graph);
  void close(const std::string &name, RosGraph *graph);
  void closeNode(const std::string &fqn);
  void tally() const;
  // See Part::turn. Closes finished parts.
  Clock::time_point turn(RosGraph *graph);
};

}  // namespace peer
