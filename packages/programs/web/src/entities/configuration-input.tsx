import { type Parameter, parameterField } from './parameter-field.ts';

interface ConfigurationInputProps {
  readonly id: string;
  readonly parameter: Parameter;
  readonly text: string;
  readonly isReadOnly: boolean;
  readonly isWrong: boolean;
  readonly onType: (text: string) => void;
}

/** An input that fits the type of the parameter. */
export function ConfigurationInput({ id, parameter, text, isReadOnly, isWrong, onType }: ConfigurationInputProps) {
  const { is } = parameterField(parameter);
  const common = { id, 'aria-invalid': isWrong, 'aria-describedby': `${id}-about` };
  if (is === 'flag') {
    return (
      <input
        {...common}
        type="checkbox"
        checked={text === 'true'}
        disabled={isReadOnly}
        onChange={(event) => onType(String(event.target.checked))}
      />
    );
  }
  const isNumber = is === 'number' || is === 'integer';
  return (
    <input
      {...common}
      className={isNumber ? 'number parameter-number' : is === 'json' ? 'mono' : ''}
      value={text}
      readOnly={isReadOnly}
      autoComplete="off"
      spellCheck={false}
      {...(isNumber && { inputMode: is === 'number' ? ('decimal' as const) : ('numeric' as const) })}
      onChange={(event) => onType(event.target.value)}
    />
  );
}
