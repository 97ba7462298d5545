import { openParticipant, type Participant } from '@medkit/rtps';
import type { SimulatedGraph } from './simulated-graph.ts';

/** A DDS application on a separate host, without any ROS endpoints. */
export function openPlainParticipant(
  { clock, network, random }: SimulatedGraph,
  leaseMs = 10_000,
): Promise<Participant> {
  return openParticipant({ domainId: 0, clock, random, leaseMs, datagrams: network.host('10.0.0.200') });
}
