#include "opaque-type.hpp"

#include <dds/ddsi/ddsi_serdata.h>
#include <dds/ddsi/ddsi_sertype.h>
#include <dds/ddsi/q_radmin.h>

#include <cstdlib>
#include <cstring>

#include "../opaque.hpp"

namespace peer {

namespace {

struct Serialised : ddsi_serdata {
  // Cyclone DDS reads whole words: the payload is padded with zeros.
  Octets octets;
  size_t size;

  Serialised(const ddsi_sertype *type, ddsi_serdata_kind kind, size_t octetCount)
      : octets((octetCount + 3) & ~size_t{3}), size(octetCount) {
    ddsi_serdata_init(this, type, kind);
    // No type has a key: all samples of a type belong to one instance.
    hash = type->serdata_basehash;
  }
};

const Serialised &of(const ddsi_serdata *data) { return *static_cast<const Serialised *>(data); }

ddsi_serdata *fromFragments(const ddsi_sertype *type, ddsi_serdata_kind kind, const nn_rdata *fragment, size_t size) {
  auto *data = new Serialised(type, kind, size);
  for (uint32_t have = 0; fragment; fragment = fragment->nextfrag) {
    // Fragments come in order and may overlap.
    if (fragment->maxp1 <= have) continue;
    const uint8_t *payload = NN_RMSG_PAYLOADOFF(fragment->rmsg, NN_RDATA_PAYLOAD_OFF(fragment));
    memcpy(data->octets.data() + have, payload + (have - fragment->min), fragment->maxp1 - have);
    have = fragment->maxp1;
  }
  return data;
}

ddsi_serdata *fromParts(const ddsi_sertype *type, ddsi_serdata_kind kind, ddsrt_msg_iovlen_t count,
                        const ddsrt_iovec_t *parts, size_t size) {
  auto *data = new Serialised(type, kind, size);
  size_t have = 0;
  for (ddsrt_msg_iovlen_t i = 0; i < count && have < size; i++) {
    const size_t octets = std::min<size_t>(parts[i].iov_len, size - have);
    memcpy(data->octets.data() + have, parts[i].iov_base, octets);
    have += octets;
  }
  return data;
}

ddsi_serdata *fromSample(const ddsi_sertype *type, ddsi_serdata_kind kind, const void *sample) {
  const Octets &cdr = static_cast<const Opaque *>(sample)->cdr;
  auto *data = new Serialised(type, kind, cdr.size());
  memcpy(data->octets.data(), cdr.data(), cdr.size());
  return data;
}

bool toSample(const ddsi_serdata *data, void *sample, void **, void *) {
  const Serialised &from = of(data);
  static_cast<Opaque *>(sample)->cdr.assign(from.octets.begin(), from.octets.begin() + static_cast<long>(from.size));
  return true;
}

const ddsi_serdata_ops serdataOps = {
    .eqkey = [](const ddsi_serdata *, const ddsi_serdata *) { return true; },
    .get_size = [](const ddsi_serdata *data) { return static_cast<uint32_t>(of(data).size); },
    .from_ser = fromFragments,
    .from_ser_iov = fromParts,
    .from_keyhash = [](const ddsi_sertype *type, const ddsi_keyhash *) -> ddsi_serdata * {
      return new Serialised(type, SDK_KEY, 0);
    },
    .from_sample = fromSample,
    .to_ser = [](const ddsi_serdata *data, size_t at, size_t count,
                 void *to) { memcpy(to, of(data).octets.data() + at, count); },
    .to_ser_ref = [](const ddsi_serdata *data, size_t at, size_t count, ddsrt_iovec_t *part) {
      part->iov_base = const_cast<uint8_t *>(of(data).octets.data() + at);
      part->iov_len = static_cast<ddsrt_iov_len_t>(count);
      return ddsi_serdata_ref(data);
    },
    .to_ser_unref = [](ddsi_serdata *data, const ddsrt_iovec_t *) { ddsi_serdata_unref(data); },
    .to_sample = toSample,
    .to_untyped = [](const ddsi_serdata *data) -> ddsi_serdata * {
      auto *key = new Serialised(data->type, SDK_KEY, 0);
      key->type = nullptr;
      return key;
    },
    .untyped_to_sample = [](const ddsi_sertype *, const ddsi_serdata *, void *, void **, void *) { return true; },
    .free = [](ddsi_serdata *data) { delete static_cast<Serialised *>(data); },
    .print = [](const ddsi_sertype *, const ddsi_serdata *data, char *to, size_t size) {
      return static_cast<size_t>(snprintf(to, size, "%zu octets", of(data).size));
    },
    .get_keyhash = [](const ddsi_serdata *, ddsi_keyhash *to, bool) { *to = {}; },
};

const ddsi_sertype_ops sertypeOps = {
    .version = ddsi_sertype_v0,
    .arg = nullptr,
    .free =
        [](ddsi_sertype *type) {
          ddsi_sertype_fini(type);
          delete type;
        },
    // Samples are never loaned: take() allocates its own.
    .zero_samples = [](const ddsi_sertype *, void *, size_t) {},
    .realloc_samples = [](void **, const ddsi_sertype *, void *, size_t, size_t) { abort(); },
    .free_samples = [](const ddsi_sertype *, void **, size_t, dds_free_op_t) {},
    .equal = [](const ddsi_sertype *, const ddsi_sertype *) { return true; },
    .hash = [](const ddsi_sertype *) { return uint32_t{0}; },
    .type_id = nullptr,
    .type_map = nullptr,
    .type_info = nullptr,
    .derive_sertype = nullptr,
    .get_serialized_size = nullptr,
    .serialize_into = nullptr,
};

}  // namespace

dds_entity_t createOpaqueTopic(dds_entity_t participant, const std::string &name, const std::string &typeName) {
  auto *type = new ddsi_sertype{};
  ddsi_sertype_init_flags(type, typeName.c_str(), &sertypeOps, &serdataOps, DDSI_SERTYPE_FLAG_TOPICKIND_NO_KEY);
  type->allowed_data_representation = DDS_DATA_REPRESENTATION_FLAG_XCDR1;
  const dds_entity_t topic = dds_create_topic_sertype(participant, name.c_str(), &type, nullptr, nullptr, nullptr);
  // If the topic was created, it owns the type.
  if (topic < 0) ddsi_sertype_unref(type);
  return topic;
}

}  // namespace peer
