import { type FormEvent, useState } from 'react';
import { Dialog } from '../controls/dialog.tsx';
import { useChange } from '../gateway/gateway.ts';
import { useIsLost } from '../live/live-stream.ts';
import { Failure } from '../regions/failure.tsx';
import { texts } from '../texts/texts.ts';
import { EntityChooser } from './entity-chooser.tsx';
import { type RegisterInput, registerRequest } from './registered-members.ts';
import { t } from './texts.ts';

/** What is known of the update: the members of an artifact, or empty texts. */
export type Registered = Pick<RegisterInput, 'id' | 'version' | 'artifact'>;

interface RegisterUpdateProps {
  readonly prefilled: Registered;
  readonly onRegistered: (id: string) => void;
  readonly onClose: () => void;
}

/** The dialog that registers an update. It changes nothing on the robot. */
export function RegisterUpdate({ prefilled, onRegistered, onClose }: RegisterUpdateProps) {
  const [input, setInput] = useState<RegisterInput>({
    ...{ name: '', sha256: '', components: [], isAutomated: false },
    ...prefilled,
  });
  const register = useChange('registerUpdate', { touches: ['listUpdates'] });
  const isLost = useIsLost();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const made = await register.mutateAsync({ body: registerRequest(input) }).catch(() => undefined);
    if (!made) return;
    onClose();
    onRegistered(made.id);
  };
  const field = (name: 'id' | 'name' | 'version' | 'artifact' | 'sha256') => ({
    value: input[name],
    autoComplete: 'off',
    spellCheck: false,
    onChange: ({ target }: { readonly target: { readonly value: string } }) =>
      setInput({ ...input, [name]: target.value }),
  });
  return (
    <Dialog title={prefilled.id === '' ? t.register : t.registerThis(prefilled.id)} onClose={onClose}>
      <form className="stack" onSubmit={(event) => void submit(event)}>
        <label className="update-field">
          {t.id}
          <input {...field('id')} required maxLength={200} pattern="[A-Za-z0-9_\-][A-Za-z0-9._\-]*" />
        </label>
        <div className="update-fields">
          <label className="update-field">
            {t.version}
            <input {...field('version')} placeholder={t.optional} />
          </label>
          <label className="update-field">
            {t.name}
            <input {...field('name')} placeholder={t.optional} />
          </label>
        </div>
        <EntityChooser chosen={input.components} onChoose={(components) => setInput({ ...input, components })} />
        <div className="update-fields">
          <label className="update-field">
            {t.folder}
            <input {...field('artifact')} placeholder={t.optional} />
          </label>
          <label className="update-field">
            {t.sha256}
            <input {...field('sha256')} placeholder={t.optional} className="mono" pattern="\s*[0-9A-Fa-f]{64}\s*" />
          </label>
        </div>
        <label className="row">
          <input
            type="checkbox"
            checked={input.isAutomated}
            onChange={({ target }) => setInput({ ...input, isAutomated: target.checked })}
          />
          {t.automated}
        </label>
        <p className="soft">
          {t.exactHelp} {t.registerEffect}
        </p>
        {register.error && <Failure error={register.error} />}
        <div className="row">
          <button type="submit" className="button primary" disabled={isLost || register.isPending || input.id === ''}>
            {register.isPending ? t.registering : t.registerNow}
          </button>
          <button type="button" className="button" onClick={onClose}>
            {texts.controls.cancel}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
