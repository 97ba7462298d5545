import { rolesOf } from '@medkit/accounts';
import { PERMISSIONS, type Permission } from '@medkit/contract';
import type { Principal } from '@medkit/core';
import type { Authority } from '@medkit/tunnel';
import { isHub, type NamedHub } from '@medkit/uplink';
import { type GatewayConfig, HUB_DEFAULTS, type HubSettings } from '../config/index.ts';
import { StartRefused } from '../listen.ts';
import type { Identity } from '../security/identity.ts';

/** Permissions of a hub if `hub.read_only` is set. */
const READ_ONLY: ReadonlySet<Permission> = new Set(['self', 'read', 'files.read', 'metrics', 'audit.read']);
/** Permissions that recordings, uploads and their entities need. */
const FILES: ReadonlySet<Permission> = new Set([
  'read',
  'files.read',
  'files.write',
  'scripts.write',
  'updates',
  'uplink.budget',
]);
/** Permissions that state, log and evidence need. */
const RECORDS: ReadonlySet<Permission> = new Set(['read', 'uplink']);

/** What a hub may do on this robot, and which connections are from it. */
export interface HubAccess {
  /** Permissions of its requests, those of its users included. */
  readonly permissions: ReadonlySet<Permission>;
  /** Marks a connection as one that the hub opened through the uplink. */
  admit(connection: object, authority: Authority): void;
  /** Returns the hub if it opened this connection. */
  identityOf(connection: object): Identity | undefined;
  /** Returns the hub as it is admitted now, for the credential of an open stream: its destination and the hub. */
  principalOf(credential: string): Principal | undefined;
}

type AccessConfig = Pick<GatewayConfig, 'auth' | 'hub' | 'roles'>;

/** Role of a hub if neither the configuration nor the invitation names one. */
const USUAL_ROLE = 'operator';

/** Returns the role of a hub: that of the configuration, else that of the invitation. */
export const hubRole = ({ hub }: Pick<AccessConfig, 'hub'>, invited: string | undefined): string =>
  hub.role || invited || USUAL_ROLE;

/** Returns the permissions that settings and invitation give a hub. Throws `StartRefused` for an unknown role or permission. */
export function hubPermissions(config: AccessConfig, invited?: string): ReadonlySet<Permission> {
  const { auth, hub, roles } = config;
  const role = hubRole(config, invited);
  const known = rolesOf(roles, { compat: auth.compat_roles });
  const granted = known.permissionsOf(role);
  if (!granted) {
    const source = hub.role === '' ? 'role of the invitation' : 'hub.role';
    throw new StartRefused(`${source}: "${role}" is not one of ${known.names.join(', ')}`);
  }
  if (known.scopesOf(role).length > 0) {
    throw new StartRefused(
      `hub.role: the role "${role}" has scopes, but a hub reads the whole robot: use another role`,
    );
  }
  const unknown = hub.deny.find((name) => !Object.hasOwn(PERMISSIONS, name));
  if (unknown !== undefined) throw new StartRefused(`hub.deny: "${unknown}" is not a permission`);
  return new Set([...granted].filter((name) => !hub.deny.includes(name) && (!hub.read_only || READ_ONLY.has(name))));
}

/**
 * Opens the access of a hub. A request is known as the hub's by its connection, never by a header; headers only narrow
 * its permissions.
 */
export function hubAccess(config: AccessConfig, name: string, invited?: string): HubAccess {
  const permissions = hubPermissions(config, invited);
  const principal = (allowed: Iterable<Permission>): Principal => ({
    id: `hub:${name}`,
    kind: 'hub',
    role: hubRole(config, invited),
    permissions: new Set(allowed),
    scopes: [],
  });
  const principals: Readonly<Record<Authority, Principal>> = {
    // The hub always reads the log: it is enrolled for that.
    uplink: principal([...RECORDS].filter((each) => each === 'uplink' || permissions.has(each))),
    // Names the person for whom the hub sends a request.
    gateway: principal([...permissions, 'impersonate']),
    files: principal([...[...permissions].filter((each) => FILES.has(each)), 'impersonate']),
  };
  const connections = new WeakMap<object, Authority>();
  return {
    permissions,
    admit: (connection, authority) => void connections.set(connection, authority),
    identityOf: (connection) => {
      const authority = connections.get(connection);
      return authority && { principal: principals[authority], credential: { kind: 'hub', id: `${authority} ${name}` } };
    },
    principalOf: (credential) => {
      const [authority, ...hub] = credential.split(' ');
      return hub.join(' ') === name ? principals[authority as Authority] : undefined;
    },
  };
}

/**
 * Returns the settings of a hub; `undefined` if the settings name hubs, and none of them is this one. Settings without a
 * name are those of the first hub: they never apply to another one, which has the defaults.
 */
export function hubSettings(
  { hub, hubs }: Pick<GatewayConfig, 'hub' | 'hubs'>,
  { isFirst, ...stored }: NamedHub & { readonly isFirst: boolean },
): HubSettings | undefined {
  const named = hubs.length === 0 && hub.name !== '' ? [hub] : hubs;
  if (named.length > 0) return named.find(({ name }) => isHub(stored, name));
  return isFirst ? hub : HUB_DEFAULTS;
}
