import { type Guid, type GuidPrefix, prefixOf, type RemoteEndpoint } from '@medkit/rtps';
import { pairIdOf } from './pair-id.ts';

/** Readers that get the response to a client that does not say which one is its own. */
const MAX_GUESSED = 64;

/** The readers of replies that a server is matched with, by the clients they belong to. */
export class ReplyReaders {
  readonly #byParticipant = new Map<GuidPrefix, Map<Guid, string | undefined>>();
  /** What was found last for a writer of requests, which nearly always is of one client; until a reader comes or goes. */
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
   * Where a client wants its response: at the reader that it names, or that announces the same id as the writer of its
   * requests. One that says nothing has it at all readers of its participant that say nothing either, and finds its own.
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
