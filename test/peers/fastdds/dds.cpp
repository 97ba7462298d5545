#include "../dds.hpp"

#include <fastdds/dds/domain/DomainParticipant.hpp>
#include <fastdds/dds/domain/DomainParticipantFactory.hpp>
#include <fastdds/dds/publisher/DataWriter.hpp>
#include <fastdds/dds/publisher/DataWriterListener.hpp>
#include <fastdds/dds/publisher/Publisher.hpp>
#include <fastdds/dds/subscriber/DataReader.hpp>
#include <fastdds/dds/subscriber/DataReaderListener.hpp>
#include <fastdds/dds/subscriber/SampleInfo.hpp>
#include <fastdds/dds/subscriber/Subscriber.hpp>
#include <fastdds/dds/topic/Topic.hpp>
#include <fastdds/rtps/transport/UDPv4TransportDescriptor.h>
#include <fastdds/rtps/transport/shared_mem/SharedMemTransportDescriptor.h>
#include <fastrtps/utils/IPLocator.h>

#include <cstring>
#include <mutex>
#include <set>

#include "../events.hpp"
#include "opaque-type.hpp"
#include "topic-type.hpp"

namespace peer {

namespace {

using namespace eprosima::fastdds::dds;
using eprosima::fastdds::rtps::SharedMemTransportDescriptor;
using eprosima::fastdds::rtps::UDPv4TransportDescriptor;
using eprosima::fastrtps::Duration_t;
using eprosima::fastrtps::rtps::GUID_t;
using eprosima::fastrtps::rtps::IPLocator;
using eprosima::fastrtps::rtps::Locator_t;
using eprosima::fastrtps::types::ReturnCode_t;

template <class E> E *made(E *entity, const char *what) {
  if (!entity) throw Refused(std::string("Fast DDS refused the ") + what);
  return entity;
}

Guid guidOf(const GUID_t &from) {
  Guid guid;
  memcpy(guid.data(), from.guidPrefix.value, 12);
  memcpy(guid.data() + 12, from.entityId.value, 4);
  return guid;
}

std::vector<uint8_t> octets(const std::string &text) { return {text.begin(), text.end()}; }

DomainParticipantQos participantQos(const Network &network) {
  DomainParticipantQos qos;
  qos.user_data().setValue(octets(network.userData));
  // rmw_fastrtps names a participant after its enclave.
  qos.name("/");
  auto &builtin = qos.wire_protocol().builtin;
  if (network.leaseSeconds > 0) {
    builtin.discovery_config.leaseDuration = Duration_t(network.leaseSeconds);
    builtin.discovery_config.leaseDuration_announcementperiod = Duration_t(network.leaseSeconds / 3);
  }

  auto udp = std::make_shared<UDPv4TransportDescriptor>();
  if (network.discovery != "shm") udp->interfaceWhiteList = network.addresses;
  if (network.discovery != "multicast") {
    udp->maxInitialPeersRange = 33;
    Locator_t peer;
    IPLocator::setIPv4(peer, "127.0.0.1");
    builtin.initialPeersList.push_back(peer);
    // An explicit unicast locator (port 0: the well-known one) prevents the default multicast locator.
    Locator_t own;
    IPLocator::setIPv4(own, "127.0.0.1");
    builtin.metatrafficUnicastLocatorList.push_back(own);
  }
  qos.transport().use_builtin_transports = false;
  if (network.discovery == "shm")
    qos.transport().user_transports.push_back(std::make_shared<SharedMemTransportDescriptor>());
  qos.transport().user_transports.push_back(udp);
  return qos;
}

SampleIdentity identityOf(const eprosima::fastrtps::rtps::SampleIdentity &from) {
  const auto &number = from.sequence_number();
  return {guidOf(from.writer_guid()), static_cast<int64_t>(number.to64long())};
}

eprosima::fastrtps::rtps::SampleIdentity identityOf(const SampleIdentity &from) {
  eprosima::fastrtps::rtps::SampleIdentity identity;
  memcpy(identity.writer_guid().guidPrefix.value, from.guid.data(), 12);
  memcpy(identity.writer_guid().entityId.value, from.guid.data() + 12, 4);
  identity.sequence_number().high = static_cast<int32_t>(from.sequence >> 32);
  identity.sequence_number().low = static_cast<uint32_t>(from.sequence);
  return identity;
}

TypeSupport typeSupport(const Type &type, bool bigEndian) {
  if (!type.json) return TypeSupport(new OpaqueType(type));
#define ROW(rowName, rowType, ddsName, hash) \
  if (strcmp(type.name, rowName) == 0) return TypeSupport(new TopicType<rowType>(type, bigEndian));
  PEER_TYPES(ROW)
#undef ROW
  throw Refused(std::string("no type support for ") + type.name);
}

// Policies that DataWriterQos and DataReaderQos share.
template <class Q> void setQos(Q &qos, const Qos &wanted) {
  qos.reliability().kind = wanted.reliable ? RELIABLE_RELIABILITY_QOS : BEST_EFFORT_RELIABILITY_QOS;
  qos.reliability().max_blocking_time = Duration_t(5, 0);
  qos.durability().kind = wanted.transientLocal ? TRANSIENT_LOCAL_DURABILITY_QOS : VOLATILE_DURABILITY_QOS;
  qos.history().kind = wanted.keepAll ? KEEP_ALL_HISTORY_QOS : KEEP_LAST_HISTORY_QOS;
  qos.history().depth = wanted.depth;
  if (wanted.deadline > 0) qos.deadline().period = Duration_t(wanted.deadline);
  if (wanted.lifespan > 0) qos.lifespan().duration = Duration_t(wanted.lifespan);
  qos.user_data().setValue(octets(wanted.userData));
  // Like rmw_fastrtps.
  qos.endpoint().history_memory_policy = eprosima::fastrtps::rtps::PREALLOCATED_WITH_REALLOC_MEMORY_MODE;
  qos.data_sharing().off();
}

// Fast DDS requires a separate Topic object for each user of a topic, and a single registration of the type.
class TopicUse {
  DomainParticipant &participant;

public:
  Topic *topic;

