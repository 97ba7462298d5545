import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import type { OptionValues } from '../command/parse-arguments.ts';
import { typedValue } from '../command/typed-value.ts';
import type { CommandOption } from '../remote/remote-command.ts';

/** Condition options; exactly one is required. */
export const CONDITION_OPTIONS = {
  change: { about: 'fire when the value changes' },
  becomes: { takes: '<value>', about: 'fire when the value changes to this value' },
  enters: { takes: '<low>..<high>', about: 'fire when a number enters this range' },
  leaves: { takes: '<low>..<high>', about: 'fire when a number leaves this range' },
  condition: { takes: '<json>', about: 'condition in the JSON form of the API, such as a condition of a plugin' },
} as const satisfies Readonly<Record<string, CommandOption>>;

/** Returns the condition from the options. Throws `CommandFailed` unless there is exactly one. */
export function conditionOf(values: OptionValues): unknown {
  const selected = Object.keys(CONDITION_OPTIONS).filter((name) => values[name] !== undefined);
  if (selected.length !== 1) {
    const choice = Object.keys(CONDITION_OPTIONS).map((name) => `--${name}`);
    throw new CommandFailed(`expected exactly one condition: ${choice.join(', ')}`, ExitCode.usage);
  }
  const { becomes, enters, leaves, condition } = values;
  if (condition !== undefined) return typedValue(String(condition));
  if (becomes !== undefined) return { condition_type: 'OnChangeTo', target_value: typedValue(String(becomes)) };
  if (enters !== undefined) return { condition_type: 'EnterRange', ...boundsOf('enters', String(enters)) };
  if (leaves !== undefined) return { condition_type: 'LeaveRange', ...boundsOf('leaves', String(leaves)) };
  return { condition_type: 'OnChange' };
}

function boundsOf(option: string, text: string) {
  const [low, high, ...rest] = text.split('..');
  const [lower_bound, upper_bound] = [Number(low), Number(high)];
  const isRange = rest.length === 0 && low?.trim() && high?.trim() && lower_bound <= upper_bound;
  if (isRange) return { lower_bound, upper_bound };
  throw new CommandFailed(`--${option}: expected two numbers such as 0..22, found "${text}"`, ExitCode.usage);
}
