import { oneOf, optional } from './compose.ts';
import { FAULT_SEVERITIES } from './fault-severity.ts';
import * as Type from './type.ts';

/** How a rule compares a value with its threshold. */
export const FAULT_TRIGGER_OPERATORS = ['>', '<', '>=', '<=', '=='] as const;
export type FaultTriggerOperator = (typeof FAULT_TRIGGER_OPERATORS)[number];

export type FaultTriggerSeverity = (typeof FAULT_SEVERITIES.longLabels)[number];

/** Maximum length of a JSON Pointer in characters. */
export const MAX_POINTER_LENGTH = 1024;

const rule = {
  data_name: Type.String({ minLength: 1, description: 'Id of a data item of the app.' }),
  operator: oneOf(...FAULT_TRIGGER_OPERATORS),
  threshold: Type.Number(),
  fault_code: Type.String({ description: 'Fault code, used only by this rule.' }),
  severity: oneOf(...FAULT_SEVERITIES.longLabels),
};
const path = optional(
  Type.String({
    maxLength: MAX_POINTER_LENGTH,
    description:
      'JSON Pointer to the number in the value of the item, `/linear/x`. If absent, the value itself, or the main number of a known message type.',
  }),
);

const storedRule = {
  id: Type.String(),
  ...rule,
  path,
  active: Type.Boolean({ description: 'Whether the rule is active.' }),
  'x-medkit': optional(
    Type.Object({
      crossed: Type.Boolean({ description: 'Whether the fault is being reported.' }),
      value: optional(Type.Number({ description: 'The last value that was read.' })),
      problem: optional(Type.String({ description: 'Why the rule cannot be evaluated at the moment.' })),
    }),
  ),
};

export const FaultTrigger = Type.Object(storedRule);
export type FaultTrigger = Type.Static<typeof FaultTrigger>;

export const FaultTriggerList = Type.Object({ items: Type.Array(FaultTrigger) });
export type FaultTriggerList = Type.Static<typeof FaultTriggerList>;

/** A rule in the list of all apps. */
export const AppFaultTrigger = Type.Object({
  app_id: Type.String({ description: 'The app that has the data and that the fault belongs to.' }),
  ...storedRule,
});
export type AppFaultTrigger = Type.Static<typeof AppFaultTrigger>;

export const AppFaultTriggerList = Type.Object({ items: Type.Array(AppFaultTrigger) });
export type AppFaultTriggerList = Type.Static<typeof AppFaultTriggerList>;

export const FaultTriggerRequest = Type.Object({
  ...rule,
  path,
  active: optional(Type.Boolean({ description: 'Whether the rule is active; default true.' })),
});
export type FaultTriggerRequest = Type.Static<typeof FaultTriggerRequest>;
