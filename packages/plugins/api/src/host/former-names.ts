import { type App, type EntityLists, type NodeBinding, onceFor, type Warning } from '@medkit/core';

/** What fields of an app were called when version 1 of the plugin API was new: its plugins may tell and read them. */
interface FormerNames {
  /** `node` */
  readonly fqn?: string;
  /** `binding`, with `topicNamespace` for `channelNamespace` */
  readonly rosBinding?: Omit<NodeBinding, 'channelNamespace'> & { readonly topicNamespace?: string };
}

/** An app by the names of today; one that has no other is the same object. */
export function withoutFormerNames(app: App & FormerNames): App {
  return app.fqn === undefined && app.rosBinding === undefined ? app : renamed(app);
}

/** The same object for the same app: what a plugin tells again is not merged again. */
const renamed = onceFor(({ fqn, rosBinding, ...app }: App & FormerNames): App => {
  const { topicNamespace, ...bound } = rosBinding ?? {};
  const binding = {
    ...bound,
    ...(topicNamespace !== undefined && { channelNamespace: topicNamespace }),
  } as NodeBinding;
  return { ...(fqn !== undefined && { node: fqn }), ...(rosBinding && { binding }), ...app };
});

/** The tree with both names of each field, made once for each tree. */
export const withFormerNames = onceFor(
  (lists: EntityLists): EntityLists => ({
    ...lists,
    apps: lists.apps.map((app): App & FormerNames => {
      const { node, binding } = app;
      if (node === undefined && binding === undefined) return app;
      const { channelNamespace, ...bound } = binding ?? { namespace: '' };
      const rosBinding = { ...bound, ...(channelNamespace !== undefined && { topicNamespace: channelNamespace }) };
      return { ...app, ...(node !== undefined && { fqn: node }), ...(binding && { rosBinding }) };
    }),
  }),
);

/** A warning by the names of today: its `nodes` were `nodeFqns`. */
export function warningWithoutFormerNames({
  nodeFqns,
  ...warning
}: Warning & { readonly nodeFqns?: Warning['nodes'] }): Warning {
  return { ...(nodeFqns && { nodes: nodeFqns }), ...warning };
}
