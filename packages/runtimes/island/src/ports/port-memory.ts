import type { JsonValue } from '@medkit/core';
import { type PortType, portValue } from '@medkit/ingest';

/** Maximum points per port; if a port changes more often, points are spaced further apart. */
const POINTS = 256;
const PORT_OCTETS = 8;

/** `[microseconds of the runtime, value]`; `null` if the value is not a finite number. */
export type PortPoint = readonly [timeUs: number, value: number | null];

/** Last values of the ports and their recent changes. Times are those of the runtime, in microseconds. */
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

  /** When the last state was received, in nanoseconds since the epoch; `undefined` before the first. */
  get receivedNs(): bigint | undefined {
    return this.#receivedNs;
  }

  /** Time of the last state, in microseconds of the runtime. */
  get timeUs(): number {
    return this.#timeUs;
  }

  /** Stores the ports of a state, 8 bytes each. */
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

  /** Returns the last value of a port; `null` if it is not a finite number, `undefined` before the first state. */
  value(at: number): JsonValue | undefined {
    const type = this.#types[at];
    if (this.#receivedNs === undefined || type === undefined) return undefined;
    const value = portValue(this.#last, at, type);
    return typeof value === 'number' && !Number.isFinite(value) ? null : value;
  }

  /** Returns the recent changes of a port, oldest first; at least its current value. Empty before the first state. */
  history(at: number): readonly PortPoint[] {
    if (this.#receivedNs === undefined) return [];
    const points = this.#rings[at]?.since(this.#timeUs - this.#windowUs) ?? [];
    const value = this.value(at);
    return points.length > 0 ? points : [[this.#timeUs, value === null ? null : Number(value)]];
  }
}

/** The last changes of one port, in preallocated memory. */
class ChangeRing {
  readonly #spacingUs: number;
  readonly #times = new Float64Array(POINTS);
  readonly #values = new Float64Array(POINTS);
  #count = 0;

  /** @param spacingUs changes closer together than this become one point, the later one */
  constructor(spacingUs: number) {
    this.#spacingUs = spacingUs;
  }

  put(timeUs: number, value: number): void {
    const last = this.#count - 1;
    // Only the last point may be closer to its predecessor: it is the current value until a later point replaces it.
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
