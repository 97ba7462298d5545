import { collectionOf, XMedkitCollection } from './collection.ts';
import { named, oneOf, optional } from './compose.ts';
import { XMedkitOperationExecution } from './operations.ts';
import { ScriptMetadata } from './scripts.ts';
import * as Type from './type.ts';

/** Maximum and default number of executions in one list. */
export const MAX_EXECUTIONS = 1000;
export const DEFAULT_EXECUTIONS = 100;

/** Whether an execution is running or has ended. */
export const EXECUTION_STATES = ['running', 'ended'] as const;
export type ExecutionState = (typeof EXECUTION_STATES)[number];

const entity = {
  entity_type: oneOf('area', 'component', 'app', 'function'),
  entity_id: Type.String(),
};
export const ExecutionSummary = named(
  'ExecutionSummary',
  Type.Object({
    id: Type.String({ description: 'Unique within its operation or script.' }),
    of: oneOf('operation', 'script'),
    ...entity,
    operation_id: optional(Type.String({ description: 'Id of the operation, as in the list of its entity.' })),
    script_id: optional(Type.String()),
    href: Type.String({ description: 'Address of the execution with its result; also used to end it.' }),
    status: oneOf('pending', 'prepared', 'running', 'completed', 'failed', 'terminated'),
    progress: optional(Type.Integer({ minimum: 0, maximum: 100, description: 'Percent, as the script reports.' })),
    error: optional(Type.String({ description: 'Why it failed.' })),
    started_at: optional(
      Type.String({ format: 'date-time', description: 'Time when it was accepted, otherwise when it began.' }),
    ),
    finished_at: optional(Type.String({ format: 'date-time' })),
    client_id: optional(Type.String({ description: 'Principal that started it, if known; only for scripts.' })),
    'x-medkit': optional(
      Type.Object({
        ros2: XMedkitOperationExecution.properties.ros2,
        ros2_status: XMedkitOperationExecution.properties.ros2_status,
        origin: optional(Type.String({ description: 'The gateway of the execution, if it is not this one.' })),
      }),
    ),
  }),
);
export type ExecutionSummary = Type.Static<typeof ExecutionSummary>;

export const ExecutionSummaryList = collectionOf('ExecutionSummaryList', ExecutionSummary, XMedkitCollection);
export type ExecutionSummaryList = Type.Static<typeof ExecutionSummaryList>;

export const EntityScript = named('EntityScript', Type.Object({ ...ScriptMetadata.properties, ...entity }));
export type EntityScript = Type.Static<typeof EntityScript>;

export const EntityScriptList = collectionOf('EntityScriptList', EntityScript, XMedkitCollection);
export type EntityScriptList = Type.Static<typeof EntityScriptList>;
