// Several services that belong together: those of a node's parameters, of its lifecycle, of an action.
#pragma once

#include <list>

#include "service.hpp"

namespace peer {

class ServiceGroup {
  std::list<Service> services;

public:
  Service &add(Node &node, const std::string &name, const std::string &type, const ServiceOptions &options,
               Service::Handler handler) {
    return services.emplace_back(node, name, type, options, std::move(handler));
  }

  Clock::time_point turn(Clock::time_point now) {
    Clock::time_point next = Clock::time_point::max();
    for (Service &service : services) next = std::min(next, service.turn(now));
    return next;
  }

  void tally() const {
    for (const Service &service : services) service.tally();
  }
};

}  // namespace peer
