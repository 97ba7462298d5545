import { type FormEvent, useState } from 'react';
import { Dialog } from '../controls/dialog.tsx';
import { useChange, useRoute } from '../gateway/gateway.ts';
import { useIsLost } from '../live/live-stream.ts';
import { formatSize } from '../recordings/format-size.ts';
import { Failure } from '../regions/failure.tsx';
import { texts } from '../texts/texts.ts';
import { languageOfFile, type ScriptEntity } from './script-facts.ts';
import { t } from './texts.ts';
import { isSchemaText, uploadForm } from './upload-form.ts';

interface UploadScriptProps {
  readonly onUploaded: (entity: ScriptEntity, script: string) => void;
  readonly onClose: () => void;
}

/** The dialog that uploads a script: file, entity, name, description and parameters. */
export function UploadScript({ onUploaded, onClose }: UploadScriptProps) {
  const [file, setFile] = useState<File>();
  const [place, setPlace] = useState('');
  const [input, setInput] = useState({ name: '', description: '', schema: '' });
  const upload = useChange('uploadScript', { touches: ['listAllScripts', 'listScripts'] });
  const isLost = useIsLost();
  const isSchema = isSchemaText(input.schema);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const [kind, id] = [place.slice(0, place.indexOf('/')), place.slice(place.indexOf('/') + 1)];
    if (!file || (kind !== 'app' && kind !== 'component')) return;
    const entity = { kind, id } as const;
    const made = await upload.mutateAsync({ entity, body: uploadForm(file, input) }).catch(() => undefined);
    if (!made) return;
    onClose();
    onUploaded(entity, made.id);
  };
  const change = (member: keyof typeof input) => (value: string) => setInput({ ...input, [member]: value });
  return (
    <Dialog title={t.upload} onClose={onClose} className="script-upload">
      <form className="stack" onSubmit={(event) => void submit(event)}>
        <label className="script-field">
          {t.file}
          <input
            type="file"
            accept=".sh,.bash,.py,text/x-shellscript,text/x-python"
            required
            onChange={({ target }) => setFile(target.files?.[0])}
          />
          <span className="soft">
            {file ? t.fileOf(formatSize(file.size), t.languages[languageOfFile(file.name)]) : t.fileHelp}
          </span>
        </label>
        <EntityField value={place} onChoose={setPlace} />
        <TextField
          label={t.displayName}
          help={t.displayNameHelp}
          value={input.name}
          most={256}
          onType={change('name')}
        />
        <TextField label={t.description} value={input.description} most={4096} onType={change('description')} />
        <label className="script-field">
          {t.schema}
          <textarea
            rows={4}
            spellCheck={false}
            className="mono"
            value={input.schema}
            maxLength={16_384}
            aria-invalid={!isSchema}
            placeholder={'{"type": "object", "properties": {"min_free_mb": {"type": "integer", "minimum": 1}}}'}
            onChange={({ target }) => change('schema')(target.value)}
          />
          <span className={isSchema ? 'soft' : 'form-problem'}>{isSchema ? t.schemaHelp : t.schemaInvalid}</span>
        </label>
        <p className="soft">{t.uploadEffect}</p>
        {upload.error && <Failure error={upload.error} />}
        <div className="row">
          <button
            type="submit"
            className="button primary"
            disabled={isLost || upload.isPending || !file || place === '' || !isSchema}
          >
            {upload.isPending ? t.uploading : t.uploadNow}
          </button>
          <button type="button" className="button" onClick={onClose}>
            {texts.controls.cancel}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

const MAX_NAME_CHARS = 80;

/** Chooses an app or a component. */
function EntityField({ value, onChoose }: { readonly value: string; readonly onChoose: (value: string) => void }) {
  const items = useRoute('getTree', {}).data?.items ?? [];
  return (
    <label className="script-field">
      {t.entity}
      <select value={value} required onChange={({ target }) => onChoose(target.value)}>
        <option value="">{t.chooseEntity}</option>
        {(['app', 'component'] as const).map((kind) => (
          <optgroup key={kind} label={t.kinds[kind]}>
            {items
              .filter(({ type }) => type === kind)
              .map(({ id, name }) => (
                <option key={id} value={`${kind}/${id}`}>
                  {name.slice(0, MAX_NAME_CHARS)}
                </option>
              ))}
          </optgroup>
        ))}
      </select>
    </label>
  );
}

interface TextFieldProps {
  readonly label: string;
  readonly help?: string;
  readonly value: string;
  readonly most: number;
  readonly onType: (value: string) => void;
}

function TextField({ label, help, value, most, onType }: TextFieldProps) {
  return (
    <label className="script-field">
      {label}
      <input
        value={value}
        maxLength={most}
        placeholder={help}
        autoComplete="off"
        onChange={({ target }) => onType(target.value)}
      />
    </label>
  );
}
