#include "../dds.hpp"

#include <dds/dds.h>

#include <cstdlib>
#include <cstring>
#include <vector>

#include "opaque-type.hpp"

namespace peer {

namespace {

dds_entity_t checked(dds_return_t result, const char *doing) {
  if (result < 0) throw Refused(std::string(doing) + ": " + dds_strretcode(result));
  return result;
}

std::string configuration(const Network &network) {
  const bool multicast = network.discovery == "multicast";
  std::string xml = "<CycloneDDS><Domain><General><Interfaces>";
  for (const std::string &address : network.addresses)
    xml += "<NetworkInterface address=\"" + address + "\" multicast=\"" + (multicast ? "true" : "default") + "\"/>";
  xml += std::string("</Interfaces><AllowMulticast>") + (multicast ? "true" : "false") +
         "</AllowMulticast></General><Discovery>";
  if (network.leaseSeconds > 0)
    xml += "<LeaseDuration>" + std::to_string(network.leaseSeconds) + " s</LeaseDuration>";
  if (!multicast)
    xml += "<ParticipantIndex>auto</ParticipantIndex><MaxAutoParticipantIndex>32</MaxAutoParticipantIndex>"
           "<Peers><Peer address=\"localhost\"/></Peers>";
  xml += "</Discovery></Domain></CycloneDDS>";
  // Like rmw_cyclonedds: appends the user's settings.
  if (const char *uri = getenv("CYCLONEDDS_URI")) xml += std::string(",") + uri;
  return xml;
}

const dds_topic_descriptor_t *descriptorOf(const Type &type) {
  struct Row {
    const char *name;
    const dds_topic_descriptor_t *descriptor;
  };
  static const Row rows[] = {
#define ROW(name, type, ddsName, hash) {name, &type##_desc},
      PEER_TYPES(ROW)
#undef ROW
  };
  for (const Row &row : rows)
    if (strcmp(row.name, type.name) == 0) return row.descriptor;
  throw Refused(std::string("no descriptor for ") + type.name);
}

dds_entity_t topicOf(dds_entity_t participant, const std::string &name, const Type &type) {
  if (!type.json) return checked(createOpaqueTopic(participant, name, type.ddsName), "dds_create_topic_sertype");
  dds_topic_descriptor_t descriptor = *descriptorOf(type);
  // Two layouts share one DDS type name (see rmw_dds_common_humble).
  descriptor.m_typename = type.ddsName;
  return checked(dds_create_topic(participant, &descriptor, name.c_str(), nullptr, nullptr), "dds_create_topic");
}

dds_duration_t nanoseconds(double seconds) { return static_cast<dds_duration_t>(seconds * 1e9); }

struct QosOwner {
  dds_qos_t *qos = dds_create_qos();
  ~QosOwner() { dds_delete_qos(qos); }

  void set(const Qos &wanted) {
    const auto history = wanted.keepAll ? DDS_HISTORY_KEEP_ALL : DDS_HISTORY_KEEP_LAST;
    const auto reliability = wanted.reliable ? DDS_RELIABILITY_RELIABLE : DDS_RELIABILITY_BEST_EFFORT;
    dds_qset_reliability(qos, reliability, DDS_SECS(5));
    dds_qset_history(qos, history, wanted.depth);
    if (wanted.transientLocal) {
      dds_qset_durability(qos, DDS_DURABILITY_TRANSIENT_LOCAL);
      dds_qset_durability_service(qos, DDS_SECS(0), history, wanted.depth, DDS_LENGTH_UNLIMITED, DDS_LENGTH_UNLIMITED,
                                  DDS_LENGTH_UNLIMITED);
    }
    if (wanted.deadline > 0) dds_qset_deadline(qos, nanoseconds(wanted.deadline));
    if (wanted.lifespan > 0) dds_qset_lifespan(qos, nanoseconds(wanted.lifespan));
    if (!wanted.userData.empty()) dds_qset_userdata(qos, wanted.userData.data(), wanted.userData.size());
  }
};

Guid guidOf(dds_entity_t entity) {
  dds_guid_t guid;
  checked(dds_get_guid(entity, &guid), "dds_get_guid");
  Guid octets;
  memcpy(octets.data(), guid.v, octets.size());
  return octets;
}

// Returns `clientid` or `serviceid` from the user data of an endpoint; empty if it has none.
std::string markOf(dds_builtintopic_endpoint_t *endpoint) {
  if (!endpoint) return "";
  void *value = nullptr;
  size_t size = 0;
  std::string userData;
  if (dds_qget_userdata(endpoint->qos, &value, &size)) userData.assign(static_cast<const char *>(value), size);
  dds_free(value);
  dds_builtintopic_free_endpoint(endpoint);
  for (const std::string key : {"clientid=", "serviceid="}) {
    const size_t at = userData.find(key);
    if (at == std::string::npos) continue;
    const size_t from = at + key.size();
    return userData.substr(from, userData.find(';', from) - from);
  }
  return "";
}

// Argument of the listeners.
struct Notice {
  Endpoint &endpoint;
  const std::function<void()> &wake;
};

template <class Status> void onMatched(dds_entity_t, const Status status, void *argument) {
  const Notice &notice = *static_cast<Notice *>(argument);
  notice.endpoint.matched = static_cast<int>(status.current_count);
  notice.wake();
}

template <class Status> void onIncompatible(dds_entity_t, const Status status, void *argument) {
  const Notice &notice = *static_cast<Notice *>(argument);
  notice.endpoint.policy = static_cast<int>(status.last_policy_id);
  notice.endpoint.incompatible = static_cast<int>(status.total_count);
  notice.wake();
}

struct ListenerOwner {
  dds_listener_t *listener;
  explicit ListenerOwner(Notice &notice) : listener(dds_create_listener(&notice)) {}
  ~ListenerOwner() { dds_delete_listener(listener); }
};

// Maximum clients of one service that are searched for the requesting one.
constexpr size_t mostClients = 64;

class CycloneWriter final : public Writer {
  Notice notice;
  dds_entity_t topic;
  dds_entity_t entity;

public:
  CycloneWriter(dds_entity_t participant, const std::string &name, const Type &type, const Qos &wanted,
                const std::function<void()> &wake)
      : notice{*this, wake}, topic(topicOf(participant, name, type)) {
    QosOwner owner;
    owner.set(wanted);
    dds_qset_writer_data_lifecycle(owner.qos, false);
    ListenerOwner listen(notice);
    dds_lset_publication_matched(listen.listener, onMatched<dds_publication_matched_status_t>);
    dds_lset_offered_incompatible_qos(listen.listener, onIncompatible<dds_offered_incompatible_qos_status_t>);
    entity = checked(dds_create_writer(participant, topic, owner.qos, listen.listener), "dds_create_writer");
  }

