import type { Participant, QosPolicies, Reader, Sample, Writer } from '@medkit/rtps';
import { payloadOf } from '../../../packages/wire/rtps/src/testing/scene.ts';

const RELIABLE = { reliability: 'reliable' } as const;

/** Every kind of endpoint that behaves differently on the wire. */
export const FLAVOURS = {
  'best-effort': { writer: {}, reader: {} },
  reliable: { writer: { ...RELIABLE, history: { kind: 'keep-last', depth: 200 } }, reader: RELIABLE },
  'keep-all': { writer: { ...RELIABLE, history: { kind: 'keep-all' } }, reader: RELIABLE },
  latched: {
    writer: { ...RELIABLE, durability: 'transient-local', history: { kind: 'keep-last', depth: 20 } },
    reader: { ...RELIABLE, durability: 'transient-local' },
  },
} as const satisfies Record<string, Record<'writer' | 'reader', Partial<QosPolicies>>>;

export type Flavour = keyof typeof FLAVOURS;
export const FLAVOUR_NAMES = Object.keys(FLAVOURS) as readonly Flavour[];

/** Payload sizes in bytes: one DATA, a few fragments of one datagram each, dozens of fragments. */
const SIZES: readonly number[] = [60, 60, 3000, 60, 60, 20_000, 60, 150_000];

/**
 * Endpoints of every flavour of one participant. `in` is the direction to the participant under attack, `out` the
 * opposite one.
 */
export class Endpoints {
  readonly writers: Record<Flavour, Writer>;
  readonly readers: Readonly<Record<Flavour, Reader>>;
  readonly #written: Record<string, number> = {};
  readonly #open: (flavour: Flavour) => Writer;

  constructor(
    participant: Participant,
    writes: 'in' | 'out',
    onSample: (flavour: Flavour, sample: Sample) => void,
    flavours: readonly Flavour[] = FLAVOUR_NAMES,
  ) {
    const reads = writes === 'in' ? 'out' : 'in';
    const endpoint = (flavour: Flavour, way: string) => ({ topicName: `rt/${flavour}/${way}`, typeName: 'Fuzz' });
    const each = <T>(make: (flavour: Flavour) => T) =>
      Object.fromEntries(flavours.map((flavour) => [flavour, make(flavour)])) as Record<Flavour, T>;
    this.#open = (flavour) => participant.createWriter({ ...endpoint(flavour, writes), qos: FLAVOURS[flavour].writer });
    this.writers = each(this.#open);
    this.readers = each((flavour) =>
      participant.createReader({
        ...endpoint(flavour, reads),
        qos: FLAVOURS[flavour].reader,
        onSample: (sample) => onSample(flavour, sample),
      }),
    );
  }

  /** Replaces a writer with a new one. */
  renew(flavour: Flavour): void {
    this.writers[flavour].close();
    this.writers[flavour] = this.#open(flavour);
  }

  /** Writes the next number of a flavour. */
  write(flavour: Flavour): void {
    const value = (this.#written[flavour] ?? -1) + 1;
    this.#written[flavour] = value;
    this.writers[flavour].write(payloadOf(value, SIZES[value % SIZES.length]));
  }

  /** Returns how many numbers of a flavour were written. */
  written(flavour: Flavour): number {
    return (this.#written[flavour] ?? -1) + 1;
  }
}
