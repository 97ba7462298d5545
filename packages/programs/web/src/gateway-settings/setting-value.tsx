import type { GatewaySetting } from '@medkit/contract';
import { valueText } from './setting-rows.ts';
import { t } from './texts.ts';

/** The value of a setting in one line. Says whether it is empty, or hidden because it is secret. */
export function SettingValue({ setting }: { readonly setting: GatewaySetting }) {
  if (setting.secret) return <span className="soft">{t.hidden}</span>;
  const text = valueText(setting);
  if (text === '') return <span className="soft">{t.empty}</span>;
  return (
    <span className="mono" title={text}>
      {text}
      {setting.omitted ? ` + ${t.omitted(setting.omitted)}` : ''}
    </span>
  );
}
