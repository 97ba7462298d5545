import type { Statement, StatementResult } from '@medkit/store';
import type { FleetContext } from './fleet-context.ts';
import { MAX_LISTED } from './robots/value-list.ts';

/** Maximum steps of a group; the upgrade of connections bounds those that wait. */
const MAX_STEPS = MAX_LISTED;

/** What a step of one robot writes, and its outcome. */
export interface PlannedStep<Outcome> {
  readonly statements: readonly Statement[];
  /** Called with a result for each statement after all steps of the group were committed. A failure is that of this step only. */
  readonly finish: (results: readonly StatementResult[]) => Outcome | Promise<Outcome>;
}

/** Returns the plan of a step that fails with this error. */
export const failedStep = (error: Error): PlannedStep<never> => ({
  statements: [],
  finish: () => {
    throw error;
  },
});

export interface StepGroups<Step, Outcome> {
  readonly context: Pick<FleetContext, 'exclusive' | 'store'>;
  /** Identifies the robot: a group has one step of each. */
  readonly robotOf: (step: Step) => string;
  /** Plans the steps of a group. Returns a plan for each, in order. */
  readonly plan: (steps: readonly Step[]) => Promise<readonly PlannedStep<Outcome>[]>;
}

interface Waiting<Step, Outcome> {
  readonly step: Step;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Returns a function that runs steps of robots as exclusive tasks: those that wait for their turn are read and written
 * together, in the order of their arrival. If a group fails, each of its steps runs alone.
 */
export function joinSteps<Step, Outcome>(options: StepGroups<Step, Outcome>): (step: Step) => Promise<Outcome> {
  const { context, robotOf, plan } = options;
  const waiting: Waiting<Step, Outcome>[] = [];
  let isScheduled = false;

  const next = (): readonly Waiting<Step, Outcome>[] => {
    const robots = new Set<string>();
    for (const { step } of waiting.slice(0, MAX_STEPS)) {
      if (robots.has(robotOf(step))) break;
      robots.add(robotOf(step));
    }
    return waiting.splice(0, robots.size);
  };
  const commit = async (group: readonly Waiting<Step, Outcome>[]): Promise<void> => {
    const planned = await plan(group.map(({ step }) => step));
    const statements = planned.flatMap((each) => each.statements);
    const results = statements.length > 0 ? (await context.store.write(statements)).results : [];
    let first = 0;
    for (const [index, { statements: those, finish }] of planned.entries()) {
      const { resolve, reject } = group[index]!;
      const part = results.slice(first, first + those.length);
      first += those.length;
      await Promise.resolve(part).then(finish).then(resolve, reject);
    }
  };
  const run = async (): Promise<void> => {
    isScheduled = false;
    const group = next();
    if (waiting.length > 0) schedule();
    try {
      await commit(group);
    } catch (error) {
      if (group.length === 1) return group[0]!.reject(error);
      for (const each of group) await commit([each]).catch(each.reject);
    }
  };
  const schedule = (): void => {
    isScheduled = true;
    void context.exclusive(run);
  };
  return (step) =>
    new Promise((resolve, reject) => {
      waiting.push({ step, resolve, reject });
      if (!isScheduled) schedule();
    });
}
