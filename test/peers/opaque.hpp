// A sample as the vendors hand it on undecoded.
#pragma once

#include "serialised.hpp"

namespace peer {

// As on the wire.
using Guid = std::array<uint8_t, 16>;

// RTPS 2.5, 8.3.5.4: SEQUENCENUMBER_UNKNOWN.
constexpr int64_t unknownSequence = -1ll << 32;

struct SampleIdentity {
  Guid guid{};
  int64_t sequence = unknownSequence;
};

struct Opaque {
  // Its encapsulation header included.
  Octets cdr;
  // Fast DDS alone: the sample's own, known once it is written or taken, and what it refers to, from its inline QoS.
  mutable SampleIdentity identity;
  SampleIdentity related;
  // Cyclone DDS alone: `clientid` or `serviceid` in the user data of the writer it came from; empty where there is none.
  std::string writerMark;
};

}  // namespace peer
