// How the RMW of a vendor sends requests and responses; cyclone/rmw.cpp and fastdds/rmw.cpp each have their own way.
#pragma once

#include <optional>

#include "dds.hpp"
#include "opaque.hpp"

namespace peer::rmw {

// A request, or a response, which bears the client and the number of its request.
struct Call {
  // GUID of the response reader (Fast DDS), or eight octets of the client's own (Cyclone DDS).
  Guid client{};
  int64_t sequence = 0;
  // What the client's response reader is known by, see Writer::reaches.
  std::string asker;
  Octets body;
};

// What the reader and the writer of a client or service say in their user data, before the type hash.
std::string userData(bool isService, const Guid &participant);

Guid clientOf(const Writer &requests, const Reader &responses);

// `sequence` is the client's own count.
Opaque request(const Guid &client, int64_t sequence, const Octets &body);
// The number of a request that was written: its DDS sequence number with Fast DDS.
int64_t sequenceOf(const Opaque &sent, int64_t own);
Opaque response(const Call &request, const Octets &body);

// Throw Malformed.
Call readRequest(const Opaque &);
Call readResponse(const Opaque &);

}  // namespace peer::rmw
