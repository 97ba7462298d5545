import { type App, type EntityLists, memoizeByObject, type NodeBinding, type Warning } from '@medkit/core';

/**
 * Legacy names of app fields, from the first release of plugin API version 1. Plugins may still write and read them.
 */
interface LegacyNames {
  /** Legacy name of `node`. */
  readonly fqn?: string;
  /** Legacy name of `binding`, with `topicNamespace` for `channelNamespace`. */
  readonly rosBinding?: Omit<NodeBinding, 'channelNamespace'> & { readonly topicNamespace?: string };
}

/** Converts an app to the current field names. Returns the same object if it has no former names. */
export function upgradeApp(app: App & LegacyNames): App {
  return app.fqn === undefined && app.rosBinding === undefined ? app : renamed(app);
}

/** Cached per app: the same app gives the same object, so that it is not merged again. */
const renamed = memoizeByObject(({ fqn, rosBinding, ...app }: App & LegacyNames): App => {
  const { topicNamespace, ...bound } = rosBinding ?? {};
  const binding = {
    ...bound,
    ...(topicNamespace !== undefined && { channelNamespace: topicNamespace }),
  } as NodeBinding;
  return { ...(fqn !== undefined && { node: fqn }), ...(rosBinding && { binding }), ...app };
});

/** Returns the tree with the current and the former name of each field. Cached per tree. */
export const withLegacyNames = memoizeByObject(
  (lists: EntityLists): EntityLists => ({
    ...lists,
    apps: lists.apps.map((app): App & LegacyNames => {
      const { node, binding } = app;
      if (node === undefined && binding === undefined) return app;
      const { channelNamespace, ...bound } = binding ?? { namespace: '' };
      const rosBinding = { ...bound, ...(channelNamespace !== undefined && { topicNamespace: channelNamespace }) };
      return { ...app, ...(node !== undefined && { fqn: node }), ...(binding && { rosBinding }) };
    }),
  }),
);

/** Converts a warning to the current field names: `nodes` was formerly `nodeFqns`. */
export function upgradeWarning({ nodeFqns, ...warning }: Warning & { readonly nodeFqns?: Warning['nodes'] }): Warning {
  return { ...(nodeFqns && { nodes: nodeFqns }), ...warning };
}
