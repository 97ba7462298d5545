import type { FleetSite, FleetSiteSchedule } from '@medkit/contract';
import { type FormEvent, useState } from 'react';
import { useRefusal } from '../access/use-disabled-reason.ts';
import { Dialog } from '../controls/dialog.tsx';
import { gateway, refetchRoutes } from '../gateway/gateway.ts';
import { Failure } from '../regions/failure.tsx';
import { Time } from '../time/time.tsx';
import { timeMs } from '../time/times.ts';
import { t } from './texts.ts';

type Windows = NonNullable<FleetSiteSchedule['maintenance']>;

interface SiteScheduleDialogProps {
  readonly site: FleetSite;
  readonly onClose: () => void;
}

/** Time zone, quiet hours and maintenance windows of a site. */
export function SiteScheduleDialog({ site, onClose }: SiteScheduleDialogProps) {
  const s = t.schedule;
  const [zone, setZone] = useState(site.zone ?? new Intl.DateTimeFormat().resolvedOptions().timeZone);
  const [hours, setHours] = useState(site.quiet_hours.join('\n'));
  const [windows, setWindows] = useState<Windows>(site.maintenance);
  const [error, setError] = useState<Error>();
  const [isAtWork, setAtWork] = useState(false);
  const refusal = useRefusal('fleet.manage');
  const path = { site: site.id };
  const change = async (call: () => Promise<unknown>): Promise<void> => {
    setAtWork(true);
    setError(undefined);
    try {
      await call();
      refetchRoutes(['listFleetSites', 'listFleetRobots']);
      onClose();
    } catch (failure) {
      setError(failure as Error);
      setAtWork(false);
    }
  };
  const save = (event: FormEvent): void => {
    event.preventDefault();
    const quiet_hours = hours.split('\n').flatMap((line) => line.trim() || []);
    void change(() =>
      gateway().call('setFleetSite', { path, body: { zone: zone.trim(), quiet_hours, maintenance: windows } }),
    );
  };
  const isDisabled = isAtWork || refusal !== undefined;
  return (
    <Dialog title={s.title(site.id)} onClose={onClose}>
      <form className="stack" onSubmit={save}>
        <p>{s.effect}</p>
        <label className="fleet-field">
          {s.zone}
          <input required maxLength={64} value={zone} onChange={({ target }) => setZone(target.value)} />
        </label>
        <label className="fleet-field">
          {s.hours}
          <textarea rows={3} value={hours} spellCheck={false} onChange={({ target }) => setHours(target.value)} />
          <span className="soft">{s.hoursHelp}</span>
        </label>
        <MaintenanceWindows windows={windows} onChange={setWindows} />
        {error && <Failure error={error} />}
        <div className="row">
          <button type="submit" className="button primary" disabled={isDisabled}>
            {t.robot.save}
          </button>
          {site.zone && (
            <button
              type="button"
              className="button"
              disabled={isDisabled}
              onClick={() => void change(() => gateway().call('deleteFleetSite', { path }))}
            >
              {s.remove}
            </button>
          )}
          {refusal && <span className="soft">{refusal}</span>}
        </div>
      </form>
    </Dialog>
  );
}

interface MaintenanceWindowsProps {
  readonly windows: Windows;
  readonly onChange: (windows: Windows) => void;
}

/** The maintenance windows, each with a button that removes it, and fields for another one. */
function MaintenanceWindows({ windows, onChange }: MaintenanceWindowsProps) {
  const s = t.schedule;
  const [from, setFrom] = useState('');
  const [until, setUntil] = useState('');
  const [fromMs, untilMs] = [timeMs(from), timeMs(until)];
  const add = (): void => {
    if (fromMs === undefined || untilMs === undefined) return;
    onChange([...windows, { from: new Date(fromMs).toISOString(), until: new Date(untilMs).toISOString() }]);
    setFrom('');
    setUntil('');
  };
  return (
    <fieldset className="stack">
      <legend>{s.maintenance}</legend>
      {windows.map((window) => (
        <div key={`${window.from} ${window.until}`} className="spread">
          <span>
            <Time ms={timeMs(window.from)} /> – <Time ms={timeMs(window.until)} /> {window.note}
          </span>
          <button
            type="button"
            className="button fleet-row-action"
            onClick={() => onChange(windows.filter((each) => each !== window))}
          >
            {s.removeWindow}
          </button>
        </div>
      ))}
      <div className="row">
        <label className="fleet-field">
          {s.from}
          <input type="datetime-local" value={from} onChange={({ target }) => setFrom(target.value)} />
        </label>
        <label className="fleet-field">
          {s.until}
          <input type="datetime-local" value={until} onChange={({ target }) => setUntil(target.value)} />
        </label>
        <button
          type="button"
          className="button"
          disabled={fromMs === undefined || untilMs === undefined || untilMs <= fromMs}
          onClick={add}
        >
          {s.add}
        </button>
      </div>
    </fieldset>
  );
}
