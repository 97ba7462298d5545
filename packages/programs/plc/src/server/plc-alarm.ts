import type { AlarmState } from '../tank/tank-alarms.ts';
import type { Alarm, Library, Variable } from './library.ts';

/** An alarm of the controller (OPC 10000-9, 5.8.2), which sends an event for each state change. */
export interface PlcAlarm {
  /** Activates the alarm or changes its state. It must be acknowledged and confirmed again. */
  activate(state?: Partial<AlarmState>): void;
  /** Deactivates the alarm. It is retained until it is acknowledged and confirmed. */
  deactivate(): void;
  /** Acknowledge and confirm at the panel of the controller. A confirmed alarm is retained only while it is active. */
  acknowledge(): void;
  confirm(): void;
  /**
   * Creates a branch for the current state, which must be acknowledged separately (OPC 10000-9, 5.5.2). If a branch exists, sends
   * its event again.
   */
  branch(): void;
  /** Clears Retain without sending an event. */
  forget(): void;
  /** Shelves the alarm once or for a time, or unshelves it (OPC 10000-9, 5.8.17). */
  shelve(state: ShelvingState): void;
  enable(isEnabled: boolean): void;
}

export type ShelvingState = 'Unshelved' | 'OneShotShelved' | 'TimedShelved';

const LIMIT_STATES = { HighHigh: 'highHighState', High: 'highState', Low: 'lowState', LowLow: 'lowLowState' } as const;

/** Members for limit states and the detail value that the types of the library lack. */
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
 * Controls an alarm of the library with this source name. `usual` is its default state. Without a source name it sends none, as
 * some controllers do.
 */
export function plcAlarm(
  { StatusCodes }: Library,
  alarm: Alarm,
  sourceName: string | null,
  usual: AlarmState,
): PlcAlarm {
  alarm.sourceName.setValueFromSource({ dataType: 'String', value: sourceName });
  const parts = alarm as unknown as LimitParts;
  // The controller decides about the alarm after it is enabled, so the library must not.
  parts.evaluateConditionsAfterEnabled = () => undefined;
  const branch = alarm.currentBranch();
  const quality = StatusCodes.Good as never;
  // Initially acknowledged: nothing has happened yet.
  branch.setAckedState(true);
  branch.setConfirmedStateIfExists(true);
  branch.setRetain(false);
  const raise = (state: AlarmState, retain: boolean): void => {
    alarm.raiseNewCondition({ severity: state.severity, message: state.message, quality, retain });
  };
  let said = usual;
  // A confirmed alarm stays retained while it is active (OPC 10000-9, 5.5.2); the library does not do this.
  alarm.on('confirmed', () => {
    if (!alarm.activeState.getValue()) return;
    branch.setRetain(true);
    raise(said, true);
  });
  // The library sets the id of the state after its name, so both are consistent when the id changes.
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
      if (alarm.getEnabledState()) raise(said, true);
    },
    deactivate: () => {
      branch.setActiveState(false);
      setLimit(null);
      const isOver = branch.getAckedState() && branch.getConfirmedState();
      if (alarm.getEnabledState()) raise(said, !isOver);
    },
    acknowledge: () => {
      branch.setAckedState(true);
      raise(said, true);
    },
    confirm: () => {
      branch.setConfirmedStateIfExists(true);
      raise(said, alarm.activeState.getValue());
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
