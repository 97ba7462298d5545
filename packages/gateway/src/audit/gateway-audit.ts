import type { Log, Model, RuntimeHealth } from '@medkit/core';
import type { Clock, Random } from '@medkit/edges';
import { type AuditService, createAuditService } from '@medkit/services';
import type { GatewayConfig } from '../config/index.ts';
import type { Recorder } from '../http/chain.ts';
import { StartRefused } from '../http/listen.ts';
import { auditArchive } from './audit-archive.ts';
import type { AuditFile } from './audit-file.ts';
import { auditRecorder } from './recorder.ts';
import { RequestAudit } from './request-audit.ts';

export interface AuditSources {
  readonly config: Pick<GatewayConfig, 'aggregation' | 'audit'>;
  readonly auditFile: AuditFile;
  readonly model: Pick<Model, 'tree'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** Everything that a gateway has of the audit of requests. */
export interface GatewayAudit {
  readonly service: AuditService;
  readonly record: Recorder;
  health(): RuntimeHealth;
  /** Has everything on disk. The file stays open. */
  stop(): Promise<void>;
}

/** What a request outlives once it is answered, by the word in the configuration. */
const DURABILITIES = { on: 'system', synced: 'disk' } as const;

/** The audit of requests as the configuration has it. Throws `StartRefused` for a word that says nothing of the kind. */
export function gatewayAudit({ config, auditFile: file, model, clock, random, log }: AuditSources): GatewayAudit {
  const { requests, fail_closed: failClosed } = config.audit;
  const service = createAuditService(auditArchive(file), model);
  if (requests === 'off') return { ...SWITCHED_OFF, service };
  if (requests !== 'on' && requests !== 'synced') {
    throw new StartRefused(`audit.requests: "${requests}" is not on, synced or off`);
  }
  const audit = new RequestAudit({ file, durability: DURABILITIES[requests], failClosed, clock, log });
  return {
    service,
    record: auditRecorder({ audit, model, clock, traces: config.aggregation.enabled ? random : undefined }),
    health: () => audit.health(),
    stop: () => audit.stop(),
  };
}

const SWITCHED_OFF: Omit<GatewayAudit, 'service'> = {
  record: () => ({}),
  health: () => ({ warnings: [], blocks: { 'x-medkit-audit': { requests: 'off' } } }),
  stop: async () => undefined,
};