  TopicUse(DomainParticipant &owner, const std::string &name, const Type &type, bool bigEndian) : participant(owner) {
    if (participant.find_type(type.ddsName).empty()) typeSupport(type, bigEndian).register_type(&participant);
    topic = participant.lookup_topicdescription(name) ? participant.find_topic(name, Duration_t(1, 0))
                                                      : participant.create_topic(name, type.ddsName, TOPIC_QOS_DEFAULT);
    made(topic, "topic");
  }

  ~TopicUse() { participant.delete_topic(topic); }
};

class FastWriter final : public Writer, DataWriterListener {
  const std::function<void()> &wake;
  Publisher &publisher;
  TopicUse use;
  const bool opaque;
  std::mutex readersLock;
  // GUIDs in hex.
  std::set<std::string> readers;
  DataWriter *entity;

  void on_publication_matched(DataWriter *, const PublicationMatchedStatus &status) override {
    const std::string reader = hex(guidOf(iHandle2GUID(status.last_subscription_handle)));
    {
      const std::lock_guard<std::mutex> lock(readersLock);
      if (status.current_count_change > 0) readers.insert(reader);
      else readers.erase(reader);
    }
    matched = status.current_count;
    wake();
  }

  void on_offered_incompatible_qos(DataWriter *, const OfferedIncompatibleQosStatus &status) override {
    policy = static_cast<int>(status.last_policy_id);
    incompatible = static_cast<int>(status.total_count);
    wake();
  }

public:
  FastWriter(DomainParticipant &participant, Publisher &owner, const std::string &name, const Type &type,
             const Qos &wanted, bool bigEndian, const std::function<void()> &wakeUp)
      : wake(wakeUp), publisher(owner), use(participant, name, type, bigEndian), opaque(!type.json) {
    DataWriterQos qos;
    setQos(qos, wanted);
    qos.publish_mode().kind = SYNCHRONOUS_PUBLISH_MODE;
    entity = made(publisher.create_datawriter(use.topic, qos, this), "writer");
  }

  ~FastWriter() override {
    // Ensures that no callback uses a half-destroyed listener.
    entity->set_listener(nullptr);
    publisher.delete_datawriter(entity);
  }

  Guid guid() const override { return guidOf(entity->guid()); }

