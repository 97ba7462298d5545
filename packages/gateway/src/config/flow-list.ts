import { DocumentRefused, readYaml } from '@medkit/documents';
import { ConfigRefused } from './assignment.ts';
import { findSetting } from './settings.ts';

/** An IPv6 address in brackets, which is one entry and not a list. */
const IPV6 = /^\[[\da-f]*:[\da-f:.]*\]$/i;

/**
 * Reads the value of a flag or an environment variable. `["a", "b"]` is a YAML list, as in `ros2 run -p`. Any other
 * text, and the value of a setting that is not a list, stays a text. Throws `ConfigRefused` for a list that is not
 * closed, or whose items are not single values.
 */
export function flowList(key: string, text: string, origin: string): string | readonly string[] {
  const setting = findSetting(key);
  const trimmed = text.trim();
  if (!trimmed.startsWith('[') || IPV6.test(trimmed) || (setting && setting.type !== 'list')) return text;
  const refusal = new ConfigRefused([`${key}: the value in brackets is not a list such as ["a", "b"] (${origin})`]);
  try {
    const list = readYaml(trimmed, origin);
    if (list.kind !== 'list') throw refusal;
    return list.items.map((item) => {
      if (item.kind !== 'value') throw refusal;
      return item.value === null ? '' : item.text;
    });
  } catch (error) {
    if (error instanceof DocumentRefused) throw refusal;
    throw error;
  }
}
