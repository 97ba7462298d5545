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
  Type.Object({ id: Type.String() }, { additionalProperties: true, description: 'As registered, with all members.' }),
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
      automated: optional(Type.Boolean({ description: 'Whether it may be prepared and executed in one request.' })),
      origins: optional(Type.Array(Type.String(), { description: '`remote`, `proximity`.' })),
      updated_components: entityIds('whose software changes.'),
      affected_components: entityIds(
        'whose faults are monitored after the update, in addition to the updated entities.',
      ),
      'x-medkit': optional(
        Type.Object(
          {
            artifact: optional(
              Type.String({ description: 'Folder of the artifact in `updates.dir`; default: the id.' }),
            ),
            sha256: optional(Type.String({ description: 'SHA-256 of its `update.json`, hexadecimal.' })),
            signature: optional(
              Type.String({
                description: 'Ed25519 signature of its `update.json`, base64; default: the content of `update.sig`.',
              }),
            ),
          },
          {
            description: 'Location for the built-in update provider. The provider of a plugin may need something else.',
          },
        ),
      ),
    },
    { additionalProperties: true, description: 'Stored unchanged, like all other members.' },
  ),
);
export type UpdateRegisterRequest = Type.Static<typeof UpdateRegisterRequest>;

/** Maximum time for the confirmation of an update, seconds: a week. */
export const MAX_CONFIRM_SEC = 604_800;

export const UpdateExecuteRequest = named(
  'UpdateExecuteRequest',
  Type.Object({
    'x-medkit': optional(
      Type.Object({
        confirm_within_sec: optional(
          Type.Integer({
            minimum: 1,
            maximum: MAX_CONFIRM_SEC,
            description:
              'Time for `x-medkit-confirm` after the gate, seconds. Without that request the gateway rolls back, so that an update that cuts the robot off from its network undoes itself. Absent: the update needs no confirmation.',
          }),
        ),
      }),
    ),
  }),
);
export type UpdateExecuteRequest = Type.Static<typeof UpdateExecuteRequest>;

export const UpdateRegisterResponse = named('UpdateRegisterResponse', Type.Object({ id: Type.String() }));
export type UpdateRegisterResponse = Type.Static<typeof UpdateRegisterResponse>;

/** Progress of the transfer of an artifact. */
export const UpdateArtifact = named(
  'UpdateArtifact',
  Type.Object({
    id: Type.String(),
    size: Type.Integer({ minimum: 0, description: 'Bytes of the archive.' }),
    received: Type.Integer({ minimum: 0, description: 'Bytes stored: the next request begins at this byte.' }),
    complete: Type.Boolean({ description: 'Whether the artifact is checked and in the artifacts folder.' }),
  }),
);
export type UpdateArtifact = Type.Static<typeof UpdateArtifact>;

/** Bytes of an archive. */
export const UpdateArtifactContent = Type.Unsafe<Uint8Array>({
  type: 'string',
  format: 'binary',
  description: 'A tar archive, or a part of it.',
});
export type UpdateArtifactContent = Type.Static<typeof UpdateArtifactContent>;

const phase = oneOf(...UPDATE_PHASES);
const percent = (description: string) => Type.Integer({ minimum: 0, maximum: 100, description });

export const UpdateSubProgress = named(
  'UpdateSubProgress',
  Type.Object({ name: Type.String(), progress: percent('Percent.') }),
);
export type UpdateSubProgress = Type.Static<typeof UpdateSubProgress>;

export const XMedkitUpdate = named(
  'XMedkitUpdate',
  Type.Object({
    phase,
    error: optional(GenericError),
    confirm_remaining_sec: optional(
      Type.Integer({
        minimum: 0,
        description: 'Seconds left for `x-medkit-confirm`; present while the executed update waits for it.',
      }),
    ),
  }),
);
export type XMedkitUpdate = Type.Static<typeof XMedkitUpdate>;

export const UpdateStatus = named(
  'UpdateStatus',
  Type.Object({
    status: oneOf(...UPDATE_STATUSES),
    progress: optional(percent('Percent of the current phase.')),
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
      target: optional(Type.String({ description: 'Its target.' })),
      problem: optional(Type.String({ description: 'Why it cannot be used.' })),
      origin: optional(Type.String({ description: 'The gateway that has it, if it is not this one.' })),
    },
    { description: 'Metadata from the artifact. Its signature is checked when it is prepared.' },
  ),
);
export type LaidDownUpdate = Type.Static<typeof LaidDownUpdate>;

export const UpdateList = named(
  'UpdateList',
  Type.Object({
    items: Type.Array(Type.String(), {
      description: 'Ids of updates; `<peer>__<id>` for those of another gateway.',
    }),
    'x-medkit': optional(
      Type.Object({
        updates: optional(Type.Array(ListedUpdate, { description: 'With `expand=status`: the status of each item.' })),
        unregistered: optional(
          Type.Array(LaidDownUpdate, {
            description: 'With `expand=status`: artifacts in the folder for updates that are not registered.',
          }),
        ),
        origins: optional(mapOf(Type.String(), 'The gateways of updates of other gateways, by id.')),
        failed_members: optional(
          Type.Array(FailedMember, { description: 'Gateways that did not answer, and the reason.' }),
        ),
        failed_peers: optional(Type.Array(Type.String())),
        partial: optional(Type.Boolean()),
        peer_dropped_items: optional(Type.Array(DroppedItem)),
      }),
    ),
  }),
);
export type UpdateList = Type.Static<typeof UpdateList>;
