import type { ConfigExplanation, ExplainedSetting } from '@medkit/gateway';
import { columns } from '../command/columns.ts';

/** Longer values are cut: lists of patterns have no end. */
const MAX_VALUE_LENGTH = 60;

function valueText(value: ExplainedSetting['value']): string {
  const text = typeof value === 'object' ? value.join(', ') : String(value);
  if (text === '') return 'none';
  return text.length > MAX_VALUE_LENGTH ? `${text.slice(0, MAX_VALUE_LENGTH - 1)}…` : text;
}

/** What is set, then the rest; nothing where there is nothing to show. */
function settingLines(title: string, settings: readonly ExplainedSetting[]): readonly string[] {
  const rows = [...settings]
    .sort((a, b) => Number(a.origin === undefined) - Number(b.origin === undefined))
    .map(({ key, value, origin = 'default' }) => [key, valueText(value), origin]);
  return rows.length > 0 ? [title, columns(rows), ''] : [];
}

function sentences(title: string, texts: readonly string[]): readonly string[] {
  return texts.length > 0 ? [title, ...texts.map((text) => `  ${text}`), ''] : [];
}

/** An explanation for a person. */
export function explanationLines(explanation: ConfigExplanation): readonly string[] {
  const { file, settings, faultManager, remarks, problems } = explanation;
  return [
    ...settingLines(`Settings, from ${file ?? 'the environment; there is no configuration file'}:`, settings),
    ...settingLines(
      `Parameters of the fault manager, from ${faultManager.file ?? 'nowhere; no file is named'}:`,
      faultManager.parameters,
    ),
    ...sentences('What they mean for faults:', faultManager.meaning),
    ...sentences('Be aware:', remarks),
    ...sentences(
      'Not as it was written:',
      problems.map(({ level, text }) =>
        level === 'refusal' ? `refused, medkit will not start: ${text}` : `${level}: ${text}`,
      ),
    ),
    ...(problems.length === 0 ? ['Everything counts as it was written.'] : []),
  ];
}

/** An explanation for a program. */
export function explanationJson({ faultManager, ...others }: ConfigExplanation): string {
  return JSON.stringify({ ...others, fault_manager: faultManager }, undefined, 2);
}
