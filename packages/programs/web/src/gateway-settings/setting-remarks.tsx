import type { GatewaySettings, SettingRemark } from '@medkit/contract';
import { Region } from '../regions/region.tsx';
import { numbered } from './code-text.tsx';
import { t } from './texts.ts';

const SEVERITY: Readonly<Record<SettingRemark['level'], string>> = {
  note: 'severity-0',
  warning: 'severity-1',
  error: 'severity-2',
};

/** What the gateway reported about its configuration at the start. */
export function SettingRemarks({ remarks, remarks_omitted }: GatewaySettings) {
  return (
    <Region title={t.remarks}>
      {remarks.length === 0 ? (
        <p className="soft">{t.noRemarks}</p>
      ) : (
        <ul className="stack gateway-settings-remarks">
          {numbered(remarks).map(([id, { level, text }]) => (
            <li key={id}>
              <strong className={SEVERITY[level]}>{t.levels[level]}</strong> <span>{text}</span>
            </li>
          ))}
        </ul>
      )}
      {remarks_omitted ? <p className="soft">{t.moreRemarks(remarks_omitted)}</p> : null}
    </Region>
  );
}
