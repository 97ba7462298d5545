import { useId } from 'react';

interface ChoiceGroupProps<Choice extends string> {
  readonly label: string;
  /** Values with their labels. */
  readonly choices: readonly (readonly [Choice, string])[];
  readonly chosen: Choice;
  readonly onChoose: (choice: Choice) => void;
}

/** A group of radio buttons. */
export function ChoiceGroup<Choice extends string>({ label, choices, chosen, onChoose }: ChoiceGroupProps<Choice>) {
  const name = useId();
  return (
    <fieldset className="settings-choices">
      <legend>{label}</legend>
      {choices.map(([choice, text]) => (
        <label key={choice} className="settings-choice">
          <input
            type="radio"
            name={name}
            value={choice}
            checked={choice === chosen}
            onChange={() => onChoose(choice)}
          />
          {text}
        </label>
      ))}
    </fieldset>
  );
}
