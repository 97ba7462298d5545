import type { FleetGroup, FleetGroupSelector } from '@medkit/contract';
import { type FormEvent, useState } from 'react';
import { useRefusal } from '../access/use-disabled-reason.ts';
import { Dialog } from '../controls/dialog.tsx';
import { gateway, refetchRoutes, useRoute } from '../gateway/gateway.ts';
import { usePermission } from '../gateway/principal.ts';
import { Confirm } from '../regions/confirm.tsx';
import { Failure } from '../regions/failure.tsx';
import { changeSearch } from '../routes/location.ts';
import { type FleetFilter, selectorOf } from './fleet-filter.ts';
import { t } from './texts.ts';

interface SavedViewsProps {
  /** Name of the chosen group; empty for all robots. */
  readonly chosen: string;
  readonly filter: Omit<FleetFilter, 'count'>;
}

/** The groups of the hub as saved views: choose one, save the current filter as another, or delete one. */
export function SavedViews({ chosen, filter }: SavedViewsProps) {
  const groups = useRoute('listFleetGroups', {}).data?.items ?? [];
  const mayManage = usePermission('fleet.manage');
  const [open, setOpen] = useState<'save' | 'delete'>();
  const close = () => setOpen(undefined);
  const isFiltered = filter.site !== '' || filter.words.trim() !== '';
  if (groups.length === 0 && !(mayManage && isFiltered)) return null;
  return (
    <section className="row" aria-label={t.views.title}>
      <span className="soft">{t.views.title}</span>
      {groups.map(({ id }) => (
        <button
          key={id}
          type="button"
          className="button fleet-count"
          aria-pressed={chosen === id}
          onClick={() => changeSearch({ group: chosen === id ? undefined : id })}
        >
          {id}
        </button>
      ))}
      {mayManage && isFiltered && (
        <button type="button" className="button" onClick={() => setOpen('save')}>
          {t.views.save}
        </button>
      )}
      {mayManage && chosen !== '' && (
        <button type="button" className="button" onClick={() => setOpen('delete')}>
          {t.views.remove}
        </button>
      )}
      {open === 'save' && (
        <SaveView filter={filter} narrowed={groups.find(({ id }) => id === chosen)} onClose={close} />
      )}
      {open === 'delete' && (
        <Confirm
          title={t.views.removeTitle(chosen)}
          action={t.views.removeNow}
          onConfirm={async () => {
            await gateway().call('deleteFleetGroup', { path: { group: chosen } });
            changeSearch({ group: undefined });
            refetchRoutes(['listFleetGroups']);
          }}
          onClose={close}
        >
          <p>{t.views.removeEffect}</p>
        </Confirm>
      )}
    </section>
  );
}

interface SaveViewProps {
  readonly filter: SavedViewsProps['filter'];
  /** The chosen view, to which the filter is added. */
  readonly narrowed: FleetGroup | undefined;
  readonly onClose: () => void;
}

function SaveView({ filter, narrowed, onClose }: SaveViewProps) {
  const [name, setName] = useState('');
  const [error, setError] = useState<Error>();
  const refusal = useRefusal('fleet.manage');
  const selector = selectorOf(filter, narrowed);
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setError(undefined);
    try {
      const { id } = await gateway().call('createFleetGroup', { body: { id: name.trim(), ...selector } });
      refetchRoutes(['listFleetGroups']);
      changeSearch({ group: id, site: '', q: '' });
      onClose();
    } catch (failure) {
      setError(failure as Error);
    }
  };
  return (
    <Dialog title={t.views.saveTitle} onClose={onClose}>
      <form className="stack" onSubmit={(event) => void save(event)}>
        <p>{selector ? selectorText(selector) : t.views.tooManyWords}</p>
        <label className="fleet-field">
          {t.views.name}
          <input
            required
            maxLength={63}
            pattern="[a-z0-9][a-z0-9\-]*"
            autoCapitalize="none"
            value={name}
            onChange={({ target }) => setName(target.value)}
          />
          <span className="soft">{t.views.nameHelp}</span>
        </label>
        {error && <Failure error={error} />}
        <div className="row">
          <button type="submit" className="button primary" disabled={refusal !== undefined || !selector}>
            {t.views.saveNow}
          </button>
          {refusal && <span className="soft">{refusal}</span>}
        </div>
      </form>
    </Dialog>
  );
}

/** Describes a selector: `site berlin, model=amr-200`. */
const selectorText = ({ site, labels, version, q }: FleetGroupSelector): string =>
  [site && `${t.site} ${site}`, ...(labels ?? []), version && `${t.version} ${version}`, q && `${t.words} ${q}`]
    .filter(Boolean)
    .join(', ');
