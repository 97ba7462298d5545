import type { HealthDds } from '@medkit/contract';
import type { AdapterFacts } from '@medkit/ros2';

/** Block `x-medkit-dds` of `/health`: how medkit receives data from the robot. */
export function ddsBlock(facts: AdapterFacts): HealthDds {
  const { receiveBuffer, datagrams } = facts;
  return {
    domain_id: facts.domainId,
    discovery_range: facts.discoveryRange,
    interfaces: [...facts.interfaces],
    interfaces_down: [...facts.interfacesDown],
    interface_changes: facts.interfaceEvents.map(({ name, address, change, reason, agoMs }) => ({
      interface: name,
      address,
      change,
      ...(reason !== undefined && { reason }),
      sec_ago: Math.round(agoMs / 100) / 10,
    })),
    participants: facts.participants.map(({ vendor, version, count }) => ({
      vendor,
      ...(version !== '' && { version }),
      count,
    })),
    not_understood: facts.notUnderstood.map(({ address, vendor, reason, count, lastReceivedAgoMs }) => ({
      address,
      vendor,
      reason,
      count,
      last_heard_sec_ago: Math.round(lastReceivedAgoMs / 100) / 10,
    })),
    receive_buffer: { asked_bytes: receiveBuffer.requestedBytes, granted_bytes: receiveBuffer.grantedBytes },
    datagrams: {
      received: datagrams.received,
      sent: datagrams.sent,
      send_failures: datagrams.sendFailures,
    },
    dropped: { ...facts.dropped },
    qos_mismatches: facts.incompatible.length,
  };
}
