// rmw_cyclonedds: eight bytes of the client's id and a sequence number precede the body, aligned as a separate
// structure. The endpoints of a client or service share a mark in their user data, by which the other side finds them.

#include "../rmw.hpp"

#include <cstdio>
#include <cstring>

namespace peer::rmw {

namespace {

constexpr size_t clientOctets = 8;
constexpr size_t headerOctets = clientOctets + sizeof(int64_t);

Opaque withHeader(const Guid &client, int64_t sequence, const Octets &body) {
  Octets cdr(body.begin(), body.begin() + encapsulationOctets);
  cdr.insert(cdr.end(), client.begin(), client.begin() + clientOctets);
  const auto *number = reinterpret_cast<const uint8_t *>(&sequence);
  cdr.insert(cdr.end(), number, number + sizeof sequence);
  cdr.insert(cdr.end(), body.begin() + encapsulationOctets, body.end());
  return {.cdr = std::move(cdr)};
}

Call withoutHeader(const Opaque &sample) {
  CdrIn in(sample.cdr);
  uint64_t client;
  Call call;
  in >> client >> call.sequence;
  memcpy(call.client.data(), &client, sizeof client);
  call.asker = sample.writerMark;
  call.body = sample.cdr;
  call.body.erase(call.body.begin() + encapsulationOctets, call.body.begin() + encapsulationOctets + headerOctets);
  return call;
}

}  // namespace

std::string userData(bool isService, const Guid &participant) {
  static uint32_t count = 0;
  count += 1;
  std::string mark;
  for (size_t i = 0; i < 12; i++) {
    char octet[4];
    snprintf(octet, sizeof octet, i == 0 ? "%2x" : ".%x", participant[i]);
    mark += octet;
  }
  for (int shift = 24; shift >= 0; shift -= 8) {
    char octet[4];
    snprintf(octet, sizeof octet, ".%x", count >> shift & 0xff);
    mark += octet;
  }
  return (isService ? "serviceid=" : "clientid=") + mark + ";";
}

// The RMW uses the instance handle of its writer here, which identifies the client as well.
Guid clientOf(const Writer &requests, const Reader &) {
  const Guid writer = requests.guid();
  Guid client{};
  memcpy(client.data(), writer.data() + clientOctets, clientOctets);
  return client;
}

Opaque request(const Guid &client, int64_t sequence, const Octets &body) { return withHeader(client, sequence, body); }
int64_t sequenceOf(const Opaque &, int64_t own) { return own; }
Opaque response(const Call &request, const Octets &body) { return withHeader(request.client, request.sequence, body); }
Call readRequest(const Opaque &sample) { return withoutHeader(sample); }
Call readResponse(const Opaque &sample) { return withoutHeader(sample); }

}  // namespace peer::rmw
