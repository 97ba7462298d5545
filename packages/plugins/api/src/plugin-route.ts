import type { Permission, Route } from '@medkit/contract';
import type { CallContext, JsonValue } from '@medkit/core';

/** A request for a route of a plugin: its path and query parameters by name, and its body as the schema of the route has it. */
export interface PluginRequest {
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly body: JsonValue | undefined;
}

export interface PluginReply {
  /** 200 unless given. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: JsonValue;
  /** A reply that is no JSON, as it is sent; its media type is the `media` of the route. `body` is absent then. */
  readonly text?: string;
}

/**
 * A route of a plugin. It stands in the documentation like every other. A path below an entity, as
 * `/apps/{app_id}/x-medkit-procfs`, is answered only for entities that exist; its last segment that begins with `x-` is
 * listed among the capabilities of those entities that the plugin's contribution says. One that changes something of an entity
 * is refused while another client has locked that: `lockedAs` says as which collection, `data` or `operations` say; without it
 * only a lock of all collections closes it. Who asks for it needs its permission: `read` where it is a GET and names none,
 * `plugins` where it changes something and names none.
 */
export interface PluginRoute {
  readonly route: Omit<Route, 'tag' | 'cached' | 'permission'> & {
    readonly permission?: Permission;
    /** Several plugins have this very route, and each of them answers for all: the one that is loaded first serves it. */
    readonly shared?: boolean;
  };
  /** Throws `SovdError`; anything else becomes `x-medkit-plugin-error`. */
  handle(request: PluginRequest, call: CallContext): Promise<PluginReply>;
}
