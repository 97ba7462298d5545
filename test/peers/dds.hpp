// What a peer asks of a DDS implementation. cyclone/dds.cpp and fastdds/dds.cpp each implement it; all else is shared.
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

// A command that cannot be carried out; the text says why.
struct Refused : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct Network {
  uint32_t domain = 0;
  // localhost: unicast to 127.0.0.1 alone, as the RMWs set ROS_AUTOMATIC_DISCOVERY_RANGE=LOCALHOST;
  // multicast: multicast on the interfaces with `addresses`;
  // shm: as localhost, with Fast DDS's default transports (shared memory and UDP).
  std::string discovery = "localhost";
  std::vector<std::string> addresses;
  // Participant lease, seconds; 0 for the vendor's default (Cyclone DDS 10 s, Fast DDS 20 s).
  double leaseSeconds = 0;
  // Write samples in big-endian order (Fast DDS only: Cyclone DDS always writes the machine's own).
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

// The counters are set on threads of the DDS implementation and read by the peer's own after a wake-up.
struct Endpoint {
  std::atomic<int> matched{0};
  std::atomic<int> incompatible{0};
  // DDS QoS policy id of the last incompatible endpoint seen.
  std::atomic<int> policy{0};

  virtual ~Endpoint() = default;
  virtual Guid guid() const = 0;
};

struct Writer : Endpoint {
  // False when a keep-all history stayed full for longer than five seconds.
  virtual bool write(const void *sample) = 0;
  virtual bool acknowledged(double seconds) = 0;
  // Whether the response reader known as `asker` is matched: its GUID in hex (Fast DDS) or client id (Cyclone DDS).
  virtual bool reaches(const std::string &asker) = 0;
};

struct Reader : Endpoint {
  // Hands on every sample that is there, in order.
  virtual void take(const std::function<void(const void *)> &each) = 0;
};

struct Participant {
  virtual ~Participant() = default;
  virtual Guid guid() const = 0;
  virtual std::unique_ptr<Writer> writer(const std::string &topic, const Type &, const Qos &) = 0;
  virtual std::unique_ptr<Reader> reader(const std::string &topic, const Type &, const Qos &) = 0;
};

// `wake` is called from any thread whenever an endpoint has something new.
std::unique_ptr<Participant> openParticipant(const Network &, std::function<void()> wake);

}  // namespace peer
