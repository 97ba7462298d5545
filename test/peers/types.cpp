#include "types.hpp"

#include "json.hpp"
#include "values.hpp"

namespace peer {

namespace {

template <class M> std::string asJson(const void *sample) {
  Json json;
  // Visitors take fields by reference; this one only reads.
  json.message(*const_cast<M *>(static_cast<const M *>(sample)));
  return json.text;
}

template <class M> const void *valueOf(long index, size_t size) {
  if constexpr (requires(M m) { fill(m, index, size); }) {
    static M sample;
    sample = M{};
    fill(sample, index, size);
    return &sample;
  } else {
    return nullptr;
  }
}

const Type types[] = {
#define ROW(name, type, ddsName, hash) {name, ddsName, hash, asJson<type>, valueOf<type>},
    PEER_TYPES(ROW)
#undef ROW
};

}  // namespace

const Type *findType(const std::string &name) {
  for (const Type &type : types)
    if (name == type.name) return &type;
  return nullptr;
}

std::string hashUserData(const Type &type) {
  return *type.hash ? std::string("typehash=RIHS01_") + type.hash + ";" : "";
}

}  // namespace peer
