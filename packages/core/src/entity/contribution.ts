import type { LayerPolicies } from '../merge/layer-policies.ts';
import type { EntityLists, Origin } from './entity.ts';

/** What one runtime tells of the tree: plain data, replaced as a whole whenever it changes. */
export interface Contribution extends EntityLists {
  /** The runtime's name; unique. */
  readonly runtime: string;
  /** Where two contributions tell of the same entity, the higher priority wins field by field. */
  readonly priority: number;
  /** The gateway that it comes from: `local` where absent. Set for a runtime that says whose it is. */
  readonly origin?: Origin;
  /** How much its word counts, by group of fields; `enrichment` for a group that is not named. */
  readonly policies?: LayerPolicies;
  /** What it adds to entities of others: nothing where nobody else tells of the entity. What is empty says nothing. */
  readonly additions?: Partial<EntityLists>;
  /** Only of a runtime that watches a graph: all that runs in it, also what it shows as no app. */
  readonly nodes?: readonly RunningNode[];
}

/** A node of a graph, as something that an app of another contribution can turn out to be. */
export interface RunningNode {
  /** Namespace and name; unique in its graph, and its native id there. */
  readonly name: string;
  /** Channels that it publishes or subscribes to, where somebody wants to know. */
  readonly channels: readonly string[];
  /** Serves the inner workings of another node, or of the gateway: nobody misses it in a manifest. */
  readonly internal: boolean;
}
