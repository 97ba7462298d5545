import { DroppedItem, FailedMember } from './collection.ts';
import { mapOf, named, oneOf, optional } from './compose.ts';
import { GenericError } from './generic-error.ts';
import * as Type from './type.ts';

export const UPDATE_PHASES = ['none', 'preparing', 'prepared', 'executing', 'executed', 'failed', 'deleting'] as const;
export const UPDATE_STATUSES = ['pending', 'inProgress', 'completed', 'failed'] as const;

/** Pattern of an update id, which may be used as a folder name. */
export const UPDATE_ID = /^(?!\.)[A-Za-z0-9._-]{1,256}$/;

export const UpdateDetail = named(
  'UpdateDetail',
  Type.Object(
    { id: Type.String() },
    { additionalProperties: true, description: 'As it was registered, all members included.' },
  ),
);
export type UpdateDetail = Type.Static<typeof UpdateDetail>;

const entityIds = (what: string) => optional(Type.Array(Type.String(), { description: `Ids of entities ${what}` }));

export const UpdateRegisterRequest = named(
  'UpdateRegisterRequest',
  Type.Object(
    {
      id: Type.String({ description: '1 to 256 of `A-Z a-z 0-9 . _ -`, no dot in front.' }),
      update_name: optional(Type.String()),
      version: optional(Type.String()),
      automated: optional(Type.Boolean({ description: 'Whether it may be prepared and executed in one go.' })),
      origins: optional(Type.Array(Type.String(), { description: '`remote`, `proximity`.' })),
      updated_components: entityIds('that have other software afterwards.'),
      affected_components: entityIds('whose faults tell whether it went well, besides those that are updated.'),
      'x-medkit': optional(
        Type.Object(
          {
            artifact: optional(
              Type.String({ description: 'Folder of the artifact in `updates.dir`; as the id unless given.' }),
            ),
            sha256: optional(Type.String({ description: 'SHA-256 of its `update.json`, hexadecimal.' })),
            signature: optional(
              Type.String({
                description: 'Ed25519 signature of its `update.json`, base64; in `update.sig` unless given.',
              }),
            ),
          },
          { description: 'Where the provider of medkit finds it. A provider of a plugin may need something else.' },
        ),
      ),
    },
    { additionalProperties: true, description: 'Kept as it is; other members are, too.' },
  ),
);
export type UpdateRegisterRequest = Type.Static<typeof UpdateRegisterRequest>;

export const UpdateRegisterResponse = named('UpdateRegisterResponse', Type.Object({ id: Type.String() }));
export type UpdateRegisterResponse = Type.Static<typeof UpdateRegisterResponse>;

const phase = oneOf(...UPDATE_PHASES);
const percent = (description: string) => Type.Integer({ minimum: 0, maximum: 100, description });

export const UpdateSubProgress = named(
  'UpdateSubProgress',
  Type.Object({ name: Type.String(), progress: percent('Percent.') }),
);
export type UpdateSubProgress = Type.Static<typeof UpdateSubProgress>;

export const XMedkitUpdate = named('XMedkitUpdate', Type.Object({ phase, error: optional(GenericError) }));
export type XMedkitUpdate = Type.Static<typeof XMedkitUpdate>;

export const UpdateStatus = named(
  'UpdateStatus',
  Type.Object({
    status: oneOf(...UPDATE_STATUSES),
    progress: optional(percent('Percent of the present phase.')),
    sub_progress: optional(Type.Array(UpdateSubProgress)),
    error: optional(Type.String({ description: 'Why it failed; `x-medkit.error` has the code and the details.' })),
    'x-medkit-phase': Type.Optional(phase),
    'x-medkit': XMedkitUpdate,
  }),
);
export type UpdateStatus = Type.Static<typeof UpdateStatus>;

export const ListedUpdate = named(
  'ListedUpdate',
  Type.Object({
    id: Type.String(),
    update_name: optional(Type.String()),
    version: optional(Type.String()),
    ...UpdateStatus.properties,
  }),
);
export type ListedUpdate = Type.Static<typeof ListedUpdate>;

export const LaidDownUpdate = named(
  'LaidDownUpdate',
  Type.Object(
    {
      artifact: Type.String({ description: 'Name of its folder.' }),
      id: optional(Type.String()),
      version: optional(Type.String()),
      target: optional(Type.String({ description: 'What it is to be installed on.' })),
      problem: optional(Type.String({ description: 'Why it cannot be used as it is.' })),
      origin: optional(Type.String({ description: 'The gateway where it lies, where that is another one.' })),
    },
    { description: 'What it says of itself: who signed it is looked at when it is prepared.' },
  ),
);
export type LaidDownUpdate = Type.Static<typeof LaidDownUpdate>;

export const UpdateList = named(
  'UpdateList',
  Type.Object({
    items: Type.Array(Type.String(), {
      description: 'Ids of updates; `<peer>__<id>` of those that another gateway has.',
    }),
    'x-medkit': optional(
      Type.Object({
        updates: optional(
          Type.Array(ListedUpdate, { description: 'With `expand=status`: how each of the items stands.' }),
        ),
        unregistered: optional(
          Type.Array(LaidDownUpdate, {
            description:
              'With `expand=status`: artifacts that lie where updates are laid down, and that none of them names.',
          }),
        ),
        origins: optional(mapOf(Type.String(), 'The gateways of updates that are not of this one, by id.')),
        failed_members: optional(
          Type.Array(FailedMember, { description: 'Who did not tell of its updates, and why.' }),
        ),
        failed_peers: optional(Type.Array(Type.String())),
        partial: optional(Type.Boolean()),
        peer_dropped_items: optional(Type.Array(DroppedItem)),
      }),
    ),
  }),
);
export type UpdateList = Type.Static<typeof UpdateList>;
