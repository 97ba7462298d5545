import type { FaultTrigger, FaultTriggerRule } from './fault-trigger.ts';

/** Where rules are kept. What is acknowledged is on disk; failures are thrown as `service-unavailable`. */
export interface TriggerStorage {
  /** In the order in which they were made. */
  load(): Promise<readonly FaultTrigger[]>;
  add(rule: FaultTriggerRule): Promise<FaultTrigger>;
  remove(number: number): Promise<void>;
  /** Stores the app of a rule, which has another id. */
  setApp(number: number, appId: string): Promise<void>;
  setCrossed(number: number, crossed: boolean): Promise<void>;
  close(): Promise<void>;
}
