import type { AlarmState } from '../tank/tank-alarms.ts';
import type { Alarm, Library, Variable } from './library.ts';

/** One alarm of the controller (OPC 10000-9, 5.8.2), which tells of each change of its state. */
export interface PlcAlarm {
  /** It begins, or says something else than before; it has to be acknowledged and confirmed anew then. */
  activate(state?: Partial<AlarmState>): void;
  /** Its reason is gone. It is retained until somebody has acknowledged and confirmed it. */
  deactivate(): void;
  /** Somebody at the panel of the controller has seen it, and put it right: it is retained no longer then, unless it is active. */
  acknowledge(): void;
  confirm(): void;
  /**
   * Keeps how it is as a state that is past, and that somebody is to acknowledge apart (OPC 10000-9, 5.5.2). Where there is one,
   * that is told of again.
   */
  branch(): void;
  /** Retains it no longer, and does not say so. */
  forget(): void;
  /** For once, or for a while, or no longer (OPC 10000-9, 5.8.17). */
  shelve(state: ShelvingState): void;
  enable(isEnabled: boolean): void;
}

export type ShelvingState = 'Unshelved' | 'OneShotShelved' | 'TimedShelved';

const LIMIT_STATES = { HighHigh: 'highHighState', High: 'highState', Low: 'lowState', LowLow: 'lowLowState' } as const;

/** What the library does not say in its types of the states of limits, and of the value beside a message. */
interface LimitParts {
  readonly limitState?: { setState(name: string | null): void };
  readonly highHighState?: TwoState;
  readonly highState?: TwoState;
  readonly lowState?: TwoState;
  readonly lowLowState?: TwoState;
  readonly $detail?: unknown;
  evaluateConditionsAfterEnabled(): void;
}
interface TwoState {
  setValue(isOn: boolean): void;
}

/**
 * Drives an alarm of the library, of a source of this name; `usual` is what it says unless it is told otherwise. Where there is
 * no name it says none, as some controllers do.
 */
export function plcAlarm(
  { StatusCodes }: Library,
  alarm: Alarm,
  sourceName: string | null,
  usual: AlarmState,
): PlcAlarm {
  alarm.sourceName.setValueFromSource({ dataType: 'String', value: sourceName });
  const parts = alarm as unknown as LimitParts;
  // The controller decides on it, whatever it was like while it was disabled.
  parts.evaluateConditionsAfterEnabled = () => undefined;
  const branch = alarm.currentBranch();
  const quality = StatusCodes.Good as never;
  // Nothing happened yet: that needs no attention.
  branch.setAckedState(true);
  branch.setConfirmedStateIfExists(true);
  branch.setRetain(false);
  const tell = (state: AlarmState, retain: boolean): void => {
    alarm.raiseNewCondition({ severity: state.severity, message: state.message, quality, retain });
  };
  let said = usual;
  // Once confirmed, an alarm with a reason is retained still (OPC 10000-9, 5.5.2), which the library leaves out.
  alarm.on('confirmed', () => {
    if (!alarm.activeState.getValue()) return;
    branch.setRetain(true);
    tell(said, true);
  });
  // The id of the state is set behind its name: by then both say the same.
  const shelved = alarm.shelvingState?.currentState.getPropertyByName('Id') as Variable | null | undefined;
  shelved?.on('value_changed', () => {
    if (alarm.getEnabledState()) alarm.raiseConditionEvent(branch, true);
  });
  const setLimit = (limit: AlarmState['limit'] | null): void => {
    parts.limitState?.setState(limit ?? null);
    for (const [name, key] of Object.entries(LIMIT_STATES)) parts[key]?.setValue(name === limit);
  };
  return {
    activate: (state = {}) => {
      said = { ...usual, ...state };
      branch.setActiveState(true);
      branch.setAckedState(false);
      branch.setConfirmedStateIfExists(false);
      setLimit(said.limit);
      const detail = alarm.getChildByName('SD_1') as unknown as DetailNode | null;
      detail?.setValueFromSource({ dataType: 'String', value: said.detail });
      if (alarm.getEnabledState()) tell(said, true);
    },
    deactivate: () => {
      branch.setActiveState(false);
      setLimit(null);
      const isOver = branch.getAckedState() && branch.getConfirmedState();
      if (alarm.getEnabledState()) tell(said, !isOver);
    },
    acknowledge: () => {
      branch.setAckedState(true);
      tell(said, true);
    },
    confirm: () => {
      branch.setConfirmedStateIfExists(true);
      tell(said, alarm.activeState.getValue());
    },
    branch: () => {
      const past = alarm.getBranches()[0] ?? alarm.createBranch();
      past.setRetain(true);
      alarm.raiseNewBranchState(past);
    },
    forget: () => branch.setRetain(false),
    shelve: (state) => {
      alarm.shelvingState?.setState(state);
    },
    enable: (isEnabled) => {
      alarm.setEnabledState(isEnabled);
    },
  };
}

interface DetailNode {
  setValueFromSource(variant: { readonly dataType: string; readonly value: string }): void;
}
