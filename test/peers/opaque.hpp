// An undecoded sample of either vendor.
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
  // Including its encapsulation header.
  Octets cdr;
  // Fast DDS only: the identity of the sample, known once it is written or taken, and the related one from its inline
  // QoS.
  mutable SampleIdentity identity;
  SampleIdentity related;
  // Cyclone DDS only: `clientid` or `serviceid` in the user data of its writer; empty if there is none.
  std::string writerMark;
};

}  // namespace peer
