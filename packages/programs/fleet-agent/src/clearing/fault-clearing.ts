import type { Client, EntityRef } from '@medkit/client';
import type { AgentConfig } from '../config/agent-config.ts';
import { entityPath } from '../entity-path.ts';
import { type ReportedFault, reportedFault } from '../faults/reported-fault.ts';
import { applyRules } from '../rules/apply-rules.ts';

/** A fault in a request of fleet control. */
export interface NamedFault {
  readonly entityId: string;
  readonly faultCode: string;
}

/** Clears faults through the gateway if fleet control is allowed to. */
export interface FaultClearing {
  /** Returns the reason why the fault must not be cleared, or `undefined` if `clear` may try. */
  problem(fault: NamedFault): string | undefined;
  /** Rejects with a readable message if the fault must not be cleared, or if the gateway did not clear it. */
  clear(fault: NamedFault): Promise<void>;
}

export interface ClearingOptions {
  readonly client: Client;
  readonly config: Pick<AgentConfig, 'clearsFaults' | 'robot' | 'rules' | 'safety'>;
}

export function faultClearing({ client, config }: ClearingOptions): FaultClearing {
  return {
    problem: () => (config.clearsFaults ? undefined : 'clear_fault is off in the file of the agent'),
    async clear(named) {
      if (!config.clearsFaults) throw new Error('clear_fault is off in the file of the agent');
      const { items } = await client.call('listAllFaults', { query: { status: 'confirmed', include_muted: true } });
      const fault = items.map((item) => reportedFault(item)).find((one) => matchesName(one, named));
      if (fault?.entity === undefined) throw new Error(`${named.entityId} has no confirmed fault ${named.faultCode}`);
      const reason = await safetyReason(fault, { client, config });
      if (reason !== undefined) throw new Error(`fleet control must not clear ${fault.code}: ${reason}`);
      await client.call('clearFault', { entity: fault.entity, path: { fault_code: fault.code } });
    },
  };
}

function matchesName({ code, entity }: ReportedFault, { entityId, faultCode }: NamedFault): boolean {
  return code === faultCode && entity?.id === entityId;
}

/** Returns the reason why a fault is safety-related. Throws if that cannot be determined; then nothing is cleared. */
async function safetyReason(fault: ReportedFault, { client, config }: ClearingOptions): Promise<string | undefined> {
  const { safety, robot, rules } = config;
  const { isSafety } = applyRules(fault, { version: robot.version, rules, publicUrl: client.url });
  if (isSafety) return 'a rule marks it as safety-related';
  const gateway = safety.gateways.find((name) => fault.origin === name || fault.origin.startsWith(`${name}/`));
  if (gateway !== undefined) return `it belongs to the gateway ${gateway}, which is listed in safety.gateways`;
  for (const entity of safety.entities) {
    if (await has(client, entity, fault))
      return `it belongs to ${entityPath(entity)}, which is listed in safety.entities`;
  }
  return undefined;
}

/** Returns whether an entity has a fault. The faults of an entity include those of its descendants. */
async function has(client: Client, entity: EntityRef, fault: ReportedFault): Promise<boolean> {
  const { items } = await client.call('listFaults', { entity, query: { status: 'confirmed' } });
  return items.some(({ fault_code }) => fault_code === fault.code);
}
