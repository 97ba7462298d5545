import type { TreeItem } from '@medkit/contract';
import { type FormEvent, useRef, useState } from 'react';
import { useRefusal } from '../access/use-disabled-reason.ts';
import { Dialog } from '../controls/dialog.tsx';
import { refetchRoutes } from '../gateway/gateway.ts';
import { Failure } from '../regions/failure.tsx';
import { changeSearch } from '../routes/location.ts';
import { useUnsaved } from '../routes/unsaved.ts';
import { texts } from '../texts/texts.ts';
import { t } from './texts.ts';
import { uploadFile } from './upload-file.ts';

interface UploadDialogProps {
  readonly items: readonly TreeItem[];
  /** Categories that accept uploads. */
  readonly categories: readonly string[];
  readonly category: string;
  readonly onClose: () => void;
}

/** Uploads a file to an app or component of this gateway, and shows its progress. */
export function UploadDialog({ items, categories, category, onClose }: UploadDialogProps) {
  // Other gateways store their files themselves.
  const entities = items.filter(({ type, gateways }) => (type === 'app' || type === 'component') && !gateways?.length);
  const [share, setShare] = useState<number>();
  const [error, setError] = useState<Error>();
  const aborter = useRef<AbortController>(undefined);
  const refusal = useRefusal('files.write');
  const isAtWork = share !== undefined;
  useUnsaved(isAtWork);
  const send = async (form: FormData): Promise<void> => {
    const [kind, id = ''] = String(form.get('entity')).split(' ');
    const file = form.get('file');
    if (!(file instanceof File) || (kind !== 'app' && kind !== 'component')) return;
    const chosen = String(form.get('category'));
    aborter.current = new AbortController();
    setShare(0);
    setError(undefined);
    try {
      await uploadFile(
        { entity: { kind, id }, category: chosen, file, description: String(form.get('description') ?? '').trim() },
        { onProgress: setShare, signal: aborter.current.signal },
      );
      refetchRoutes(['listBulkDataDescriptors', 'getHealth']);
      changeSearch({ category: chosen, file: undefined });
      onClose();
    } catch (failure) {
      if ((failure as Error).name !== 'AbortError') setError(failure as Error);
    } finally {
      setShare(undefined);
    }
  };
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    void send(new FormData(event.currentTarget));
  };
  const close = (): void => {
    aborter.current?.abort();
    onClose();
  };
  return (
    <Dialog title={t.uploadTitle} onClose={close}>
      <form className="stack files-upload" onSubmit={submit}>
        <label className="stack">
          {t.file}
          <input type="file" name="file" required disabled={isAtWork} />
        </label>
        <label className="stack">
          {t.entity}
          <select name="entity" disabled={isAtWork}>
            {entities.map(({ type, id, name }) => (
              <option key={`${type} ${id}`} value={`${type} ${id}`}>
                {name} · {texts.kinds[type]}
              </option>
            ))}
          </select>
        </label>
        <label className="stack">
          {t.category}
          <select name="category" defaultValue={category} disabled={isAtWork}>
            {categories.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
        <label className="stack">
          {t.description}
          <input name="description" autoComplete="off" maxLength={1000} disabled={isAtWork} />
        </label>
        {share !== undefined && <Progress share={share} />}
        {error && <Failure error={error} />}
        <div className="row">
          {isAtWork ? (
            <button type="button" className="button" onClick={() => aborter.current?.abort()}>
              {t.cancel}
            </button>
          ) : (
            <button type="submit" className="button primary" title={refusal} disabled={refusal !== undefined}>
              {t.uploadNow}
            </button>
          )}
        </div>
      </form>
    </Dialog>
  );
}

function Progress({ share }: { readonly share: number }) {
  const percent = Math.floor(share * 100);
  const text = share >= 1 ? t.storing : t.sending(percent);
  return (
    <div className="stack" role="status">
      <progress max={1} value={share} aria-label={text} />
      <span className="soft number">{text}</span>
    </div>
  );
}
