import type { GatewaySetting, GatewaySettings } from '@medkit/contract';

/** A row of the list of settings. */
export interface SettingRow {
  /** Unique among all rows: a parameter of the fault manager may have the key of a setting. */
  readonly id: string;
  /** First part of the key; empty for a key with one part; `undefined` for a parameter of the fault manager. */
  readonly section: string | undefined;
  readonly setting: GatewaySetting;
}

/** Filter of the list of settings, from the URL. */
export interface SettingFilter {
  readonly show: 'all' | 'changed';
  readonly text: string;
}

/** Reads the filter from the query parameters `show` and `q`. */
export function settingFilterOf(search: URLSearchParams): SettingFilter {
  return { show: search.get('show') === 'changed' ? 'changed' : 'all', text: search.get('q') ?? '' };
}

/** Returns the rows of all settings, then those of the parameters of the fault manager. */
export function settingRows({ items, fault_manager }: GatewaySettings): readonly SettingRow[] {
  return [
    ...items.map((setting) => {
      const [section = '', ...rest] = setting.key.split('.');
      return { id: setting.key, section: rest.length === 0 ? '' : section, setting };
    }),
    ...fault_manager.parameters.map((setting) => ({
      id: `fault_manager: ${setting.key}`,
      section: undefined,
      setting,
    })),
  ];
}

/** Returns a value as one line of text; empty for a secret and for a value without text. */
export function valueText({ value }: GatewaySetting): string {
  return Array.isArray(value) ? value.join(', ') : String(value ?? '');
}

/** Returns the rows that match a filter. Every term must occur in key, value, source or description. */
export function filteredRows(rows: readonly SettingRow[], { show, text }: SettingFilter): readonly SettingRow[] {
  const terms = text.toLowerCase().split(/\s+/);
  return rows.filter(({ setting }) => {
    // Includes a setting that a source sets to its default.
    if (show === 'changed' && setting.origin == null) return false;
    const all = [setting.key, valueText(setting), setting.origin ?? '', setting.about].join('\n').toLowerCase();
    return terms.every((term) => all.includes(term));
  });
}
