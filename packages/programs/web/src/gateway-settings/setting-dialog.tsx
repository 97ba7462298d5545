import type { GatewaySetting } from '@medkit/contract';
import { Dialog } from '../controls/dialog.tsx';
import { CodeText, numbered } from './code-text.tsx';
import { SettingValue } from './setting-value.tsx';
import { t } from './texts.ts';

interface SettingDialogProps {
  readonly setting: GatewaySetting;
  readonly onClose: () => void;
}

/** One setting with its whole value, its source and its description. */
export function SettingDialog({ setting, onClose }: SettingDialogProps) {
  const { key, value, origin, about, omitted } = setting;
  return (
    <Dialog title={key} onClose={onClose} className="gateway-settings-dialog">
      <p>
        <CodeText text={about} />
      </p>
      <dl>
        <dt>{t.value}</dt>
        <dd className="gateway-settings-value">
          {Array.isArray(value) && value.length > 0 ? (
            <ul>
              {numbered(value).map(([id, entry]) => (
                <li key={id} className="mono">
                  {entry}
                </li>
              ))}
              {omitted ? <li className="soft">{t.omitted(omitted)}</li> : null}
            </ul>
          ) : (
            <SettingValue setting={setting} />
          )}
        </dd>
        <dt>{t.source}</dt>
        <dd className="gateway-settings-value">
          {origin == null ? t.byDefault : <span className="mono">{origin}</span>}
        </dd>
      </dl>
    </Dialog>
  );
}
