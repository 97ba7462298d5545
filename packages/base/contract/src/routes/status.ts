import type { Permission } from '../schemas/permissions.ts';
import { type LifecycleAction, LifecycleStatusResponse } from '../schemas/status.ts';
import type { EntityKind } from './entity-kinds.ts';
import { entityRoutes } from './entity-routes.ts';
import { ENTITY_ERRORS, RUNTIME_ERRORS } from './errors.ts';
import type { RouteFamily } from './route.ts';

/** The kinds of entities that have a lifecycle. */
const KINDS: readonly EntityKind[] = ['app', 'component'];
/** All errors with which a provider may reject a status request or a transition. */
const ERRORS = [
  ...ENTITY_ERRORS,
  ...RUNTIME_ERRORS,
  'insufficient-access-rights',
  'precondition-not-fulfilled',
  'not-implemented',
  'x-medkit-plugin-error',
] as const;

export const getStatus = entityRoutes<typeof LifecycleStatusResponse, never>(
  (terms) => ({
    method: 'get',
    path: '/status',
    operationId: `get${terms.cap}Status`,
    permission: 'read',
    tag: 'Lifecycle',
    summary: `Show the status of ${terms.a}`,
    description:
      'Returns whether the entity is ready: a managed node if it is active, another app if it is online, a component unless all its apps are offline. The reply contains the addresses of the transitions that are currently possible.',
    responses: {
      200: {
        description: 'The status',
        schema: LifecycleStatusResponse,
        example: {
          status: 'ready',
          restart: '/api/v1/apps/planner_server/status/restart',
          shutdown: '/api/v1/apps/planner_server/status/shutdown',
          'x-medkit': { state: 'active', ros2: { node: '/planner_server' } },
        },
      },
    },
    errors: ERRORS,
  }),
  KINDS,
);

interface Transition {
  readonly action: LifecycleAction;
  /** Part of the operation id. */
  readonly cap: string;
  readonly permission: Permission;
  readonly verb: string;
  readonly description: string;
}

function transition({ action, cap, permission, verb, description }: Transition): RouteFamily<never, never> {
  return entityRoutes(
    (terms) => ({
      method: 'put',
      path: `/status/${action}`,
      operationId: `put${terms.cap}Status${cap}`,
      permission,
      tag: 'Lifecycle',
      summary: `${verb} ${terms.a}`,
      description: `${description} The gateway replies after the transition has started; the status shows its progress.`,
      lockedAs: 'operations',
      responses: {
        202: { description: 'Started', headers: { Location: 'Address of the status' } },
      },
      errors: ERRORS,
    }),
    KINDS,
  );
}

export const putStatusStart = transition({
  action: 'start',
  cap: 'Start',
  permission: 'status.start',
  verb: 'Start',
  description: 'For a managed node: configures it if it is unconfigured, then activates it.',
});

export const putStatusRestart = transition({
  action: 'restart',
  cap: 'Restart',
  permission: 'status.start',
  verb: 'Restart',
  description: 'For a managed node: shuts it down like `shutdown`, then starts it.',
});

export const putStatusForceRestart = transition({
  action: 'force-restart',
  cap: 'ForceRestart',
  permission: 'status.stop',
  verb: 'Force a restart of',
  description: 'For a managed node: restarts it even if it fails to deactivate or to clean up.',
});

export const putStatusShutdown = transition({
  action: 'shutdown',
  cap: 'Shutdown',
  permission: 'status.stop',
  verb: 'Shut down',
  description: 'For a managed node: deactivates it and cleans it up, so that it can be started again.',
});

export const putStatusForceShutdown = transition({
  action: 'force-shutdown',
  cap: 'ForceShutdown',
  permission: 'status.stop',
  verb: 'Force a shutdown of',
  description: 'For a managed node: finalizes it. Only a new process can replace the node.',
});
