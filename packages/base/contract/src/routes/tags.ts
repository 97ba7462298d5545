import type { RootCapabilities } from '../schemas/root.ts';

/** A group of routes. Generated clients use its name as a module name. */
export interface TagEntry {
  readonly description: string;
  /** Capabilities of the root overview that are true because these routes exist. */
  readonly capabilities: readonly (keyof RootCapabilities)[];
}

/** The groups in documentation order. */
export const TAGS = {
  Server: { description: 'What this gateway is and how it is doing', capabilities: [] },
  Discovery: {
    description: 'Areas, components, apps and functions, and how they relate',
    capabilities: ['discovery'],
  },
  Data: { description: 'Values of an entity: list, read, write', capabilities: ['data_access'] },
  Operations: {
    description: 'What an entity can be asked to do: services and actions, and their executions',
    capabilities: ['operations', 'async_actions'],
  },
  Configuration: {
    description: 'Parameters of an entity: list, read, set, reset',
    capabilities: ['configurations'],
  },
  Faults: {
    description: 'What is wrong with an entity: list, read, clear, follow',
    capabilities: ['faults'],
  },
  Incidents: {
    description: 'Events of the world, each with all faults that it made: list, read, take on, export',
    capabilities: [],
  },
  FaultTriggers: { description: 'Threshold rules that make faults of the data of an app', capabilities: [] },
  Logs: { description: 'What an entity has logged lately, and how that is listed', capabilities: ['logs'] },
  'Bulk Data': { description: 'Files of an entity: upload, download, delete', capabilities: ['bulk_data'] },
  Locking: { description: 'Who alone may change an entity, and until when', capabilities: ['locking'] },
  Subscriptions: {
    description: 'What an entity has, told again and again for a while: cyclic subscriptions',
    capabilities: ['cyclic_subscriptions'],
  },
  Triggers: {
    description: 'Conditions on what an entity has, and who is told when they hold',
    capabilities: ['triggers'],
  },
  Scripts: { description: 'Scripts of an entity: upload, run, follow, end', capabilities: ['scripts'] },
  Updates: { description: 'Software updates: register, prepare, execute, follow, delete', capabilities: ['updates'] },
  Lifecycle: { description: 'Status of apps and components: read, start, restart, shut down', capabilities: [] },
  Audit: { description: 'What was changed, by whom, and what was refused: search, verify', capabilities: [] },
  Webhooks: {
    description: 'Events delivered to other programs: what waits, what was given up, trying a receiver out',
    capabilities: [],
  },
  Notify: { description: 'Who is told of incidents: receivers, trying them out, acknowledging', capabilities: [] },
  Authentication: { description: 'Who asks, and what lets it in: users, keys, sessions and tokens', capabilities: [] },
  Plugins: { description: 'What plugins of this gateway serve besides', capabilities: [] },
} as const satisfies Record<string, TagEntry>;

export type Tag = keyof typeof TAGS;
