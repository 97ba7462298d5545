import { type Assignment, ConfigRefused, type SourceReading } from './assignment.ts';
import { flowList } from './flow-list.ts';
import { SETTING_ROWS } from './settings.ts';

interface FlagOption {
  readonly type: 'string' | 'boolean';
  readonly multiple?: boolean;
}

/** Result of `util.parseArgs` for the options of `configFlags`. */
export type FlagValues = Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>;

/** The command-line options of the configuration, for `util.parseArgs`. */
export const configFlags: Readonly<Record<string, FlagOption>> = {
  config: { type: 'string' },
  set: { type: 'string', multiple: true },
  ...Object.fromEntries(
    SETTING_ROWS.filter(([, setting]) => setting.flag !== undefined).map(([, setting]) => [
      setting.flag,
      {
        type: setting.type === 'boolean' ? ('boolean' as const) : ('string' as const),
        ...(setting.type === 'list' && { multiple: true }),
      },
    ]),
  ),
};

function readSet(text: string): Assignment {
  const equals = text.indexOf('=');
  if (equals <= 0) throw new ConfigRefused([`--set ${text}: expected key=value`]);
  const key = text.slice(0, equals).trim();
  const origin = `--set ${key}`;
  return { key, value: flowList(key, text.slice(equals + 1), origin), origin };
}

/** Reads settings from parsed flags, `--set key=value` first. */
export function readFlags(flags: FlagValues): SourceReading {
  const sets = ((flags.set ?? []) as readonly string[]).map(readSet);
  const named = SETTING_ROWS.flatMap(([key, { flag }]) => {
    const value = flag === undefined ? undefined : flags[flag];
    if (value === undefined) return [];
    const origin = `--${flag}`;
    const texts = Array.isArray(value) ? value.flatMap((each) => flowList(key, String(each), origin)) : String(value);
    return { key, value: texts, origin };
  });
  return { assignments: [...sets, ...named], notices: [] };
}
