// How a vendor's RMW sends requests and responses; implemented in cyclone/rmw.cpp and fastdds/rmw.cpp.
#pragma once

#include <optional>

#include "dds.hpp"
#include "opaque.hpp"

namespace peer::rmw {

// A request or response; a response contains the client and the number of its request.
struct Call {
  // GUID of the response reader (Fast DDS), or eight bytes of the client's id (Cyclone DDS).
  Guid client{};
  int64_t sequence = 0;
  // Key of the client's response reader, see Writer::reaches.
  std::string asker;
  Octets body;
};

// User data of the reader and the writer of a client or service, before the type hash.
std::string userData(bool isService, const Guid &participant);

Guid clientOf(const Writer &requests, const Reader &responses);

// `sequence` is the client's counter.
Opaque request(const Guid &client, int64_t sequence, const Octets &body);
// Returns the number of a written request: its DDS sequence number with Fast DDS.
int64_t sequenceOf(const Opaque &sent, int64_t own);
Opaque response(const Call &request, const Octets &body);

// Throw Malformed.
Call readRequest(const Opaque &);
Call readResponse(const Opaque &);

}  // namespace peer::rmw
