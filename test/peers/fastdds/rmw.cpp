// rmw_fastrtps: the body has no prefix. A request refers to the client's response reader in its inline QoS, a response
// to that reader and the DDS sequence number of the request.

#include "../events.hpp"
#include "../rmw.hpp"

namespace peer::rmw {

namespace {

// RTPS 2.5, 9.3.1.2: this bit marks the entity kinds of readers.
constexpr uint8_t readerBit = 0x04;

}  // namespace

std::string userData(bool, const Guid &) { return ""; }

Guid clientOf(const Writer &, const Reader &responses) { return responses.guid(); }

Opaque request(const Guid &client, int64_t, const Octets &body) {
  return {.cdr = body, .related = {client, unknownSequence}};
}

int64_t sequenceOf(const Opaque &sent, int64_t) { return sent.identity.sequence; }

Opaque response(const Call &request, const Octets &body) {
  return {.cdr = body, .related = {request.client, request.sequence}};
}

Call readRequest(const Opaque &sample) {
  const bool named = sample.related.guid != Guid{};
  const Guid client = named ? sample.related.guid : sample.identity.guid;
  return {client, sample.identity.sequence, client.back() & readerBit ? hex(client) : "", sample.cdr};
}

Call readResponse(const Opaque &sample) {
  return {sample.related.guid, sample.related.sequence, "", sample.cdr};
}

}  // namespace peer::rmw
