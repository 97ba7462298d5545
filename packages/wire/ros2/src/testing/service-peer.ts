import { openParticipant, type Participant, type Reader, type Sample, type Writer } from '@medkit/rtps';
import { endpointUserData } from '../graph/user-data.ts';
import { ddsTopicName } from '../names/topic-names.ts';
import { ddsTypeName, requestTypeOf, responseTypeOf } from '../names/type-names.ts';
import { servicePolicies } from '../services/service-topics.ts';
import type { SimulatedGraph } from './simulated-graph.ts';
import { asVendor } from './vendor-datagrams.ts';

/** One end of a service in a DDS application, which only records what it receives. */
export interface ServiceEnd {
  readonly participant: Participant;
  readonly reader: Reader;
  readonly writer: Writer;
  readonly received: Sample[];
}

export interface ServiceEndOptions {
  readonly role: 'client' | 'service';
  readonly service: string;
  readonly type: string;
  /** USER_DATA members of both endpoints: `serviceid=1;`. */
  readonly userData?: string;
  readonly depth?: number;
  /** Called with each received sample. */
  readonly onSample?: (sample: Sample, end: ServiceEnd) => void;
}

/** Opens a DDS application of a vendor on a separate host. */
export const openVendorParticipant = (
  { clock, network, random }: SimulatedGraph,
  vendorId: string,
  address: string,
): Promise<Participant> =>
  openParticipant({ domainId: 0, clock, random, datagrams: asVendor(network.host(address), vendorId) });

/** Opens the two endpoints of a service client or server. */
export function openServiceEnd(participant: Participant, options: ServiceEndOptions): ServiceEnd {
  const { role, service, type, depth = 10 } = options;
  const topic = (kind: 'request' | 'reply') => ({
    topicName: ddsTopicName({ kind, name: service }),
    typeName: ddsTypeName(kind === 'request' ? requestTypeOf(type) : responseTypeOf(type)),
    qos: servicePolicies(depth),
    userData: endpointUserData(undefined, options.userData),
  });
  const received: Sample[] = [];
  const reader = participant.createReader({
    ...topic(role === 'client' ? 'reply' : 'request'),
    onSample: (sample) => {
      received.push(sample);
      options.onSample?.(sample, end);
    },
  });
  const writer = participant.createWriter(topic(role === 'client' ? 'request' : 'reply'));
  const end: ServiceEnd = { participant, reader, writer, received };
  return end;
}

/** Encodes a request (`a`, `b`) or response (`sum`) of example_interfaces/srv/AddTwoInts. */
export function encodeAddTwoInts(...numbers: readonly bigint[]): Uint8Array {
  const cdr = new Uint8Array(4 + 8 * numbers.length);
  cdr[1] = 1;
  for (const [index, number] of numbers.entries()) new DataView(cdr.buffer).setBigInt64(4 + 8 * index, number, true);
  return cdr;
}
