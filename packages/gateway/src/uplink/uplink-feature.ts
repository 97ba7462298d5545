import type { AuditFile } from '@medkit/audit';
import type { UplinkStatus } from '@medkit/contract';
import { errorMessage, type Log, type Model, quotaBlock, type RuntimeHealth } from '@medkit/core';
import { type Clock, type Files, Quota } from '@medkit/edges';
import { type ClassUse, type NewRecord, RECORD_CLASSES, type UplinkLog } from '@medkit/uplink';
import type { GatewayAudit } from '../audit/gateway-audit.ts';
import type { GatewayConfig } from '../config/index.ts';
import { LinesReply } from '../http/lines-reply.ts';
import { treeTag } from '../http/page-cache.ts';
import type { RouteReader } from '../route-reader.ts';
import { copyAuditRecords } from './audit-records.ts';
import type { GatewayHubs } from './gateway-hubs.ts';
import type { GatewayUplink } from './gateway-uplink.ts';
import { recordRobot, releaseIn } from './robot-records.ts';
import { type LogRequest, uplinkLines } from './uplink-lines.ts';
import { uplinkState } from './uplink-state.ts';

/** Interval in which several changes of the tree, or of an incident, become one record. */
const TREE_MS = 30_000;
const INCIDENT_MS = 2000;
/** Maximum replies of the log that are open together, of one robot with few hubs. */
const MAX_READERS = 16;

export interface UplinkFeatureOptions {
  readonly uplink: GatewayUplink;
  /** The hubs and the connections to them. */
  readonly hubs?: GatewayHubs | undefined;
  readonly model: Model;
  readonly routes: RouteReader;
  readonly clock: Clock;
  readonly bootId: string;
  readonly config: Pick<GatewayConfig, 'audit' | 'hub' | 'plugins'>;
  /** The audit log, whose records are copied. */
  readonly audit: Pick<GatewayAudit, 'service'>;
  readonly auditFile: Pick<AuditFile, 'onAppended'>;
  readonly storage: Pick<Files, 'readText'>;
  readonly machineName: string;
  readonly log: Log;
}

/** The uplink log as its routes use it, and what records changes of the tree and of incidents. */
export interface UplinkFeature {
  log(): UplinkLog | undefined;
  /** @param hub the hub that requests the state; absent for a program on this machine */
  state(log: UplinkLog, hub?: string): ReturnType<typeof uplinkState>;
  /** Returns a reply with the requested lines; `undefined` if too many replies are open. */
  lines(log: UplinkLog, request: LogRequest, owner: string): LinesReply | undefined;
  /** @param hub the hub that requests the status; absent for another client */
  status(hub?: string): Promise<UplinkStatus>;
  health(): RuntimeHealth;
  close(): void;
}

/** Bytes of the socket by direction and class, for the metrics. */
function octets(classes: readonly ClassUse[]): RuntimeHealth['blocks'][string] {
  return {
    sent: Object.fromEntries(classes.map(({ class: each, sent_bytes: bytes }) => [each, bytes])),
    received: Object.fromEntries(classes.map(({ class: each, received_bytes: bytes }) => [each, bytes])),
  };
}

/** The block of `/health`: for each hub whether it is connected, and the bytes of its connection. */
const hubsBlock = (hubs: Pick<GatewayHubs, 'list'>): RuntimeHealth['blocks'][string] =>
  Object.fromEntries(
    hubs.list.map((hub) => [hub.name, { connected: hub.isConnected() ? 1 : 0, ...octets(hub.traffic()) }]),
  );

/** Opens the feature. Loaded only if this robot has a hub. */
export function uplinkFeature(options: UplinkFeatureOptions): UplinkFeature {
  const { uplink, hubs, model, routes, clock, bootId, config, log } = options;
  uplink.useTree(() => model.tree);
  hubs?.useFacts(async () => {
    const { items } = await routes.read('listAllFaults', { query: { status: 'confirmed' } });
    const count = (label: string) => items.filter((fault) => fault.severity_label === label).length;
    return { critical: count('CRITICAL'), error: count('ERROR'), software: releaseIn(await routes.read('getHealth')) };
  });
  const readers = new Quota(MAX_READERS);
  const ended = new AbortController();
  const record = (entry: NewRecord): void => {
    uplink
      .log()
      ?.append([entry])
      .catch((error: unknown) =>
        log('error', `the uplink log lacks a record of kind ${entry.kind}: ${errorMessage(error)}`),
      );
  };
  const etag = (): string => treeTag(bootId, model.tree.generation);
  const stops: (() => void)[] = [
    model.events.on('incident.changed', ({ news, incident, mergedIds = [] }) => {
      const body = JSON.stringify({ news, incident, ...(mergedIds.length > 0 && { merged_ids: mergedIds }) });
      const coalesceMs = news === 'changed' ? INCIDENT_MS : 0;
      record({ kind: 'incident', class: RECORD_CLASSES.incident, key: `incident ${incident.id}`, body, coalesceMs });
    }),
    model.events.on('entities.changed', () => {
      const body = JSON.stringify({ etag: etag() });
      record({ kind: 'tree', class: RECORD_CLASSES.tree, key: 'tree', body, coalesceMs: TREE_MS });
    }),
  ];
  void uplink.whenOpen(ended.signal).then(() => {
    const opened = uplink.log();
    if (!opened || ended.signal.aborted) return;
    const plugins = config.plugins.map(({ name }) => name);
    const { serial, queueable } = config.hub;
    stops.push(recordRobot({ ...options, record, files: options.storage, serial, queueable, plugins }));
    if (!config.hub.audit || config.audit.requests === 'off') return;
    const { service } = options.audit;
    stops.push(
      copyAuditRecords({ service, onAppended: options.auditFile.onAppended, log: opened, clock, report: log }),
    );
  });
  return {
    log: () => uplink.log(),
    state: (opened, hub) => {
      const budget = hubs && (() => hubs.budget(hub));
      return uplinkState(opened, { routes, etag, hub, budget });
    },
    lines: (opened, request, owner) => {
      if (!readers.take(owner)) return undefined;
      return new LinesReply(
        (signal) => uplinkLines({ log: opened, request, clock, signal: AbortSignal.any([signal, ended.signal]) }),
        () => readers.release(owner),
      );
    },
    status: async (hub) => (hubs ? hubs.status(hub) : { state: 'not-enrolled' }),
    health: () => ({
      warnings: hubs?.warnings() ?? [],
      blocks: {
        ...(hubs && { 'x-medkit-uplink': { hubs: hubsBlock(hubs) } }),
        ...quotaBlock({ uplink_readers: readers }),
      },
    }),
    close: () => {
      ended.abort();
      for (const stop of stops) stop();
    },
  };
}
