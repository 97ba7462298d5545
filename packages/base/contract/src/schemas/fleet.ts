import { mapOf, named, oneOf, optional } from './compose.ts';
import { FaultListItem } from './faults.ts';
import { FleetAbsence, FleetPark, MAX_FLEET_NOTE } from './fleet-presence.ts';
import { FLEET_PRESENCES } from './robot-presence.ts';
import * as Type from './type.ts';
import { UplinkEvidence } from './uplink.ts';

/** States of the enrolment of a robot. */
export const FLEET_ROBOT_STATES = ['pending', 'approved', 'quarantined', 'revoked', 'retired'] as const;
export type FleetRobotState = (typeof FLEET_ROBOT_STATES)[number];
/** Names of robots, as a regular expression: a label of DNS. */
export const FLEET_ROBOT_NAME = '[a-z0-9][a-z0-9-]{0,62}';
/** Orders of the list of robots. */
export const FLEET_ROBOT_ORDERS = ['name', 'severity', 'last_seen'] as const;
export type FleetRobotOrder = (typeof FLEET_ROBOT_ORDERS)[number];
/** Robots or faults in one page of a fleet list. */
export const FLEET_PAGE = { usual: 100, max: 500 } as const;
/** Labels of one robot, and the length of a name or value, as in Kubernetes. */
export const FLEET_LABELS = { max: 32, maxLength: 63 } as const;
/** Minutes for which an invitation is valid; 30 days at most, for images that many robots use. */
export const INVITATION_MINUTES = { usual: 60, max: 43_200 } as const;
/** Robots that may use one invitation: all that a hub with SQLite may have. */
export const MAX_INVITATION_USES = 500;
/** Groups of a hub: each is a filter that people choose from a list. */
export const MAX_FLEET_GROUPS = 200;
/** Labels that one group requires. */
export const MAX_GROUP_LABELS = 8;

/** A name in addresses, such as `/fleet/amr-17/api/v1`. */
const robotName = (description: string) => Type.String({ pattern: `^${FLEET_ROBOT_NAME}$`, description });
const site = (description: string) => Type.String({ minLength: 1, maxLength: FLEET_LABELS.maxLength, description });
const time = (description: string) => Type.String({ format: 'date-time', description });
const count = Type.Integer({ minimum: 0 });
const labelText = Type.String({ maxLength: FLEET_LABELS.maxLength });
const labels = (description: string) => ({
  ...mapOf(labelText, description),
  maxProperties: FLEET_LABELS.max,
  propertyNames: { pattern: '^[A-Za-z0-9][A-Za-z0-9._/-]{0,62}$' },
});

/** Numbers of active faults. */
const FaultCounts = Type.Object({ critical: count, error: count, warning: count, info: count });

export const FleetRobot = named(
  'FleetRobot',
  Type.Object({
    id: robotName('Name of the robot in addresses.'),
    state: oneOf(...FLEET_ROBOT_STATES),
    presence: oneOf(...FLEET_PRESENCES),
    since: optional(time('Since when it is connected, or away.')),
    absence: optional(FleetAbsence),
    park: optional(FleetPark),
    last_seen: optional(time('When the hub last received a ping or data from it.')),
    site: optional(site('Where it works.')),
    labels: labels('For filters and selections.'),
    note: optional(Type.String()),
    fingerprint: Type.String({ description: 'Fingerprint of its key; the robot has the same.' }),
    key_added_at: optional(time('Since when the hub has its key.')),
    rotation_requested_at: optional(time('When a new key was requested that the robot has not used yet.')),
    machine: optional(
      mapOf(
        Type.String(),
        'What the machine reported at its enrolment: `name`, `serial`, `model`, `system`, `medkit`.',
      ),
    ),
    inventory: optional(
      Type.Object(
        {
          as_of: time('When the hub received it.'),
          machine: mapOf(Type.String(), 'As `machine`, which is from the enrolment.'),
          plugins: Type.Array(Type.String(), { description: 'Names of the plugins in its configuration.' }),
          queueable: optional(
            Type.Array(Type.String(), {
              description:
                'Operations and data items for which requests may wait for the robot, such as `apps/arm/operations/home`: its setting `hub.queueable`.',
            }),
          ),
        },
        { description: 'What the robot reported at its last start; in replies about one robot.' },
      ),
    ),
    enrolled_at: time('When its key was first used.'),
    approved_at: optional(time('When it was approved.')),
    approved_by: optional(Type.String()),
    versions: optional(
      Type.Object({ medkit: Type.String(), software: optional(Type.String()) }, { description: 'As last reported.' }),
    ),
    address: optional(Type.String({ description: 'Address of its last connection.' })),
    faults: optional(FaultCounts),
    as_of: optional(time('Until when its state and faults are known; absent if the hub never read them.')),
    log: optional(
      Type.Object(
        {
          id: Type.String(),
          seq: Type.Integer({ description: 'Number of the last record that the hub has stored.' }),
          newest: optional(Type.Integer({ description: 'Number of its newest record, as last reported.' })),
        },
        { description: 'How far the hub has read its uplink log.' },
      ),
    ),
    problems: Type.Array(
      Type.Object({ code: Type.String(), message: Type.String(), since: time('When it was detected.') }),
      { description: 'What a person should look at, such as `uplink_hole`, `uplink_went_back` or `cloned`.' },
    ),
  }),
);
export type FleetRobot = Type.Static<typeof FleetRobot>;

