#include "client.hpp"

#include "../events.hpp"

namespace peer {

Client::Client(Node &node, std::string fullName, const std::string &type) : name(std::move(fullName)) {
  Qos qos;
  qos.userData = rmw::userData(false, node.participantGuid());
  requests = node.writer("rq" + name + "Request", ddsTypeName(type) + "_Request_", qos);
  responses = node.reader("rr" + name + "Reply", ddsTypeName(type) + "_Response_", qos);
  client = rmw::clientOf(*requests, *responses);
}

int64_t Client::send(const Octets &body) {
  sequence += 1;
  const Opaque sample = rmw::request(client, sequence, body);
  if (!requests->write(&sample)) throw Refused("a request of " + name + " timed out");
  return rmw::sequenceOf(sample, sequence);
}

void Client::take(const std::function<void(const rmw::Call &)> &each) {
  responses->take([&](const void *sample) {
    try {
      const rmw::Call response = rmw::readResponse(*static_cast<const Opaque *>(sample));
      if (response.client == client) each(response);
    } catch (const Malformed &error) {
      emit("malformed", "\"name\":" + quoted(name) + ",\"reason\":" + quoted(error.what()));
    }
  });
}

}  // namespace peer