  ~CycloneWriter() override {
    dds_delete(entity);
    dds_delete(topic);
  }

  Guid guid() const override { return guidOf(entity); }

  bool write(const void *sample) override {
    const dds_return_t result = dds_write(entity, sample);
    if (result == DDS_RETCODE_TIMEOUT) return false;
    checked(result, "dds_write");
    return true;
  }

  bool acknowledged(double seconds) override {
    return dds_wait_for_acks(entity, nanoseconds(seconds)) == DDS_RETCODE_OK;
  }

  bool reaches(const std::string &asker) override {
    std::vector<dds_instance_handle_t> readers(mostClients);
    const int32_t count = checked(dds_get_matched_subscriptions(entity, readers.data(), readers.size()),
                                  "dds_get_matched_subscriptions");
    readers.resize(std::min(readers.size(), static_cast<size_t>(count)));
    for (const dds_instance_handle_t reader : readers)
      if (markOf(dds_get_matched_subscription_data(entity, reader)) == asker) return true;
    return false;
  }
};

class CycloneReader final : public Reader {
  Notice notice;
  const bool opaque;
  dds_entity_t topic;
  dds_entity_t entity;

  static void onData(dds_entity_t, void *argument) { static_cast<Notice *>(argument)->wake(); }

public:
  CycloneReader(dds_entity_t participant, const std::string &name, const Type &type, const Qos &wanted,
                const std::function<void()> &wake)
      : notice{*this, wake}, opaque(!type.json), topic(topicOf(participant, name, type)) {
    QosOwner owner;
    owner.set(wanted);
    ListenerOwner listen(notice);
    dds_lset_data_available(listen.listener, onData);
    dds_lset_subscription_matched(listen.listener, onMatched<dds_subscription_matched_status_t>);
    dds_lset_requested_incompatible_qos(listen.listener, onIncompatible<dds_requested_incompatible_qos_status_t>);
    entity = checked(dds_create_reader(participant, topic, owner.qos, listen.listener), "dds_create_reader");
  }

  ~CycloneReader() override {
    dds_delete(entity);
    dds_delete(topic);
  }

  Guid guid() const override { return guidOf(entity); }

  void take(const std::function<void(const void *)> &each) override {
    if (opaque) return takeOpaque(each);
    constexpr uint32_t batch = 64;
    for (;;) {
      void *samples[batch] = {};  // all null: the samples are lent
      dds_sample_info_t infos[batch];
      const int32_t count = checked(dds_take(entity, samples, infos, batch, batch), "dds_take");
      for (int32_t i = 0; i < count; i++)
        if (infos[i].valid_data) each(samples[i]);
      if (count == 0) return;
      dds_return_loan(entity, samples, count);
    }
  }

private:
  void takeOpaque(const std::function<void(const void *)> &each) {
    Opaque sample;
    void *place = &sample;
    dds_sample_info_t info;
    while (checked(dds_take(entity, &place, &info, 1, 1), "dds_take") == 1) {
      if (!info.valid_data) continue;
      sample.writerMark = markOf(dds_get_matched_publication_data(entity, info.publication_handle));
      each(&sample);
    }
  }
};

class CycloneParticipant final : public Participant {
  std::function<void()> wake;
  dds_entity_t domain;
  dds_entity_t entity;

public:
  CycloneParticipant(const Network &network, std::function<void()> wakeUp) : wake(std::move(wakeUp)) {
    if (network.discovery == "shm") throw Refused("shm is Fast DDS's; Cyclone DDS needs a shared-memory daemon");
    if (network.bigEndian) throw Refused("Cyclone DDS writes the machine's own octet order only");
    domain = checked(dds_create_domain(network.domain, configuration(network).c_str()), "dds_create_domain");
    QosOwner owner;
    dds_qset_userdata(owner.qos, network.userData.data(), network.userData.size());
    entity = checked(dds_create_participant(network.domain, owner.qos, nullptr), "dds_create_participant");
  }

  ~CycloneParticipant() override {
    dds_delete(entity);
    dds_delete(domain);
  }

  Guid guid() const override { return guidOf(entity); }

  std::unique_ptr<Writer> writer(const std::string &topic, const Type &type, const Qos &qos) override {
    return std::make_unique<CycloneWriter>(entity, topic, type, qos, wake);
  }

  std::unique_ptr<Reader> reader(const std::string &topic, const Type &type, const Qos &qos) override {
    return std::make_unique<CycloneReader>(entity, topic, type, qos, wake);
  }
};

}  // namespace

std::unique_ptr<Participant> openParticipant(const Network &network, std::function<void()> wake) {
  return std::make_unique<CycloneParticipant>(network, std::move(wake));
}

}  // namespace peer