  bool write(const void *sample) override {
    void *data = const_cast<void *>(sample);
    if (!opaque) return entity->write(data);
    const auto &from = *static_cast<const Opaque *>(sample);
    eprosima::fastrtps::rtps::WriteParams parameters;
    if (from.related.guid != Guid{}) parameters.related_sample_identity(identityOf(from.related));
    const bool written = entity->write(data, parameters);
    from.identity = identityOf(parameters.sample_identity());
    return written;
  }

  bool acknowledged(double seconds) override {
    return entity->wait_for_acknowledgments(Duration_t(seconds)) == ReturnCode_t::RETCODE_OK;
  }
  bool reaches(const std::string &asker) override {
    const std::lock_guard<std::mutex> lock(readersLock);
    return readers.contains(asker);
  }
};

class FastReader final : public Reader, DataReaderListener {
  const std::function<void()> &wake;
  Subscriber &subscriber;
  TopicUse use;
  TypeSupport type;
  const bool opaque;
  void *sample;
  DataReader *entity;

  void on_data_available(DataReader *) override { wake(); }

  void on_subscription_matched(DataReader *, const SubscriptionMatchedStatus &status) override {
    matched = status.current_count;
    wake();
  }

  void on_requested_incompatible_qos(DataReader *, const RequestedIncompatibleQosStatus &status) override {
    policy = static_cast<int>(status.last_policy_id);
    incompatible = static_cast<int>(status.total_count);
    wake();
  }

public:
  FastReader(DomainParticipant &participant, Subscriber &owner, const std::string &name, const Type &messageType,
             const Qos &wanted, bool bigEndian, const std::function<void()> &wakeUp)
      : wake(wakeUp), subscriber(owner), use(participant, name, messageType, bigEndian),
        type(participant.find_type(messageType.ddsName)), opaque(!messageType.json), sample(type.create_data()) {
    DataReaderQos qos;
    setQos(qos, wanted);
    entity = made(subscriber.create_datareader(use.topic, qos, this), "reader");
  }

  ~FastReader() override {
    entity->set_listener(nullptr);
    subscriber.delete_datareader(entity);
    type.delete_data(sample);
  }

  Guid guid() const override { return guidOf(entity->guid()); }

  void take(const std::function<void(const void *)> &each) override {
    SampleInfo info;
    while (entity->take_next_sample(sample, &info) == ReturnCode_t::RETCODE_OK) {
      if (!info.valid_data) continue;
      if (opaque) identify(*static_cast<Opaque *>(sample), info);
      each(sample);
    }
  }

private:
  static void identify(Opaque &sample, const SampleInfo &info) {
    sample.identity = identityOf(info.sample_identity);
    sample.related = identityOf(info.related_sample_identity);
  }
};

class FastParticipant final : public Participant {
  std::function<void()> wake;
  bool bigEndian;
  DomainParticipant *entity;
  Publisher *publisher;
  Subscriber *subscriber;

public:
  FastParticipant(const Network &network, std::function<void()> wakeUp)
      : wake(std::move(wakeUp)), bigEndian(network.bigEndian) {
    auto *factory = DomainParticipantFactory::get_instance();
    entity = made(factory->create_participant(network.domain, participantQos(network)), "participant");
    publisher = made(entity->create_publisher(PUBLISHER_QOS_DEFAULT), "publisher");
    subscriber = made(entity->create_subscriber(SUBSCRIBER_QOS_DEFAULT), "subscriber");
  }

  ~FastParticipant() override {
    entity->delete_contained_entities();
    DomainParticipantFactory::get_instance()->delete_participant(entity);
  }

  Guid guid() const override { return guidOf(entity->guid()); }

  std::unique_ptr<Writer> writer(const std::string &topic, const Type &type, const Qos &qos) override {
    return std::make_unique<FastWriter>(*entity, *publisher, topic, type, qos, bigEndian, wake);
  }

  std::unique_ptr<Reader> reader(const std::string &topic, const Type &type, const Qos &qos) override {
    return std::make_unique<FastReader>(*entity, *subscriber, topic, type, qos, bigEndian, wake);
  }
};

}  // namespace

std::unique_ptr<Participant> openParticipant(const Network &network, std::function<void()> wake) {
  return std::make_unique<FastParticipant>(network, std::move(wake));
}

}  // namespace peer
