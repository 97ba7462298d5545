// A type whose samples Cyclone DDS carries without looking into them, as rmw_cyclonedds has its own.
#pragma once

#include <dds/dds.h>

#include <string>

namespace peer {

// A topic of `Opaque` samples; negative for an error.
dds_entity_t createOpaqueTopic(dds_entity_t participant, const std::string &name, const std::string &typeName);

}  // namespace peer
