import { resolve } from 'node:path';
import type { Log, Model } from '@medkit/core';
import type { Clock, Files } from '@medkit/edges';
import { type FaultTriggerService, openFaultTriggers } from '@medkit/services';
import type { GatewayConfig } from '../config/index.ts';
import { triggerStorage } from './trigger-storage.ts';

export interface FaultTriggerSources {
  readonly config: Pick<GatewayConfig, 'data_dir' | 'data_provider' | 'fault_triggers'>;
  readonly model: Model;
  readonly clock: Clock;
  readonly storage: Pick<Files, 'list'>;
  readonly log: Log;
}

/** The threshold rules as the configuration has them. */
export function gatewayFaultTriggers(sources: FaultTriggerSources): FaultTriggerService {
  const { config, model, clock, storage: files, log } = sources;
  const { enabled, poll_interval_ms, storage } = config.fault_triggers;
  const path =
    storage.path === ':memory:' ? storage.path : resolve(config.data_dir, storage.path || 'fault_triggers.db');
  return openFaultTriggers({
    enabled,
    model,
    clock,
    log,
    storage: triggerStorage({ path, files, clock, log }),
    pollMs: poll_interval_ms,
    foreignTopics: config.data_provider.foreign_topics,
  });
}
