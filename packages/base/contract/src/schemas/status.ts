import { named, oneOf, optional } from './compose.ts';
import { XMedkitRos2 } from './ros2.ts';
import * as Type from './type.ts';

/** Lifecycle transitions that a client may request, as the last segment of the path. */
export const LIFECYCLE_ACTIONS = ['start', 'restart', 'force-restart', 'shutdown', 'force-shutdown'] as const;
export type LifecycleAction = (typeof LIFECYCLE_ACTIONS)[number];

export const XMedkitLifecycleTransition = named(
  'XMedkitLifecycleTransition',
  Type.Object(
    {
      action: oneOf(...LIFECYCLE_ACTIONS),
      outcome: oneOf('running', 'succeeded', 'failed', 'unknown'),
      step: optional(Type.String({ description: 'The last completed step, such as `configure`.' })),
      message: optional(
        Type.String({ description: 'Why it failed, why its outcome is unknown, or what was skipped.' }),
      ),
      started_at: Type.String({ description: 'ISO 8601, UTC, milliseconds.' }),
      ended_at: optional(Type.String({ description: 'ISO 8601, UTC, milliseconds; absent while it runs.' })),
    },
    { description: 'The last transition that was requested from this gateway.' },
  ),
);
export type XMedkitLifecycleTransition = Type.Static<typeof XMedkitLifecycleTransition>;

export const XMedkitLifecycle = named(
  'XMedkitLifecycle',
  Type.Object({
    state: optional(
      Type.String({ description: 'In the terms of its runtime: `active` or `configuring` for a ROS 2 node.' }),
    ),
    last_transition: optional(XMedkitLifecycleTransition),
    ros2: optional(XMedkitRos2),
    warnings: optional(Type.Array(Type.String(), { description: 'A remark to read before acting.' })),
  }),
);
export type XMedkitLifecycle = Type.Static<typeof XMedkitLifecycle>;

const uri = (what: string) =>
  optional(Type.String({ description: `Address for a PUT to ${what}; absent if this is not possible.` }));

export const LifecycleStatusResponse = named(
  'LifecycleStatusResponse',
  Type.Object({
    status: oneOf('ready', 'notReady'),
    start: uri('start it'),
    restart: uri('restart it'),
    'force-restart': uri('restart it even if it does not shut down cleanly'),
    shutdown: uri('shut it down so that it can be started again'),
    'force-shutdown': uri('shut it down for good'),
    'x-medkit': optional(XMedkitLifecycle),
  }),
);
export type LifecycleStatusResponse = Type.Static<typeof LifecycleStatusResponse>;
