import type { RootCapabilities } from '../schemas/root.ts';

/** A group of routes. Generated clients use its name as a module name. */
export interface TagEntry {
  readonly description: string;
  /** The capabilities of the root overview that are true because these routes exist. */
  readonly capabilities: readonly (keyof RootCapabilities)[];
}

/** The groups in the order in which documentation shows them. */
export const TAGS = {
  Server: { description: 'What this gateway is and how it is doing', capabilities: [] },
  Discovery: {
    description: 'Areas, components, apps and functions, and how they relate',
    capabilities: ['discovery'],
  },
  Data: { description: 'Values of an entity: list, read, write', capabilities: ['data_access'] },
} as const satisfies Record<string, TagEntry>;

export type Tag = keyof typeof TAGS;