/** A page of a list over the fleet. */
const pageOf = <Item extends Type.TSchema>(name: string, item: Item) =>
  named(
    name,
    Type.Object({
      items: Type.Array(item),
      total: Type.Integer({ minimum: 0, description: 'Number of items of all pages.' }),
      next_cursor: optional(Type.String({ description: '`cursor` of the next page; absent if there is none.' })),
    }),
  );

export const FleetRobotList = pageOf('FleetRobotList', FleetRobot);
export type FleetRobotList = Type.Static<typeof FleetRobotList>;

export const FleetRobotChange = named(
  'FleetRobotChange',
  Type.Object({
    site: optional(site('Where it works; null removes it.')),
    labels: Type.Optional(labels('Replaces all labels.')),
    note: optional(Type.String({ maxLength: MAX_FLEET_NOTE, description: 'For people; null removes it.' })),
  }),
);
export type FleetRobotChange = Type.Static<typeof FleetRobotChange>;

export const FleetSettlement = named('FleetSettlement', Type.Object({ action: oneOf('keep', 'replace') }));
export type FleetSettlement = Type.Static<typeof FleetSettlement>;

const invitation = {
  robot: optional(robotName('Name of the robot that may use it.')),
  site: optional(site('Site of robots that use it.')),
  name_pattern: optional(
    Type.String({ maxLength: FLEET_LABELS.maxLength, description: 'Name of each robot: `amr-{serial}` or `{name}`.' }),
  ),
  role: optional(
    Type.String({
      pattern: '^[a-z][a-z0-9_-]{0,31}$',
      description: 'Role of the hub on the robots, unless their configuration names another; `operator` if absent.',
    }),
  ),
  auto_approve: optional(Type.Boolean({ description: 'Robots that use it need no approval.' })),
};

export const FleetInvitation = named(
  'FleetInvitation',
  Type.Object({
    id: Type.String(),
    ...invitation,
    state: oneOf('open', 'used', 'expired'),
    uses: Type.Integer({ description: 'Number of robots that may use it.' }),
    left: Type.Integer({ description: 'Number of robots that may still use it.' }),
    created_at: time('When it was created.'),
    created_by: Type.String(),
    expires_at: time('When it ends.'),
  }),
);
export type FleetInvitation = Type.Static<typeof FleetInvitation>;

export const FleetInvitationList = named('FleetInvitationList', Type.Object({ items: Type.Array(FleetInvitation) }));
export type FleetInvitationList = Type.Static<typeof FleetInvitationList>;

export const FleetInvitationRequest = named(
  'FleetInvitationRequest',
  Type.Object({
    ...invitation,
    minutes: optional(
      Type.Integer({
        minimum: 1,
        maximum: INVITATION_MINUTES.max,
        description: `How long it is valid; default ${INVITATION_MINUTES.usual}.`,
      }),
    ),
    uses: optional(
      Type.Integer({
        minimum: 1,
        maximum: MAX_INVITATION_USES,
        description: 'Number of robots that may use it; default 1.',
      }),
    ),
  }),
);
export type FleetInvitationRequest = Type.Static<typeof FleetInvitationRequest>;

export const NewFleetInvitation = named(
  'NewFleetInvitation',
  Type.Object({
    ...FleetInvitation.properties,
    code: Type.String({ description: 'The secret of the invitation. It is returned only once.' }),
    link: Type.String({ description: 'For `medkit enrol` on the robot: address, code and fingerprint of the hub.' }),
  }),
);
export type NewFleetInvitation = Type.Static<typeof NewFleetInvitation>;

