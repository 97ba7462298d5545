import { collectionOf, XMedkitCollection } from './collection.ts';
import { anything, named, oneOf, optional } from './compose.ts';
import { XMedkitRos2 } from './ros2.ts';
import * as Type from './type.ts';

export const XMedkitOperationItem = named(
  'XMedkitOperationItem',
  Type.Object({
    available: optional(
      Type.Boolean({ description: 'False while the gateway that owns the operation does not answer.' }),
    ),
    entity_id: optional(Type.String()),
    member_ids: optional(
      Type.Array(Type.String(), { description: 'The members of an aggregate that provide the operation.' }),
    ),
    ros2: optional(XMedkitRos2),
    source: optional(Type.String()),
    type_info: Type.Optional(
      anything({
        description:
          'JSON Schemas: of a service `request` and `response`, of an action `goal`, `result` and `feedback`.',
      }),
    ),
  }),
);
export type XMedkitOperationItem = Type.Static<typeof XMedkitOperationItem>;

export const OperationItem = named(
  'OperationItem',
  Type.Object({
    id: Type.String({
      description:
        'The short name; the ROS name without its leading slash if one entity has the short name twice, or `member:name` if several members have it.',
    }),
    name: Type.String(),
    proximity_proof_required: Type.Boolean(),
    asynchronous_execution: Type.Boolean({ description: 'True if an execution continues after its request.' }),
    'x-medkit': optional(XMedkitOperationItem),
  }),
);
export type OperationItem = Type.Static<typeof OperationItem>;

export const OperationList = collectionOf('OperationList', OperationItem, XMedkitCollection);
export type OperationList = Type.Static<typeof OperationList>;

export const OperationDetail = named('OperationDetail', Type.Object({ item: OperationItem }));
export type OperationDetail = Type.Static<typeof OperationDetail>;

/** Clients name the arguments differently; the gateway accepts every variant. */
export const ExecutionCreateRequest = named(
  'ExecutionCreateRequest',
  Type.Object({
    parameters: Type.Optional(anything({ description: 'The arguments; omitted arguments have their defaults.' })),
    input: Type.Optional(anything({ description: 'Accepted instead of `parameters`.' })),
    goal: Type.Optional(anything({ description: 'Accepted instead of `parameters`, for actions.' })),
    request: Type.Optional(anything({ description: 'Accepted instead of `parameters`, for services.' })),
    type: optional(
      Type.String({ description: 'The expected type of the operation; the request is refused if it differs.' }),
    ),
  }),
);
export type ExecutionCreateRequest = Type.Static<typeof ExecutionCreateRequest>;

export const ExecutionStatus = oneOf('pending', 'running', 'completed', 'failed');
export type ExecutionStatus = Type.Static<typeof ExecutionStatus>;

/** The result of a synchronous operation. Runtimes may add members. */
export const OperationExecutionResult = named(
  'OperationExecutionResult',
  Type.Object(
    {
      status: optional(ExecutionStatus),
      parameters: Type.Optional(anything({ description: 'The response.' })),
      result: Type.Optional(anything({ description: 'The same as `parameters`, for clients that read this member.' })),
    },
    { additionalProperties: true, 'x-medkit-opaque': true },
  ),
);
export type OperationExecutionResult = Type.Static<typeof OperationExecutionResult>;

export const ExecutionCreateAsync = named(
  'ExecutionCreateAsync',
  Type.Object({ id: Type.String(), status: ExecutionStatus }),
);
export type ExecutionCreateAsync = Type.Static<typeof ExecutionCreateAsync>;

export const ExecutionId = named('ExecutionId', Type.Object({ id: Type.String() }));

export const OperationExecutionList = collectionOf('OperationExecutionList', ExecutionId, XMedkitCollection);
export type OperationExecutionList = Type.Static<typeof OperationExecutionList>;

export const ExecutionUpdateRequest = named(
  'ExecutionUpdateRequest',
  Type.Object({ capability: Type.String({ description: '`stop` cancels it.' }) }),
);
export type ExecutionUpdateRequest = Type.Static<typeof ExecutionUpdateRequest>;

export const XMedkitOperationExecution = named(
  'XMedkitOperationExecution',
  Type.Object({
    goal_id: Type.String(),
    ros2: optional(XMedkitRos2),
    ros2_status: optional(
      Type.String({
        description: '`accepted`, `executing`, `canceling`, `succeeded`, `canceled`, `aborted` or `unknown`.',
      }),
    ),
  }),
);
export type XMedkitOperationExecution = Type.Static<typeof XMedkitOperationExecution>;

const time = (what: string) => optional(Type.String({ format: 'date-time', description: what }));

export const OperationExecution = named(
  'OperationExecution',
  Type.Object({
    id: optional(Type.String()),
    status: ExecutionStatus,
    capability: optional(Type.String({ description: 'The last requested capability.' })),
    parameters: Type.Optional(anything({ description: 'The latest feedback while it runs, then its result.' })),
    result: Type.Optional(anything({ description: 'The result.' })),
    last_feedback: Type.Optional(anything({ description: 'The latest feedback, also after the end.' })),
    error: optional(Type.String({ description: 'Why it failed.' })),
    created_at: time('Time when it was accepted.'),
    started_at: time('Time when it was first reported to be running.'),
    finished_at: time('Time when its end was reported.'),
    'x-medkit': optional(XMedkitOperationExecution),
  }),
);
export type OperationExecution = Type.Static<typeof OperationExecution>;
