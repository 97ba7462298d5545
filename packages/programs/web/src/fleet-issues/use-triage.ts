import type { FleetIssue, FleetIssueChange } from '@medkit/contract';
import { useState } from 'react';
import { gateway, refetchRoutes } from '../gateway/gateway.ts';
import { gatewayNowMs } from '../gateway/gateway-clock.ts';
import { undoOf } from './issue-decision.ts';
import { titleOf } from './issue-state.tsx';
import { t } from './texts.ts';

type Decided = Pick<FleetIssue, 'id' | 'rule' | 'fault_code' | 'state' | 'decided'>;
interface Undo {
  readonly issue: Decided;
  readonly change: FleetIssueChange;
}

/** The last decision. */
export interface TriageResult {
  readonly text: string;
  readonly error?: Error;
  /** Restores the earlier decisions; absent after an undo. */
  readonly undo?: () => Promise<void>;
}

/** Names issues: the only one, or their number. */
export const namesOf = (issues: readonly Decided[]): string =>
  issues.length === 1 ? titleOf(issues[0]!) : t.names(issues.length);

/** Decides on issues one after the other, says what happened, and undoes it. Stops at the first refusal. */
export function useTriage() {
  const [result, setResult] = useState<TriageResult>();
  const [isAtWork, setAtWork] = useState(false);

  /** Returns how to undo the changes that succeeded, the state of the last one, and the refusal. */
  async function send(changes: readonly Undo[]) {
    const undos: Undo[] = [];
    let state: FleetIssue['state'] | undefined;
    try {
      for (const { issue, change } of changes) {
        const after = await gateway().call('changeFleetIssue', { path: { issue: issue.id }, body: change });
        // Replies count the whole fleet; a filtered list does not.
        undos.push({ issue, change: undoOf(issue, after, gatewayNowMs()) });
        ({ state } = after);
      }
    } catch (error) {
      return { undos, state, error: error as Error };
    }
    return { undos, state };
  }

  async function run(changes: readonly Undo[], canUndo: boolean): Promise<boolean> {
    setAtWork(true);
    const { undos, state, error } = await send(changes);
    setAtWork(false);
    setResult({
      text: state === undefined ? '' : t.done(namesOf(undos.map(({ issue }) => issue)), t.states[state]),
      ...(error && { error }),
      ...(canUndo && undos.length > 0 && { undo: async () => void (await run(undos, false)) }),
    });
    refetchRoutes(['listFleetIssues', 'getFleetIssue']);
    return error === undefined;
  }

  return {
    result,
    isAtWork,
    /** Resolves to whether every change succeeded. */
    decide: (issues: readonly Decided[], change: FleetIssueChange): Promise<boolean> =>
      run(
        issues.map((issue) => ({ issue, change })),
        true,
      ),
  };
}

export type Triage = ReturnType<typeof useTriage>;
