import { named, oneOf, optional } from './compose.ts';
import { FLEET_CAMPAIGN_KINDS } from './fleet-campaign-plan.ts';
import { FLEET_CAMPAIGN_STATES } from './fleet-campaigns.ts';
import { FLEET_ISSUE_STATES } from './fleet-issues.ts';
import { OutbreakSummary } from './outbreaks.ts';
import * as Type from './type.ts';

/** Topics of the changes that a hub publishes. */
export const FLEET_CHANGE_TOPICS = ['fault', 'presence', 'issue', 'outbreak', 'campaign'] as const;
export type FleetChangeTopic = (typeof FLEET_CHANGE_TOPICS)[number];

const time = (description: string) => Type.String({ format: 'date-time', description });
const severity = Type.Integer({ minimum: 0, maximum: 3, description: '0 info, 1 warning, 2 error, 3 critical.' });
const common = {
  id: Type.String({ description: 'Identifies the change; also in `Nats-Msg-Id`.' }),
  at: time('When it happened, by the clock of the hub.'),
};
const robot = Type.String({ description: 'Name of the robot.' });

/** A change of the fleet, as the hub publishes it for other programs. A newer hub may add members. */
export const FleetChangeMessage = named(
  'FleetChangeMessage',
  Type.Union([
    Type.Object({
      ...common,
      topic: oneOf('fault'),
      change: Type.String({
        description: '`confirmed`, `updated`, `healed`, `cleared` or another type of fault event.',
      }),
      robot,
      event: Type.Object(
        { event_type: Type.String(), fault: Type.Object({ fault_code: Type.String(), severity }) },
        { description: 'The event as the fault stream of the robot has it.' },
      ),
    }),
    Type.Object({
      ...common,
      topic: oneOf('presence'),
      change: oneOf('came', 'went'),
      robot,
      reason: Type.String({ description: 'Why it connected or disconnected.' }),
    }),
    Type.Object({
      ...common,
      topic: oneOf('issue'),
      change: oneOf('opened', 'decided', 'regressed'),
      robot: optional(
        Type.String({ description: 'The robot with the first occurrence after the issue was resolved.' }),
      ),
      issue: Type.Object({
        id: Type.String({ description: 'As in `GET /x-medkit-fleet/issues/{id}`.' }),
        rule: optional(Type.String({ description: 'Name of the rule that groups its faults.' })),
        fault_code: optional(Type.String()),
        entity_id: optional(Type.String()),
        cause: optional(Type.String({ description: 'Code of the root cause, if any.' })),
        severity,
        state: oneOf(...FLEET_ISSUE_STATES),
        decided_by: optional(Type.String()),
      }),
    }),
    Type.Object({
      ...common,
      topic: oneOf('outbreak'),
      change: oneOf('opened', 'changed', 'ended'),
      outbreak: Type.Object({
        ...{ id: Type.String(), kind: OutbreakSummary.properties.kind, subject: OutbreakSummary.properties.subject },
        ...{ about: OutbreakSummary.properties.about, robots: OutbreakSummary.properties.robots, severity },
        began: time('When it began.'),
        ended: optional(time('When it ended; absent while it lasts.')),
      }),
    }),
    Type.Object({
      ...common,
      topic: oneOf('campaign'),
      change: oneOf('created', 'changed'),
      campaign: Type.Object({
        id: Type.String({ description: 'Name of the campaign, as in `GET /x-medkit-fleet/campaigns/{id}`.' }),
        kind: oneOf(...FLEET_CAMPAIGN_KINDS),
        state: oneOf(...FLEET_CAMPAIGN_STATES),
        reason: optional(Type.String({ description: 'Why it stopped or ended.' })),
      }),
    }),
  ]),
);
export type FleetChangeMessage = Type.Static<typeof FleetChangeMessage>;
