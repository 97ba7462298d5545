import { nativeIdOf } from '@medkit/core';
import type { Declaration, DeclaredApp, DeclaredFault, DeclaredPort } from '@medkit/ingest';

/** A port with its index in every state. */
export interface IndexedPort {
  readonly app: DeclaredApp;
  readonly port: DeclaredPort;
  readonly at: number;
}

/** A fault with its index in every state. */
export interface IndexedFault {
  readonly app: DeclaredApp;
  readonly fault: DeclaredFault;
  readonly at: number;
}

/** The declaration of a runtime, with the order of ports and faults in its states. */
export interface Layout {
  readonly declaration: Declaration;
  readonly ports: readonly IndexedPort[];
  readonly faults: readonly IndexedFault[];
  /** Returns the ports of an app by its native id, `apps/safety_gate`; empty for any other id. */
  portsOf(nativeId: string): readonly IndexedPort[];
}

/** Computes the layout: a state contains ports and faults in the order of the declaration, app by app. */
export function layoutOf(declaration: Declaration): Layout {
  const { apps } = declaration;
  const ports = apps.flatMap((app) => app.ports.map((port) => ({ app, port }))).map((each, at) => ({ ...each, at }));
  const faults = apps
    .flatMap((app) => app.faults.map((fault) => ({ app, fault })))
    .map((each, at) => ({ ...each, at }));
  const byApp = Map.groupBy(ports, ({ app }) => nativeIdOf({ kind: 'app', id: app.id }));
  return { declaration, ports, faults, portsOf: (nativeId) => byApp.get(nativeId) ?? [] };
}
