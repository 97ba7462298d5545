import type { ConfigExplanation, ExplainedSetting } from '@medkit/gateway';
import { columns } from '../command/columns.ts';

/** Maximum length of a printed value; lists of patterns can be long. */
const MAX_VALUE_LENGTH = 60;

function valueText(value: ExplainedSetting['value']): string {
  const text = typeof value === 'object' ? value.join(', ') : String(value);
  if (text === '') return 'none';
  return text.length > MAX_VALUE_LENGTH ? `${text.slice(0, MAX_VALUE_LENGTH - 1)}…` : text;
}

/** Lists changed settings, then the defaults if `all`, otherwise their number. Empty if there are no settings. */
function settingLines(title: string, settings: readonly ExplainedSetting[], all: boolean): readonly string[] {
  if (settings.length === 0) return [];
  const [defaults, set] = [true, false].map((isDefault) =>
    settings.filter(({ origin }) => (origin === undefined) === isDefault),
  ) as [ExplainedSetting[], ExplainedSetting[]];
  const rows = [...set, ...(all ? defaults : [])].map(({ key, value, origin = 'default' }) => {
    return [key, valueText(value), origin];
  });
  const rest =
    all || defaults.length === 0 ? [] : [`  ${defaults.length} more settings have their defaults; --all shows them.`];
  return [title, ...(rows.length > 0 ? [columns(rows)] : []), ...rest, ''];
}

function sentences(title: string, texts: readonly string[]): readonly string[] {
  return texts.length > 0 ? [title, ...texts.map((text) => `  ${text}`), ''] : [];
}

/** An explanation as text: settings that differ from their defaults, with `all` every setting. */
export function explanationLines(
  explanation: ConfigExplanation,
  { all }: { readonly all: boolean },
): readonly string[] {
  const { file, settings, faultManager, remarks, problems } = explanation;
  return [
    ...settingLines(`Settings from ${file ?? 'the environment (no configuration file)'}:`, settings, all),
    ...settingLines(
      `Parameters of the fault manager from ${faultManager.file ?? 'the defaults (no parameter file)'}:`,
      faultManager.parameters,
      all,
    ),
    ...sentences('Effect on faults:', faultManager.meaning),
    ...sentences('Notes:', remarks),
    ...sentences(
      'Problems:',
      problems.map(({ level, text }) =>
        level === 'refusal' ? `error, medkit will not start: ${text}` : `${level}: ${text}`,
      ),
    ),
    ...(problems.length === 0 ? ['Every entry takes effect as written.'] : []),
  ];
}

/** An explanation as JSON. */
export function explanationJson({ faultManager, ...others }: ConfigExplanation): string {
  return JSON.stringify({ ...others, fault_manager: faultManager }, undefined, 2);
}
