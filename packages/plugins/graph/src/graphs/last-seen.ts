import type { App } from '@medkit/core';

/** When offline apps were last online, as far as that was observed. */
export class LastSeen {
  #online: ReadonlySet<string> = new Set();
  readonly #seenMs = new Map<string, number>();

  /** Processes all apps of the tree at `wallMs`; other apps are removed. */
  update(apps: readonly App[], wallMs: number): void {
    const online = new Set<string>();
    const offline = new Set<string>();
    for (const { id, online: isOnline } of apps) (isOnline ? online : offline).add(id);
    for (const id of this.#online) if (offline.has(id)) this.#seenMs.set(id, wallMs);
    for (const id of this.#seenMs.keys()) if (!offline.has(id)) this.#seenMs.delete(id);
    this.#online = online;
  }

  /** Returns ms since the epoch; `undefined` if the app is online or never was. */
  of(appId: string): number | undefined {
    return this.#seenMs.get(appId);
  }
}
