import type { Change } from '../history/change.ts';
import type { Guid } from '../model/guid.ts';
import type { RemoteEndpoint } from '../model/remote.ts';
import type { Sample } from '../model/sample.ts';
import type { QosPolicies } from '../qos/policies.ts';
import type { LocalReader } from '../reader/local-reader.ts';
import { isKeyed } from '../wire/entity-ids.ts';
import { MEDKIT_VENDOR, vendorName } from '../wire/protocol.ts';

/** The announced properties of a local reader or writer. */
interface LocalEndpoint {
  readonly kind: RemoteEndpoint['kind'];
  readonly guid: Guid;
  readonly entityId: number;
  readonly qos: QosPolicies;
  readonly options: Pick<RemoteEndpoint, 'topicName' | 'typeName'> & Partial<Pick<RemoteEndpoint, 'userData'>>;
}

/** A writer that can be linked with readers of the same participant. */
interface LinkedWriter extends LocalEndpoint {
  /** Delivers the stored history. */
  replay(deliver: (sample: Sample) => void): void;
}

/** Returns a local endpoint in the form in which remote endpoints are described. */
export function describeLocal({ kind, guid, entityId, qos, options }: LocalEndpoint): RemoteEndpoint {
  return {
    guid,
    kind,
    topicName: options.topicName,
    typeName: options.typeName,
    qos,
    userData: options.userData ?? new Uint8Array(0),
    keyed: isKeyed(entityId),
    vendorId: vendorName(MEDKIT_VENDOR),
  };
}

/** Returns a change as a sample for a reader of the same participant. */
export function changeAsSample(change: Change, writer: LocalEndpoint, receivedMs: number): Sample {
  const { sourceMs, sequenceNumber, payload, relatedIdentity, keyHash } = change;
  return {
    change: change.change,
    payload,
    writer: describeLocal(writer),
    sequenceNumber,
    sourceSeconds: Math.floor(sourceMs / 1000),
    sourceNanoseconds: Math.floor((sourceMs % 1000) * 1e6),
    receivedMs,
    relatedIdentity,
    keyHash,
  };
}

/**
 * Matches of writers and readers of the same participant, whose samples bypass the network. A sample is delivered right
 * after the call that wrote it, never within it. A reply can therefore not arrive before `write` of its request
 * returns.
 */
export class LocalLinks<Writer extends LinkedWriter> {
  readonly #readers = new Map<Writer, Map<LocalReader, RemoteEndpoint>>();
  #queue: { readonly reader: LocalReader; readonly sample: Sample }[] = [];

  link(writer: Writer, reader: LocalReader): void {
    const readers = this.#readers.get(writer) ?? new Map<LocalReader, RemoteEndpoint>();
    this.#readers.set(writer, readers.set(reader, describeLocal(reader)));
    const wantsHistory = writer.qos.durability !== 'volatile' && reader.qos.durability !== 'volatile';
    if (wantsHistory) writer.replay((sample) => this.#enqueue(reader, sample));
  }

  isLinked(writer: Writer, reader: LocalReader): boolean {
    return this.#readers.get(writer)?.has(reader) ?? false;
  }

  unlink(writer: Writer, reader: LocalReader): void {
    this.#readers.get(writer)?.delete(reader);
  }

  /** Returns the local readers matched with a writer, described like remote endpoints. */
  readersOf(writer: Writer): readonly RemoteEndpoint[] {
    return [...(this.#readers.get(writer)?.values() ?? [])];
  }

  writersOf(reader: LocalReader): readonly Writer[] {
    return [...this.#readers].flatMap(([writer, readers]) => (readers.has(reader) ? [writer] : []));
  }

  linkedReaders(writer: Writer): readonly LocalReader[] {
    return [...(this.#readers.get(writer)?.keys() ?? [])];
  }

  forget(writer: Writer): void {
    this.#readers.delete(writer);
  }

  publish(writer: Writer, decodeSample: () => Sample, to: string | undefined): void {
    const readers = this.#readers.get(writer);
    if (!readers || readers.size === 0) return;
    let sample: Sample | undefined;
    for (const reader of readers.keys()) {
      if (to !== undefined && to !== reader.guid) continue;
      sample ??= decodeSample();
      this.#enqueue(reader, sample);
    }
  }

  #enqueue(reader: LocalReader, sample: Sample): void {
    this.#queue.push({ reader, sample });
    if (this.#queue.length === 1) queueMicrotask(() => this.#flush());
  }

  #flush(): void {
    const queue = this.#queue;
    this.#queue = [];
    for (const { reader, sample } of queue) reader.deliver(sample);
  }
}
