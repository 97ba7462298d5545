import type { App } from '@medkit/core';

/** When apps that are offline were last online, as far as that was seen. */
export class LastSeen {
  #online: ReadonlySet<string> = new Set();
  readonly #seenMs = new Map<string, number>();

  /** Takes in all apps of the tree as they are at `wallMs`; apps that are not among them are forgotten. */
  update(apps: readonly App[], wallMs: number): void {
    const online = new Set<string>();
    const offline = new Set<string>();
    for (const { id, online: isOnline } of apps) (isOnline ? online : offline).add(id);
    for (const id of this.#online) if (offline.has(id)) this.#seenMs.set(id, wallMs);
    for (const id of this.#seenMs.keys()) if (!offline.has(id)) this.#seenMs.delete(id);
    this.#online = online;
  }

  /** ms since the epoch; `undefined` for one that is online, or never was. */
  of(appId: string): number | undefined {
    return this.#seenMs.get(appId);
  }
}
