import type { Permission, Route } from '@medkit/contract';
import type { CallContext, JsonValue } from '@medkit/core';

/**
 * A request for a route of a plugin: path and query parameters by name, and the body according to the schema of the
 * route.
 */
export interface PluginRequest {
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly body: JsonValue | undefined;
}

export interface PluginReply {
  /** Default: 200. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: JsonValue;
  /** A reply that is not JSON, sent unchanged. Its media type is the `media` of the route. Excludes `body`. */
  readonly text?: string;
}

/**
 * A route of a plugin. It appears in the API documentation like every other route.
 *
 * A path below an entity, such as `/apps/{app_id}/x-medkit-procfs`, is served only for existing entities. Its last
 * segment that begins with `x-` is listed as a capability of the entities for which the plugin's contribution names it.
 *
 * A route that changes an entity is refused while another client has locked that entity. `lockedAs` names the
 * collection that the lock must protect, such as `data` or `operations`. Without `lockedAs`, only a lock of all
 * collections applies.
 *
 * Clients need the permission of the route. Default: `read` for GET, `plugins` for routes that change something.
 */
export interface PluginRoute {
  readonly route: Omit<Route, 'tag' | 'cached' | 'permission'> & {
    readonly permission?: Permission;
    /**
     * Whether several plugins may define this route. Each of them must answer for all; the plugin that is loaded first
     * serves it.
     */
    readonly shared?: boolean;
  };
  /** Handles a request. Throws `SovdError`; any other error becomes `x-medkit-plugin-error`. */
  handle(request: PluginRequest, call: CallContext): Promise<PluginReply>;
}
