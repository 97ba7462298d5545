import type { EntityRef } from '@medkit/client';
import type { LogConfiguration } from '@medkit/contract';
import { type FormEvent, useState } from 'react';
import { useChange, useRoute } from '../gateway/gateway.ts';
import { useIsLost } from '../live/live-stream.ts';
import { SeveritySelect } from '../logs/log-severity.tsx';
import { Failure } from '../regions/failure.tsx';
import { Loaded } from '../regions/loaded.tsx';
import { Region } from '../regions/region.tsx';
import { t } from './texts.ts';

/** Which entries the gateway lists for an entity if a client does not choose: the SOVD log configuration. */
export function LogSettings({ entity }: { readonly entity: EntityRef }) {
  const configuration = useRoute('getLogConfiguration', { entity });
  return (
    <Region title={t.logSettings}>
      <p className="soft">{t.logSettingsHelp}</p>
      <Loaded query={configuration} height={40}>
        {(current) => <LogSettingsForm entity={entity} current={current} />}
      </Loaded>
    </Region>
  );
}

function LogSettingsForm({ entity, current }: { readonly entity: EntityRef; readonly current: LogConfiguration }) {
  // What the user has changed: the rest follows the gateway, and later input stays when a save ends.
  const [draft, setDraft] = useState<{ readonly severity?: string; readonly count?: string }>({});
  const severity = draft.severity ?? current.severity_filter ?? '';
  const count = draft.count ?? String(current.max_entries ?? '');
  const change = useChange('putLogConfiguration', { touches: ['getLogConfiguration', 'listLogs'] });
  const isLost = useIsLost();
  const isChanged = severity !== current.severity_filter || count !== String(current.max_entries);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate(
      { entity, body: { severity_filter: severity, max_entries: Number(count) } },
      { onSuccess: () => setDraft((newest) => (newest === draft ? {} : newest)) },
    );
  };
  return (
    <form className="row" onSubmit={submit}>
      <SeveritySelect
        label={t.logMinimum}
        value={severity}
        onChoose={(chosen) => setDraft({ ...draft, severity: chosen })}
      />
      <label className="row">
        <span className="soft">{t.logMaximum}</span>
        <input
          type="number"
          required
          min={1}
          step={1}
          value={count}
          onChange={(event) => setDraft({ ...draft, count: event.target.value })}
        />
      </label>
      <button type="submit" className="button" disabled={!isChanged || isLost || change.isPending}>
        {t.saveLogSettings}
      </button>
      {change.error && <Failure error={change.error} />}
    </form>
  );
}
