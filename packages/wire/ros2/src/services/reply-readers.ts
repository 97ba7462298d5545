import { type Guid, type GuidPrefix, prefixOf, type RemoteEndpoint } from '@medkit/rtps';
import { pairIdOf } from './pair-id.ts';

/** Maximum readers that receive the response if the client does not identify its own reader. */
const MAX_GUESSED = 64;

/** The matched reply readers of a server, by client. */
export class ReplyReaders {
  readonly #byParticipant = new Map<GuidPrefix, Map<Guid, string | undefined>>();
  /** Latest result per request writer, which nearly always belongs to one client. Cleared when readers change. */
  #found = new WeakMap<RemoteEndpoint, { readonly client: string; readonly readers: readonly Guid[] }>();

  add(reader: RemoteEndpoint): void {
    const prefix = prefixOf(reader.guid);
    const readers = this.#byParticipant.get(prefix) ?? new Map<Guid, string | undefined>();
    this.#byParticipant.set(prefix, readers.set(reader.guid, pairIdOf(reader)));
    this.#found = new WeakMap();
  }

  remove({ guid }: RemoteEndpoint): void {
    const readers = this.#byParticipant.get(prefixOf(guid));
    readers?.delete(guid);
    this.#found = new WeakMap();
    if (readers?.size === 0) this.#byParticipant.delete(prefixOf(guid));
  }

  /**
   * Returns the readers for a client's response: the reader that it names, or that has the same pair id as its request
   * writer. If it announces neither, all readers of its participant without pair id; the client recognises its own
   * response.
   */
  of(client: string, requestWriter: RemoteEndpoint): readonly Guid[] {
    const known = this.#found.get(requestWriter);
    if (known?.client === client) return known.readers;
    const readers = this.#find(client, requestWriter);
    this.#found.set(requestWriter, { client, readers });
    return readers;
  }

  #find(client: string, requestWriter: RemoteEndpoint): readonly Guid[] {
    const readers = this.#byParticipant.get(prefixOf(requestWriter.guid));
    if (!readers) return [];
    if (readers.has(client)) return [client];
    const pair = pairIdOf(requestWriter);
    return [...readers].flatMap(([guid, id]) => (id === pair ? [guid] : [])).slice(0, MAX_GUESSED);
  }
}
