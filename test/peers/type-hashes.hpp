// RIHS01 hashes (REP 2016) of the types that have no C structure here.
#pragma once

#include <string>

namespace peer {

// 64 hex digits for a DDS type name as `std_srvs::srv::dds_::Trigger_Request_`; empty where it is not known.
std::string typeHash(const std::string &ddsName);

}  // namespace peer
