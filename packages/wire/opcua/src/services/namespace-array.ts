import { MAX_NAMESPACES, MAX_TEXT } from '../bounds.ts';
import type { SessionChannel } from '../channel/session-channel.ts';
import type { PlcUnreachable } from '../plc-error.ts';
import { qualityOf } from '../values/status.ts';
import { ATTRIBUTES, readAttributes } from './readings.ts';

/** NamespaceArray of the Server object (OPC 10000-5, 6.3.1). */
const NAMESPACE_ARRAY = 'i=2255';

/**
 * Reads the URIs of the server's namespaces in index order. Returns `undefined` if the server does not provide them.
 */
export async function readNamespaceArray(session: SessionChannel): Promise<readonly string[] | undefined> {
  const [read] = await readAttributes(session, [{ nodeId: NAMESPACE_ARRAY, attribute: ATTRIBUTES.value }]);
  const uris = read?.value?.value;
  if (!Array.isArray(uris) || qualityOf(read!.statusCode.value) === 'bad') return undefined;
  return uris.slice(0, MAX_NAMESPACES).map((uri) => String(uri ?? '').slice(0, MAX_TEXT));
}

/**
 * The namespace array of one session. A server may append to it (OPC 10000-5, 6.3.1), and a change of the order gives
 * node ids another meaning. In both cases the session ends and the next one resolves the node ids again.
 */
export class SessionNamespaces {
  readonly #session: SessionChannel;
  #first: readonly string[] | undefined;

  constructor(session: SessionChannel) {
    this.#session = session;
  }

  async read(): Promise<readonly string[] | undefined> {
    this.#first ??= await readNamespaceArray(this.#session);
    return this.#first;
  }

  /**
   * Reads the array again, if it was read before. Ends the session and rejects if the meaning of an index has changed.
   */
  async check(): Promise<void> {
    if (this.#first === undefined) return;
    const present = await readNamespaceArray(this.#session);
    const isSame = present?.length === this.#first.length && this.#first.every((uri, index) => present[index] === uri);
    if (isSame) return;
    const error: PlcUnreachable = this.#session.channel.fail(
      new Error('the server changed its namespaces: node ids are resolved again'),
    );
    throw error;
  }
}
