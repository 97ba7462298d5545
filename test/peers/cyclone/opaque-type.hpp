// A type whose samples Cyclone DDS passes on undecoded, like the type in rmw_cyclonedds.
#pragma once

#include <dds/dds.h>

#include <string>

namespace peer {

// Creates a topic of `Opaque` samples; returns a negative value for an error.
dds_entity_t createOpaqueTopic(dds_entity_t participant, const std::string &name, const std::string &typeName);

}  // namespace peer
