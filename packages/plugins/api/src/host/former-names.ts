import type { Warning } from '@medkit/core';

/** A warning by the names of today: its `nodes` were `nodeFqns`. */
export function warningWithoutFormerNames({
  nodeFqns,
  ...warning
}: Warning & { readonly nodeFqns?: Warning['nodes'] }): Warning {
  return { ...(nodeFqns && { nodes: nodeFqns }), ...warning };
}
