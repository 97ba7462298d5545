import type { EntityLists, Origin } from './entity.ts';
import type { LayerPolicies } from './layer-policies.ts';

/** The entities that one runtime reports: plain data, replaced as a whole whenever it changes. */
export interface Contribution extends EntityLists {
  /** The runtime's name; unique. */
  readonly runtime: string;
  /** If two contributions describe the same entity, the one with the higher priority wins field by field. */
  readonly priority: number;
  /**
   * The gateway that the contribution comes from; `local` if absent. Set by runtimes that represent another gateway.
   */
  readonly origin?: Origin;
  /** Merge policy for each group of fields; `enrichment` for groups that are not listed. */
  readonly policies?: LayerPolicies;
  /**
   * Fields that it adds to entities of other contributions. Ignored if no other contribution reports the entity. Empty
   * values add nothing.
   */
  readonly additions?: Partial<EntityLists>;
  /**
   * Every node in the graph, including nodes that are not reported as apps. Set only by runtimes that watch a graph.
   */
  readonly nodes?: readonly RunningNode[];
}

/** A node of a graph that an app of another contribution can be bound to. */
export interface RunningNode {
  /** Namespace and name; unique in its graph, and its native id there. */
  readonly name: string;
  /** Channels that it publishes or subscribes to. May be empty if no binding needs them. */
  readonly channels: readonly string[];
  /** Whether the node is an implementation detail of another node or of the gateway. A manifest need not list it. */
  readonly internal: boolean;
}
