import type { Column } from '../tables/columns.ts';
import { type SettingRow, valueText } from './setting-rows.ts';
import { SettingValue } from './setting-value.tsx';
import { t } from './texts.ts';

const sourceOf = ({ setting }: SettingRow): string => setting.origin ?? t.byDefault;

/** The columns of the list of settings. */
export function settingColumns(): readonly Column<SettingRow>[] {
  return [
    {
      id: 'key',
      title: t.key,
      className: 'mono',
      cell: ({ setting }) => <span title={setting.key}>{setting.key}</span>,
      under: (row) => {
        const { setting } = row;
        const value = setting.secret ? t.hidden : valueText(setting) || t.empty;
        return `${value} · ${sourceOf(row)}`;
      },
    },
    {
      id: 'value',
      title: t.value,
      isWideOnly: true,
      cell: ({ setting }) => <SettingValue setting={setting} />,
    },
    {
      id: 'source',
      title: t.source,
      isWideOnly: true,
      cell: (row) => (
        <span className={row.setting.origin == null ? 'soft' : 'mono'} title={sourceOf(row)}>
          {sourceOf(row)}
        </span>
      ),
    },
  ];
}
