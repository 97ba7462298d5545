// Interface of a peer to a DDS implementation. cyclone/dds.cpp and fastdds/dds.cpp each implement it; all other code is
// shared.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>

#include "opaque.hpp"
#include "types.hpp"

namespace peer {

// A command that cannot be executed; the text is the reason.
struct Refused : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct Network {
  uint32_t domain = 0;
  // localhost: unicast to 127.0.0.1 only, as the RMWs implement ROS_AUTOMATIC_DISCOVERY_RANGE=LOCALHOST; multicast:
  // multicast on the interfaces with `addresses`; shm: like localhost, with Fast DDS's default transports (shared
  // memory and UDP).
  std::string discovery = "localhost";
  std::vector<std::string> addresses;
  // Participant lease, seconds; 0 for the vendor's default (Cyclone DDS 10 s, Fast DDS 20 s).
  double leaseSeconds = 0;
  // Writes samples in big-endian order (Fast DDS only: Cyclone DDS always uses the machine's byte order).
  bool bigEndian = false;
  std::string userData;
};

struct Qos {
  bool reliable = true;
  bool transientLocal = false;
  bool keepAll = false;
  int depth = 10;
  // Seconds, 0 for infinite.
  double deadline = 0;
  double lifespan = 0;
  std::string userData;
};

// Threads of the DDS implementation set the counters; the peer's thread reads them after a wake-up.
struct Endpoint {
  std::atomic<int> matched{0};
  std::atomic<int> incompatible{0};
  // DDS QoS policy id of the last incompatible endpoint.
  std::atomic<int> policy{0};

  virtual ~Endpoint() = default;
  virtual Guid guid() const = 0;
};

struct Writer : Endpoint {
  // Returns false if a keep-all history stayed full for longer than five seconds.
  virtual bool write(const void *sample) = 0;
  virtual bool acknowledged(double seconds) = 0;
  // Returns whether the response reader of `asker` is matched: its GUID in hex (Fast DDS) or client id (Cyclone DDS).
  virtual bool reaches(const std::string &asker) = 0;
};

struct Reader : Endpoint {
  // Passes on every available sample, in order.
  virtual void take(const std::function<void(const void *)> &each) = 0;
};

struct Participant {
  virtual ~Participant() = default;
  virtual Guid guid() const = 0;
  virtual std::unique_ptr<Writer> writer(const std::string &topic, const Type &, const Qos &) = 0;
  virtual std::unique_ptr<Reader> reader(const std::string &topic, const Type &, const Qos &) = 0;
};

// Calls `wake` from any thread whenever an endpoint has something new.
std::unique_ptr<Participant> openParticipant(const Network &, std::function<void()> wake);

}  // namespace peer
