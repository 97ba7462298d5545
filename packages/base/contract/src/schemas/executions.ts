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
    id: Type.String({ description: 'Unique on its operation or script.' }),
    of: oneOf('operation', 'script'),
    ...entity,
    operation_id: optional(Type.String({ description: 'Of the operation, as the list of its entity has it.' })),
    script_id: optional(Type.String()),
    href: Type.String({ description: 'Where all of it is: what it gave, and how it is ended.' }),
    status: oneOf('pending', 'prepared', 'running', 'completed', 'failed', 'terminated'),
    progress: optional(Type.Integer({ minimum: 0, maximum: 100, description: 'Percent, as a script says.' })),
    error: optional(Type.String({ description: 'Why it failed.' })),
    started_at: optional(Type.String({ format: 'date-time', description: 'When it was accepted, or else begun.' })),
    finished_at: optional(Type.String({ format: 'date-time' })),
    client_id: optional(Type.String({ description: 'Who started it, where that is known: of scripts.' })),
    'x-medkit': optional(
      Type.Object({
        ros2: XMedkitOperationExecution.properties.ros2,
        ros2_status: XMedkitOperationExecution.properties.ros2_status,
        origin: optional(Type.String({ description: 'The gateway that it is of, where that is another one.' })),
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
