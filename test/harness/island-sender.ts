import { systemClock, udpDatagrams, unixStreams } from '@medkit/edges/node';
import { type FaultResult, ingestAddress, ingestWriter, openIngestSender, readIngestKey } from '@medkit/ingest';
import { SAFETY_GATE } from '../../packages/wire/ingest/src/testing/safety-gate.ts';

export interface IslandSenderOptions {
  readonly address: string;
  /** 64 hex digits. */
  readonly key: string;
  readonly session?: bigint;
  readonly periodMs?: number;
}

/** A runtime that sends its state every 20 ms over a real socket. */
export class IslandSender {
  readonly session: bigint;
  rangeM = 2.749;
  result: FaultResult = 'passed';
  /** Every message sent, for tests that replay them. */
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
    this.#writer = ingestWriter({ session, key: readIngestKey(key), declaration: SAFETY_GATE });
    this.#timer = setInterval(() => this.send(), periodMs);
  }

  /** Sends a state, and periodically a declaration. */
  send(): void {
    const timeUs = BigInt(Math.round(performance.now() * 1000)) + 35_000_000_000n;
    if (this.#cycles++ % 25 === 0) this.#put(this.#writer.declaration(timeUs));
    const speed = this.result === 'failed' ? 0 : 0.5;
    this.#put(this.#writer.state(timeUs + 1n, [speed, this.rangeM, 0.8], [this.result]));
  }

  /** Sends bytes unchanged, such as an earlier message. */
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
