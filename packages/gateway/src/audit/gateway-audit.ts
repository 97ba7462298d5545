import {
  type AnsweredRequest,
  type AuditFile,
  type AuditService,
  auditArchive,
  createAuditService,
  observedEntry,
  RequestAudit,
  requestEntry,
} from '@medkit/audit';
import { type Log, type Model, mergeBlocks, type RuntimeHealth } from '@medkit/core';
import type { Clock, Random } from '@medkit/edges';
import type { AuditRecord } from '@medkit/store';
import type { GatewayConfig } from '../config/index.ts';
import { stored } from '../database/store-errors.ts';
import type { Recorder } from '../http/chain.ts';
import { StartRefused } from '../listen.ts';
import type { EventStreams } from '../sse/event-streams.ts';
import { AccessAudit } from './access-audit.ts';
import type { AuditFeeds } from './audit-feeds.ts';
import { type DeniedRequests, deniedRequests } from './denied-requests.ts';
import { auditRecorder } from './recorder.ts';

export interface AuditSources {
  readonly config: Pick<GatewayConfig, 'aggregation' | 'audit'>;
  readonly auditFile: AuditFile;
  readonly model: Pick<Model, 'events' | 'tree'>;
  readonly clock: Clock;
  readonly random: Random;
  /** Present if the robot has fleet hubs. */
  readonly hubs?: object | undefined;
  readonly log: Log;
}

/** The audit of requests and refusals of a gateway. */
export interface GatewayAudit {
  readonly service: AuditService;
  readonly access: AccessAudit;
  readonly denied: DeniedRequests;
  /** Streams of the log. Loaded at the first use. */
  feeds(streams: EventStreams): AuditFeeds;
  readonly record: Recorder;
  /** Records of requests that the gateway sends for accounts at a later time. */
  readonly later: LaterRequests;
  health(): RuntimeHealth;
  /** Writes everything to disk. The file stays open. */
  close(): Promise<void>;
}

/** Records of requests that the gateway sends for accounts at a later time. */
export interface LaterRequests {
  /** Whether changes can be recorded at present, or need no record. */
  readonly isAdmitting: boolean;
  write(request: AnsweredRequest): void;
}

/** Durability of a record once the request is answered, by configuration value. */
const DURABILITIES = { on: 'system', synced: 'disk' } as const;

/** Creates the audit of requests as configured. Throws `StartRefused` for an invalid value. */
export function gatewayAudit({ config, auditFile: file, model, clock, random, hubs, log }: AuditSources): GatewayAudit {
  const { requests, fail_closed: failClosed } = config.audit;
  const service = createAuditService(auditArchive(file, stored), model);
  if (requests !== 'off' && requests !== 'on' && requests !== 'synced') {
    throw new StartRefused(`audit.requests: "${requests}" is not one of on, synced, off`);
  }
  const audit =
    requests === 'off'
      ? undefined
      : new RequestAudit({ file, durability: DURABILITIES[requests], failClosed, clock, log });
  const write = audit && ((record: AuditRecord) => audit.write(record));
  const access = new AccessAudit({ clock, write });
  const stopListening =
    write &&
    config.audit.observed &&
    model.events.on('configuration.changed', (change) => void write(observedEntry(model.tree, change)));
  return {
    service,
    access,
    denied: deniedRequests({ access, model, clock, write }),
    feeds: (streams) => {
      const parts = { service, onAppended: file.onAppended, streams, clock, warn: (text: string) => log('warn', text) };
      let loaded: Promise<AuditFeeds> | undefined;
      return async (parameters, seen) => {
        loaded ??= import('./audit-feeds.ts').then(({ auditFeeds }) => auditFeeds(parts));
        return (await loaded)(parameters, seen);
      };
    },
    record: audit
      ? auditRecorder({
          audit,
          access,
          model,
          clock,
          hasHub: hubs !== undefined,
          traces: config.aggregation.enabled ? random : undefined,
        })
      : NONE,
    later: {
      get isAdmitting() {
        return audit?.isAdmitting ?? true;
      },
      write: (request) => void write?.(requestEntry(request)),
    },
    health: () => mergeHealth(audit ? audit.health() : SWITCHED_OFF, access.health()),
    close: async () => {
      if (stopListening) stopListening();
      await access.stop();
      await audit?.stop();
    },
  };
}

const NONE: Recorder = () => ({});

const SWITCHED_OFF: RuntimeHealth = { warnings: [], blocks: { 'x-medkit-audit': { requests: 'off' } } };

function mergeHealth(...parts: readonly RuntimeHealth[]): RuntimeHealth {
  return {
    warnings: parts.flatMap(({ warnings }) => warnings),
    blocks: mergeBlocks(parts),
  };
}
