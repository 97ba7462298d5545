import type { JsonValue } from '@medkit/core';
import { type PortType, portValue } from '@medkit/ingest';

/** Points of one port at most: a port that changes more often has those that are furthest apart. */
const POINTS = 256;
const PORT_OCTETS = 8;

/** `[microseconds of the runtime, value]`; `null` for what is no finite number. */
export type PortPoint = readonly [timeUs: number, value: number | null];

/** What the ports said last, and how they changed in the last moments. Times are those of the runtime, microseconds. */
export class PortMemory {
  readonly #types: readonly PortType[];
  readonly #windowUs: number;
  readonly #rings: readonly ChangeRing[];
  readonly #last: Uint8Array<ArrayBuffer>;
  readonly #lastView: DataView;
  #timeUs = 0;
  #receivedNs: bigint | undefined;

  constructor(types: readonly PortType[], windowMs: number) {
    this.#types = types;
    this.#windowUs = windowMs * 1000;
    this.#rings = types.map(() => new ChangeRing(this.#windowUs / POINTS));
    this.#last = new Uint8Array(types.length * PORT_OCTETS);
    this.#lastView = new DataView(this.#last.buffer);
  }

  /** When the last state was received, nanoseconds since the epoch; `undefined` before the first. */
  get receivedNs(): bigint | undefined {
    return this.#receivedNs;
  }

  /** The time of the last state, microseconds of the runtime. */
  get timeUs(): number {
    return this.#timeUs;
  }

  /** Takes the ports of a state, 8 octets each. */
  put(ports: Uint8Array, timeUs: bigint, receivedNs: bigint): void {
    const isFirst = this.#receivedNs === undefined;
    this.#timeUs = Number(timeUs);
    this.#receivedNs = receivedNs;
    const view = new DataView(ports.buffer, ports.byteOffset, ports.byteLength);
    const last = this.#lastView;
    for (let at = 0, place = 0; at < this.#types.length; at++, place += PORT_OCTETS) {
      const isSame =
        view.getInt32(place) === last.getInt32(place) && view.getInt32(place + 4) === last.getInt32(place + 4);
      if (isSame && !isFirst) continue;
      const type = this.#types[at] as PortType;
      this.#rings[at]?.put(this.#timeUs, Number(portValue(ports, at, type)));
    }
    this.#last.set(ports.subarray(0, this.#last.length));
  }

  /** What the port said last; `null` for what is no finite number, `undefined` where it has said nothing. */
  value(at: number): JsonValue | undefined {
    const type = this.#types[at];
    if (this.#receivedNs === undefined || type === undefined) return undefined;
    const value = portValue(this.#last, at, type);
    return typeof value === 'number' && !Number.isFinite(value) ? null : value;
  }

  /** How the port changed in the last moments, the oldest first: at least where it is now. Empty where it has said nothing. */
  history(at: number): readonly PortPoint[] {
    if (this.#receivedNs === undefined) return [];
    const points = this.#rings[at]?.since(this.#timeUs - this.#windowUs) ?? [];
    const value = this.value(at);
    return points.length > 0 ? points : [[this.#timeUs, value === null ? null : Number(value)]];
  }
}

/** The last changes of one port, in room that is made once. */
class ChangeRing {
  readonly #spacingUs: number;
  readonly #times = new Float64Array(POINTS);
  readonly #values = new Float64Array(POINTS);
  #count = 0;

  /** @param spacingUs changes that follow each other sooner are one point, the later one */
  constructor(spacingUs: number) {
    this.#spacingUs = spacingUs;
  }

  put(timeUs: number, value: number): void {
    const last = this.#count - 1;
    // The last point alone may be closer to the one before: it is where the port is, until there is a later one.
    if (last > 0 && this.#at(this.#times, last) - this.#at(this.#times, last - 1) < this.#spacingUs) this.#count--;
    this.#times[this.#count % POINTS] = timeUs;
    this.#values[this.#count % POINTS] = value;
    this.#count++;
  }

  since(fromUs: number): readonly PortPoint[] {
    const points: PortPoint[] = [];
    for (let at = Math.max(0, this.#count - POINTS); at < this.#count; at++) {
      const timeUs = this.#at(this.#times, at);
      const value = this.#at(this.#values, at);
      if (timeUs >= fromUs) points.push([timeUs, Number.isFinite(value) ? value : null]);
    }
    return points;
  }

  #at(column: Float64Array, index: number): number {
    return column[index % POINTS] as number;
  }
}
