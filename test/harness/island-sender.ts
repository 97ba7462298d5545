import { systemClock, udpDatagrams, unixStreams } from '@medkit/edges/node';
import {
  type Declaration,
  type FaultResult,
  ingestAddress,
  ingestWriter,
  openIngestSender,
  readIngestKey,
} from '@medkit/ingest';

/** The gate that the seed tells of, as a runtime declares it. */
export const GATE: Declaration = {
  runtime: 'RTMaps',
  area: { id: 'safety_island', name: 'Safety Island' },
  components: [{ id: 'safety_controller', name: 'Safety controller' }],
  apps: [
    {
      id: 'safety_gate',
      name: 'Safety gate',
      component: 'safety_controller',
      ports: [
        { id: 'commanded_vx', type: 'float64', unit: 'm/s', role: 'commanded' },
        { id: 'min_range_m', type: 'float64', unit: 'm', role: 'measured' },
        { id: 'stop_threshold_m', type: 'float64', unit: 'm', role: 'threshold', of: 'min_range_m' },
        { id: 'cycles', type: 'int64' },
      ],
      faults: [
        {
          code: 'PROTECTIVE_STOP',
          severity: 2,
          description: 'Somebody is within the stop distance',
          ports: ['commanded_vx', 'min_range_m', 'stop_threshold_m'],
        },
      ],
    },
  ],
};

export interface IslandSenderOptions {
  readonly address: string;
  /** 64 hex digits. */
  readonly key: string;
  readonly session?: bigint;
  readonly periodMs?: number;
}

/** A runtime that sends for real, every 20 ms, as it is told to be. */
export class IslandSender {
  readonly session: bigint;
  rangeM = 2.749;
  result: FaultResult = 'passed';
  /** Every message that was sent, for those who replay them. */
  readonly sent: Uint8Array[] = [];
  readonly #sender;
  readonly #writer;
  readonly #timer: NodeJS.Timeout;
  #cycles = 0;

  constructor({ address, key, session = BigInt(Date.now()) * 1000n, periodMs = 20 }: IslandSenderOptions) {
    this.session = session;
    this.#sender = openIngestSender({
      address: ingestAddress(address),
      datagrams: udpDatagrams,
      streams: unixStreams,
      clock: systemClock,
    });
    this.#writer = ingestWriter({ session, key: readIngestKey(key), declaration: GATE });
    this.#timer = setInterval(() => this.send(), periodMs);
  }

  /** A declaration now and then, and a state. */
  send(): void {
    const timeUs = BigInt(Math.round(performance.now() * 1000)) + 35_000_000_000n;
    if (this.#cycles++ % 25 === 0) this.#put(this.#writer.declaration(timeUs));
    const speed = this.result === 'failed' ? 0 : 0.5;
    this.#put(this.#writer.state(timeUs + 1n, [speed, this.rangeM, 0.8, BigInt(this.#cycles)], [this.result]));
  }

  /** Octets as they are, such as a message of before. */
  replay(octets: Uint8Array): void {
    this.#sender.send(octets);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  close(): void {
    this.stop();
    this.#sender.close();
  }

  #put(octets: Uint8Array): void {
    this.sent.push(Uint8Array.from(octets));
    this.#sender.send(octets);
  }
}
