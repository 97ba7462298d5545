import { seededRandom } from '@medkit/edges';
import { type NetworkConditions, SimulatedClock, SimulatedNetwork } from '@medkit/edges/testing';
import type { Participant, ParticipantOptions } from '../model/api.ts';
import type { Sample } from '../model/sample.ts';
import { openParticipant } from '../participant/open-participant.ts';

/** Participants on a simulated network, in simulated time. */
export class Scene {
  readonly clock = new SimulatedClock();
  readonly network: SimulatedNetwork;
  readonly #seed: number;
  readonly #open: Participant[] = [];

  constructor({ seed = 1, conditions = {} }: { readonly seed?: number; readonly conditions?: NetworkConditions } = {}) {
    this.#seed = seed;
    this.network = new SimulatedNetwork({ clock: this.clock, random: seededRandom(seed), conditions });
  }

  /** Creates a participant on a new host with this address. */
  async join(address: string, options: Partial<ParticipantOptions> = {}): Promise<Participant> {
    const participant = await openParticipant({
      domainId: 0,
      clock: this.clock,
      datagrams: this.network.host(address),
      random: seededRandom(this.#seed * 1000 + this.#open.length),
      ...options,
    });
    this.#open.push(participant);
    return participant;
  }

  /** Advances simulated time and lets pending promises run. */
  async pass(ms: number): Promise<void> {
    this.clock.advance(ms);
    await settled();
  }

  /** Advances time in steps until `condition` holds. Throws after `limitMs`. */
  async until(condition: () => boolean, limitMs = 30_000, stepMs = 10): Promise<void> {
    for (let passedMs = 0; !condition(); passedMs += stepMs) {
      if (passedMs > limitMs) throw new Error(`not within ${limitMs} ms: ${condition}`);
      await this.pass(stepMs);
    }
  }
}

/** Resolves when pending callbacks and promises have run. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * Returns a little-endian CDR payload of at least `bytes` octets that contains `value`. Its length is a multiple of
 * four: DATA adds padding otherwise, which a reader cannot detect.
 */
export function payloadOf(value: number, bytes = 8): Uint8Array {
  const payload = new Uint8Array(Math.max(8, (bytes + 3) & ~3));
  payload[1] = 1;
  new DataView(payload.buffer).setUint32(4, value, true);
  for (let index = 8; index < payload.length; index += 1) payload[index] = value + index;
  return payload;
}

/** Returns the number in a payload, or -1 if the rest of it differs from the output of `payloadOf`. */
export function numberIn({ payload }: Pick<Sample, 'payload'>): number {
  const value = new DataView(payload.buffer, payload.byteOffset).getUint32(4, true);
  for (let index = 8; index < payload.length; index += 1) if (payload[index] !== ((value + index) & 255)) return -1;
  return value;
}

export const TOPIC = { topicName: 'rt/chatter', typeName: 'std_msgs::msg::dds_::String_' };
export const RELIABLE = { reliability: 'reliable' } as const;
export const KEEP_ALL = { ...RELIABLE, history: { kind: 'keep-all' } } as const;
export const LATCHED = { ...KEEP_ALL, durability: 'transient-local' } as const;
