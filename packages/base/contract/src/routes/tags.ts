import type { RootCapabilities } from '../schemas/root.ts';

/** A group of routes. Generated clients use its name as a module name. */
export interface TagEntry {
  readonly description: string;
  /** Capabilities of the root overview that are true because these routes exist. */
  readonly capabilities: readonly (keyof RootCapabilities)[];
}

/** The groups in documentation order. */
export const TAGS = {
  Server: { description: 'The gateway and its health', capabilities: [] },
  Discovery: {
    description: 'Areas, components, apps and functions, and their relations',
    capabilities: ['discovery'],
  },
  Data: { description: 'Values of an entity: list, read, write', capabilities: ['data_access'] },
  Operations: {
    description: 'Services and actions of an entity, and their executions',
    capabilities: ['operations', 'async_actions'],
  },
  Configuration: {
    description: 'Parameters of an entity: list, read, set, reset',
    capabilities: ['configurations'],
  },
  Faults: {
    description: 'Faults of an entity: list, read, clear, stream',
    capabilities: ['faults'],
  },
  Incidents: {
    description: 'Groups of faults with a common cause: list, read, acknowledge, export',
    capabilities: [],
  },
  FaultTriggers: { description: 'Threshold rules that report faults for the data of an app', capabilities: [] },
  Logs: { description: 'Log entries of an entity, and the configuration of their list', capabilities: ['logs'] },
  'Bulk Data': { description: 'Files of an entity: upload, download, delete', capabilities: ['bulk_data'] },
  Locking: { description: 'Exclusive rights to change an entity for a limited time', capabilities: ['locking'] },
  Subscriptions: {
    description: 'Periodic values of a resource of an entity',
    capabilities: ['cyclic_subscriptions'],
  },
  Triggers: {
    description: 'Conditions on resources of an entity, and notifications when they become true',
    capabilities: ['triggers'],
  },
  Scripts: { description: 'Scripts of an entity: upload, run, follow, stop', capabilities: ['scripts'] },
  Updates: { description: 'Software updates: register, prepare, execute, follow, delete', capabilities: ['updates'] },
  Lifecycle: { description: 'Status of apps and components: read, start, restart, shut down', capabilities: [] },
  Audit: { description: 'Changes, their clients, and refused requests: search, verify', capabilities: [] },
  Webhooks: {
    description: 'Delivery of events to other programs: queued deliveries, dead letters, tests',
    capabilities: [],
  },
  Notify: { description: 'Notifications of incidents: list receivers, test them, acknowledge', capabilities: [] },
  Uplink: { description: 'The log of the robot for a fleet hub: state, records, cursor', capabilities: [] },
  Fleet: { description: 'The robots of a fleet hub: invite, approve, list, count faults', capabilities: [] },
  Authentication: {
    description: 'The client, and its credentials: users, keys, sessions and tokens',
    capabilities: [],
  },
  Plugins: { description: 'Additional routes of plugins', capabilities: [] },
} as const satisfies Record<string, TagEntry>;

export type Tag = keyof typeof TAGS;