export const FleetSettled = named(
  'FleetSettled',
  Type.Object({ robot: FleetRobot, invitation: optional(NewFleetInvitation) }),
);
export type FleetSettled = Type.Static<typeof FleetSettled>;

const countedBy = (member: 'version' | 'site') =>
  Type.Array(Type.Object({ [member]: Type.String(), robots: count, online: count, critical: count, error: count }));

/** Quotas of a hub, which is one tenant. */
export const FLEET_QUOTAS = ['robots', 'evidence_bytes', 'events_per_day', 'campaigns', 'requests_per_min'] as const;

export const FleetQuotaUse = named(
  'FleetQuotaUse',
  Type.Object({
    quota: oneOf(...FLEET_QUOTAS),
    used: Type.Integer({
      minimum: 0,
      description: 'Events since midnight in UTC; campaigns that have not ended; requests of the last minute.',
    }),
    limit: Type.Integer({ minimum: 1 }),
    remedy: Type.String({ description: 'What to do if it is used up.' }),
    most: optional(Type.Object({ robot: Type.String(), used: count }, { description: 'The robot that uses most.' })),
  }),
);
export type FleetQuotaUse = Type.Static<typeof FleetQuotaUse>;

export const FleetOverview = named(
  'FleetOverview',
  Type.Object({
    robots: Type.Integer({ minimum: 0, description: 'Number of robots that are not retired.' }),
    states: mapOf(count, 'Robots by state.'),
    presence: mapOf(
      count,
      'Approved robots by presence; `online` of versions and sites includes those that are `late`.',
    ),
    severity: mapOf(count, 'Approved robots by their most severe active fault; `none` without one.'),
    faults: FaultCounts,
    versions: countedBy('version'),
    sites: countedBy('site'),
    quotas: optional(
      Type.Array(FleetQuotaUse, { description: 'Quotas that are limited; absent for an account limited to sites.' }),
    ),
  }),
);
export type FleetOverview = Type.Static<typeof FleetOverview>;

export const FleetHub = named(
  'FleetHub',
  Type.Object({
    fingerprint: Type.String({ description: "Fingerprint of the hub's key. Invitations contain it." }),
  }),
);
export type FleetHub = Type.Static<typeof FleetHub>;

export const FleetFault = named(
  'FleetFault',
  Type.Object({
    robot: Type.String(),
    site: optional(Type.String()),
    presence: oneOf(...FLEET_PRESENCES),
    as_of: time('Until when changes of the fault are known.'),
    origin: optional(Type.String({ description: 'The gateway behind the robot that has the fault.' })),
    fault: FaultListItem,
    evidence: optional(
      Type.Array(UplinkEvidence, { description: 'Which evidence the robot has, newest first, 20 at most.' }),
    ),
  }),
);
export type FleetFault = Type.Static<typeof FleetFault>;

export const FleetFaultList = pageOf('FleetFaultList', FleetFault);
export type FleetFaultList = Type.Static<typeof FleetFaultList>;

const selector = {
  site: optional(site('Only robots of this site.')),
  labels: optional(
    Type.Array(Type.String({ minLength: 1, maxLength: 2 * FLEET_LABELS.maxLength + 1 }), {
      maxItems: MAX_GROUP_LABELS,
      description: 'Only robots with all these labels: `name` or `name=value`.',
    }),
  ),
  version: optional(
    Type.String({ minLength: 1, maxLength: 128, description: 'Only robots with this version of medkit or software.' }),
  ),
  q: optional(Type.String({ minLength: 1, maxLength: 128, description: 'Only robots whose name contains this text.' })),
};

export const FleetGroupSelector = named(
  'FleetGroupSelector',
  Type.Object(selector, { description: 'Selects robots that match each member.' }),
);
export type FleetGroupSelector = Type.Static<typeof FleetGroupSelector>;

export const FleetGroup = named(
  'FleetGroup',
  Type.Object({
    id: robotName('Name of the group.'),
    ...selector,
    changed_at: time('When it was last changed.'),
    changed_by: Type.String(),
  }),
);
export type FleetGroup = Type.Static<typeof FleetGroup>;

export const FleetGroupList = named('FleetGroupList', Type.Object({ items: Type.Array(FleetGroup) }));
export type FleetGroupList = Type.Static<typeof FleetGroupList>;

export const NewFleetGroup = named('NewFleetGroup', Type.Object({ id: robotName('Name of the group.'), ...selector }));
export type NewFleetGroup = Type.Static<typeof NewFleetGroup>;
