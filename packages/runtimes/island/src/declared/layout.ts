import { nativeIdOf } from '@medkit/core';
import type { Declaration, DeclaredApp, DeclaredFault, DeclaredPort } from '@medkit/ingest';

/** A port, and its place in every state. */
export interface LaidPort {
  readonly app: DeclaredApp;
  readonly port: DeclaredPort;
  readonly at: number;
}

/** A fault, and its place in every state. */
export interface LaidFault {
  readonly app: DeclaredApp;
  readonly fault: DeclaredFault;
  readonly at: number;
}

/** What a runtime declared of itself, with the order that its states have. */
export interface Layout {
  readonly declaration: Declaration;
  readonly ports: readonly LaidPort[];
  readonly faults: readonly LaidFault[];
  /** Ports of an app by its native id, `apps/safety_gate`; none of anything else. */
  portsOf(nativeId: string): readonly LaidPort[];
}

/** Ports and faults stand in a state as they do in the declaration, app by app. */
export function layoutOf(declaration: Declaration): Layout {
  const { apps } = declaration;
  const ports = apps.flatMap((app) => app.ports.map((port) => ({ app, port }))).map((each, at) => ({ ...each, at }));
  const faults = apps
    .flatMap((app) => app.faults.map((fault) => ({ app, fault })))
    .map((each, at) => ({ ...each, at }));
  const byApp = Map.groupBy(ports, ({ app }) => nativeIdOf({ kind: 'app', id: app.id }));
  return { declaration, ports, faults, portsOf: (nativeId) => byApp.get(nativeId) ?? [] };
}
