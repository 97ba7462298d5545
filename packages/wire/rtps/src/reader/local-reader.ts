import type { Drops } from '../drops.ts';
import type { ReaderOptions } from '../model/api.ts';
import type { Guid } from '../model/guid.ts';
import type { RemoteEndpoint } from '../model/remote.ts';
import type { Sample } from '../model/sample.ts';
import type { QosPolicies } from '../qos/policies.ts';
import type { WriterMatch } from './writer-match.ts';

/** A reader of this participant: its identity, its matches and its sample callback. */
export class LocalReader {
  readonly kind = 'reader';
  readonly guid: Guid;
  readonly entityId: number;
  readonly qos: QosPolicies;
  readonly options: ReaderOptions;
  /**
   * Highest ACKNACK and NACK_FRAG count of former matches; new matches continue from it. Fast DDS ignores lower counts
   * as outdated if it did not notice the end of the match, for example because its process was suspended.
   */
  highestCount = 0;
  readonly #drops: Drops;
  readonly #matches = new Map<Guid, WriterMatch>();
  #closed = false;

  constructor({
    guid,
    entityId,
    qos,
    options,
    drops,
  }: {
    readonly guid: Guid;
    readonly entityId: number;
    readonly qos: QosPolicies;
    readonly options: ReaderOptions;
    readonly drops: Drops;
  }) {
    this.guid = guid;
    this.entityId = entityId;
    this.qos = qos;
    this.options = options;
    this.#drops = drops;
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  deliver(sample: Sample): void {
    if (this.#closed) return;
    // Without `guard`, which would allocate a closure per sample.
    try {
      this.options.onSample(sample);
    } catch (error) {
      this.#drops.failed('listener-threw', error);
    }
  }

  lost(writer: RemoteEndpoint, count: number): void {
    if (!this.#closed) this.#drops.guard(() => this.options.onLost?.(writer, count));
  }

  match(match: WriterMatch): void {
    this.#matches.set(match.writer.guid, match);
  }

  unmatch(writer: Guid): WriterMatch | undefined {
    const match = this.#matches.get(writer);
    this.#matches.delete(writer);
    match?.close();
    return match;
  }

  matchOf(writer: Guid): WriterMatch | undefined {
    return this.#matches.get(writer);
  }

  matches(): Iterable<WriterMatch> {
    return this.#matches.values();
  }

  close(): void {
    this.#closed = true;
  }
}
