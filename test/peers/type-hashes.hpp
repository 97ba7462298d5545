// RIHS01 hashes (REP 2016) of the types without a C structure here.
#pragma once

#include <string>

namespace peer {

// 64 hex digits for a DDS type name such as `std_srvs::srv::dds_::Trigger_Request_`; empty if it is unknown.
std::string typeHash(const std::string &ddsName);

}  // namespace peer
