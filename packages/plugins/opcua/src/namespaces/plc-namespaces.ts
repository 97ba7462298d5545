import { errorMessage, type Log } from '@medkit/core';
import type { PlcSession } from '@medkit/opcua';
import type { NodeMap } from '../node-map/node-map.ts';
import { namespaceFingerprint, nodeIdsIn } from './namespace-fingerprint.ts';
import type { NamespaceStore } from './namespace-store.ts';
import { NamespaceTable } from './namespace-table.ts';
import { translatedSession } from './translated-session.ts';

export interface PlcNamespacesOptions {
  readonly map: NodeMap;
  readonly store: NamespaceStore;
  readonly nowNs: () => bigint;
  readonly log: Log;
}

/** The namespaces of one PLC over its sessions: node ids keep their meaning if the server reorders its namespaces. */
export class PlcNamespaces {
  readonly #options: PlcNamespacesOptions;
  #problem: string | undefined;

  constructor(options: PlcNamespacesOptions) {
    this.#options = options;
  }

  /** Which entries of the node map are not used in the current session, and why; `undefined` if all are used. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Returns the session with the node ids of the node map. Rejects if the stored namespaces cannot be read. */
  async translated(session: PlcSession): Promise<PlcSession> {
    const { map, store, nowNs, log } = this.#options;
    const mapped = nodeIdsIn(map);
    const table = new NamespaceTable({
      stored: await store.read(),
      present: await session.namespaces(),
      fingerprint: namespaceFingerprint(map),
      mapped,
    });
    if (table.toStore !== undefined) {
      await store.write(table.toStore).catch((error: unknown) => {
        log('warn', `cannot store its namespaces for a restart of the gateway: ${errorMessage(error)}`);
      });
    }
    this.#problem = this.#problemOf(table, mapped);
    if (this.#problem !== undefined) log('warn', this.#problem);
    if (table.isIdentity) return session;
    if (this.#problem === undefined) log('info', 'its namespaces are resolved by their URIs, in any order');
    return translatedSession(session, table, nowNs);
  }

  #problemOf(table: NamespaceTable, mapped: readonly string[]): string | undefined {
    const [first, ...others] = mapped.filter((nodeId) => table.toServer(nodeId) === undefined);
    if (first === undefined) return undefined;
    const { path } = this.#options.store;
    const which = others.length === 0 ? first : `${first} and ${others.length} more nodes`;
    const remedy =
      path === undefined
        ? 'name the namespaces by nsu=<uri>; in the node map'
        : `name the namespaces by nsu=<uri>; in the node map, or remove ${path} if its indices match the current ones of the server`;
    return `${which} of the node map: not read and not written, because ${table.refusalOf(first)}; ${remedy}`;
  }
}
