import type { GatewaySetting } from '@medkit/contract';
import { useRoute } from '../gateway/gateway.ts';
import { Region } from '../regions/region.tsx';
import { Time } from '../time/time.tsx';
import { timeMs } from '../time/times.ts';
import { retentionFacts } from './retention.ts';
import { valueText } from './setting-rows.ts';
import { t } from './texts.ts';

type Settings = ReadonlyMap<string, GatewaySetting>;

/** Log targets by the setting with their address. */
const SINKS = {
  'logs.sinks.otlp.url': 'OTLP',
  'logs.sinks.loki.url': 'Loki',
  'logs.sinks.elasticsearch.url': 'Elasticsearch',
} as const;

/** What operators look up most: encryption, logs, and how much is stored. */
export function SettingSummary({ items }: { readonly items: readonly GatewaySetting[] }) {
  const settings: Settings = new Map(items.map((setting) => [setting.key, setting]));
  return (
    <div className="gateway-settings-summary">
      <TlsRegion settings={settings} />
      <LogRegion settings={settings} />
      <Region title={t.retention}>
        <dl className="gateway-settings-limits">
          {retentionFacts(settings).map(({ key, label, text }) => (
            <div key={key} className="gateway-settings-limit">
              <dt title={key}>{label}</dt>
              <dd className="number">{text}</dd>
            </div>
          ))}
        </dl>
      </Region>
    </div>
  );
}

const textOf = (settings: Settings, key: string): string => {
  const setting = settings.get(key);
  return setting === undefined ? '' : valueText(setting);
};

function TlsRegion({ settings }: { readonly settings: Settings }) {
  const isOn = settings.get('server.tls.enabled')?.value === true;
  const health = useRoute('getHealth', {}, { enabled: isOn });
  const expires = health.data?.['x-medkit-tls']?.expires;
  const isGenerated = settings.get('server.tls.self_signed')?.value === true;
  return (
    <Region title={t.tls}>
      <dl>
        <dt>{t.https}</dt>
        <dd>{isOn ? t.on : t.onlyHttp}</dd>
        {isOn && (
          <>
            <dt>{t.certificate}</dt>
            <dd className={isGenerated ? undefined : 'mono gateway-settings-value'}>
              {isGenerated ? t.generated : textOf(settings, 'server.tls.cert_file')}
            </dd>
            <dt>{t.minVersion}</dt>
            <dd className="number">{textOf(settings, 'server.tls.min_version')}</dd>
            {expires && (
              <>
                <dt>{t.expires}</dt>
                <dd>
                  <Time ms={timeMs(expires)} />
                </dd>
              </>
            )}
          </>
        )}
      </dl>
    </Region>
  );
}

function LogRegion({ settings }: { readonly settings: Settings }) {
  const sinks = Object.entries(SINKS)
    .map(([key, name]) => ({ name, url: textOf(settings, key) }))
    .filter(({ url }) => url !== '');
  return (
    <Region title={t.logs}>
      <dl>
        <dt>{t.level}</dt>
        <dd>{t.info}</dd>
        <dt>{t.debug}</dt>
        <dd>{textOf(settings, 'logs.debug') || t.noDebug}</dd>
        <dt>{t.forwardedTo}</dt>
        <dd className="gateway-settings-value">
          {sinks.length === 0
            ? t.notForwarded
            : sinks.map(({ name, url }) => (
                <div key={name}>
                  {name} <span className="mono">{url}</span>
                </div>
              ))}
        </dd>
      </dl>
    </Region>
  );
}
