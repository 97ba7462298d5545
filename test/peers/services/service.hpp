// A service server, in the style of the vendor's RMW.
#pragma once

#include <functional>
#include <list>
#include <optional>

#include "../node.hpp"
#include "../rmw.hpp"
#include "part.hpp"

namespace peer {

// Correct or faulty behaviour of a server.
struct ServiceOptions {
  // History of requests and responses; rmw_qos_profile_services_default has 10.
  int depth = 10;
  bool keepAll = false;
  // Prints no `request` events.
  bool quiet = false;
  // Takes requests and never answers.
  bool hang = false;
  // Answers with bytes that do not match the type.
  bool garbage = false;
  // Ends its process at the first request.
  bool die = false;
  // Delays every answer by this time, and accepts other requests meanwhile.
  Clock::duration late{};
  // Every request blocks it for this time, one after the other.
  Clock::duration delay{};

  ServiceOptions() = default;
  explicit ServiceOptions(const Command &);
};

class Service final : public Part {
public:
  // Returns the response, or nothing if it follows later through respond(). Throws Malformed for a request that does
  // not match its type.
  using Handler = std::function<std::optional<Octets>(CdrIn &request, const rmw::Call &)>;

  // `type`: example_interfaces/srv/AddTwoInts.
  Service(Node &, std::string name, const std::string &type, const ServiceOptions &, Handler);

  Clock::time_point turn(Clock::time_point now) override;
  void respond(const rmw::Call &request, const Octets &body);
  void tally() const override;

  const std::string name;

private:
  struct Due {
    rmw::Call request;
    Octets body;
    Clock::time_point when;
    // Time at which the RMW gives up if the client's response reader is not matched.
    Clock::time_point deadline;
  };

  const ServiceOptions options;
  const Handler handler;
  std::unique_ptr<Reader> requests;
  std::unique_ptr<Writer> responses;
  std::list<Due> due;
  Clock::time_point busyUntil{};
  long received = 0;
  long malformed = 0;
  long answered = 0;

  void take(const Opaque &sample);
  bool sent(const Due &, Clock::time_point now);
};

}  // namespace peer
