import type { FaultTrigger, FaultTriggerRule } from './fault-trigger.ts';

/** Storage of rules. An acknowledged write is on disk; a failure is thrown as `service-unavailable`. */
export interface TriggerStorage {
  /** Returns the rules in the order of their creation. */
  load(): Promise<readonly FaultTrigger[]>;
  add(rule: FaultTriggerRule): Promise<FaultTrigger>;
  remove(number: number): Promise<void>;
  /** Stores the new app id of a rule. */
  setApp(number: number, appId: string): Promise<void>;
  setCrossed(number: number, crossed: boolean): Promise<void>;
  close(): Promise<void>;
}
